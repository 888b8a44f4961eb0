"""snnTorch turns the threshold of a CubaLIF with a negative w_in around."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("snntorch", "The threshold is divided by w_in dt/tau_syn and the input is not multiplied by it. With w_in < 0 the threshold is "
               "negative: a neuron that is inhibited, or left alone, spikes.",
               lambda: reproduce.chain(reproduce.cuba(w_in=-1, r=10)), [0, 0, 1, 1, 0, 0], place="snntorch/import_nir.py:288-293")
