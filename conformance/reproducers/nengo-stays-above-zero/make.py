"""In Nengo v does not fall below 0."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("nengo", "v of nengo.LIF is clipped at 0 from below, and decays exponentially.",
               lambda: reproduce.chain(reproduce.lif()), [-2, -2, 1, 1, 1, 1, 1, 1], explained_by="nir,integrator=exp-euler,floor=0",
               place="nengo/neurons.py:657: min_voltage=0")
