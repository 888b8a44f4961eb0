"""snnTorch takes dt as 1e-4."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("snntorch", "import_from_nir takes dt as 1e-4, whatever the step of the data is, and has no option for it.",
               lambda: reproduce.chain(reproduce.lif(r=10)), [1] * 12, dt=1e-3, explained_by="snntorch", as_dt=1e-4, extra=("--as-is",),
               place="snntorch/import_nir.py:243, 279, 325, 384: dt = 1e-4")
