"""snnTorch leaves out v_reset."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("snntorch", "snnTorch resets to 0, not to v_reset, and does not say so.",
               lambda: reproduce.chain(reproduce.lif(r=10, v_reset=0.125)), [0.125] * 12, explained_by="nir,ignore=v_reset",
               place='snntorch/import_nir.py:267-273: reset_mechanism="zero"')
