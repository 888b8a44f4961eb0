"""Norse gives v_leak of a CubaLIF to its synapse, too."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("norse", "Norse lets the synaptic current of a CubaLIF relax to v_leak, and start there.",
               lambda: reproduce.chain(reproduce.cuba(v_leak=0.1)), [0] * 6, show=("output.spikes", "node0.v", "node0.i"),
               place="norse/torch/utils/import_nir.py:123: v_leak=_to_tensor(node.v_leak) of the LIBoxCell")
