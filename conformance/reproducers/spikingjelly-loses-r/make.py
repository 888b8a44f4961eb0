"""SpikingJelly loses an r that is neither 1 nor tau."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("spikingjelly", "r = 2 is neither 1 nor tau/dt: the importer takes decay_input=False, which is r = tau/dt, without a word.",
               lambda: reproduce.chain(reproduce.lif(r=2, tau=0.008)), [0.0625] * 8, show=("output.spikes", "node0.v"),
               explained_by="nir,gain=raw,spike-when=ge",
               place="spikingjelly/activation_based/nir_exchange/from_nir.py:123")
