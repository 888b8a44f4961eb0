"""SpikingJelly starts at v_reset."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("spikingjelly", "In SpikingJelly v is v_reset before the first step.",
               lambda: reproduce.chain(reproduce.lif(v_reset=0.125, v_leak=0.125, tau=0.008)), [0.5] * 6,
               show=("output.spikes", "node0.v"), explained_by="nir,start=v_reset",
               place="spikingjelly/activation_based/neuron/base_node.py:353")
