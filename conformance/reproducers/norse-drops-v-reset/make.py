"""Norse leaves out v_reset."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("norse", "Norse resets to 0, not to v_reset, and does not say so.",
               lambda: reproduce.chain(reproduce.lif(v_reset=0.125)), [1] * 8, show=("output.spikes", "node0.v"),
               explained_by="nir,ignore=v_reset", place="norse/torch/utils/import_nir.py:146-153: no v_reset")
