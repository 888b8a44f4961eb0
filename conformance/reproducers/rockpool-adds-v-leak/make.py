"""Rockpool adds v_leak to v in every step."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

# r such that the importer's dt is the 1 ms of the input.
reproduce.main("rockpool", "v_leak becomes a bias that is added to v in every step: v rests at v_leak/(1 - exp(-dt/tau_mem)), not at v_leak.",
               lambda: reproduce.chain(reproduce.cuba(v_threshold=0.5, v_leak=0.125, r=9)), [0] * 8,
               place="rockpool/nn/modules/torch/nir.py:135: bias=_to_tensor(node.v_leak)")
