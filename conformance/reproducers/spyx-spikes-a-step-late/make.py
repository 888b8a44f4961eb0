"""Spyx tests the v of the step before."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("spyx", "A neuron spikes for the v of the step before, subtracts the threshold, and reads neither r nor dt/tau.",
               lambda: reproduce.chain(reproduce.lif(v_threshold=1)), [0.75] * 8, show=("output.spikes", "node0.v"),
               explained_by="nir,gain=raw,spike-test=old,reset=subtract", place="src/spyx/nn.py:215")
