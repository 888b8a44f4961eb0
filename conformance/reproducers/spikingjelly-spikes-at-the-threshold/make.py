"""SpikingJelly spikes where v is the threshold."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("spikingjelly", "SpikingJelly tests v >= v_threshold.",
               lambda: reproduce.chain(reproduce.lif(tau=0.015625, v_threshold=0.125)), [2, 0, 2, 0, 2, 0], dt=2.0**-10,
               show=("output.spikes", "node0.v"), explained_by="nir,spike-when=ge",
               place="spikingjelly/activation_based/surrogate.py:12: heaviside")
