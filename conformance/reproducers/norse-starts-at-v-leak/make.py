"""Norse starts at v_leak."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("norse", "In Norse v is v_leak before the first step.", lambda: reproduce.chain(reproduce.lif(v_leak=0.2)), [0.5] * 6,
               show=("output.spikes", "node0.v"), explained_by="nir,start=v_leak",
               place="norse/torch/module/lif_box.py:47")
