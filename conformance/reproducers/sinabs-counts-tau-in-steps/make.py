"""Sinabs reads time constants as numbers of steps."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("sinabs", "A tau of 10 ms is read as 0.01 steps: nothing stays of v from step to step.",
               lambda: reproduce.chain(reproduce.lif(tau=0.01)), [0.125] * 8, show=("output.spikes", "node0.v"), explained_by="sinabs", as_dt=1.0,
               extra=("--as-is",),
               place="sinabs/nir.py:101: tau_mem=node.tau")
