"""snnTorch makes a leaky neuron of an IF."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("snntorch", "An IF becomes a Leaky with beta 0.9 and init_hidden=False: it would leak, and its layer returns a pair, on which "
               "the network breaks.", lambda: reproduce.chain(reproduce.integrate_and_fire()), [1] * 6,
               place="snntorch/import_nir.py:234-239")
