"""Norse leaves out r."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("norse", "Norse reads r of a LIF as 1, with a warning.", lambda: reproduce.chain(reproduce.lif(r=2)), [1] * 8,
               show=("output.spikes", "node0.v"), explained_by="nir,ignore=r", place="norse/torch/utils/import_nir.py:143-153")
