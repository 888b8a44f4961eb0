"""Sinabs leaves out r and the gain of a LIF."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("sinabs", "Sinabs adds the input to v as it is: neither r nor 1 - exp(-dt/tau) is read. Of a LI it refuses r other than 1.",
               lambda: reproduce.chain(reproduce.lif(r=2, tau=0.01)), [0.0625] * 10, show=("output.spikes", "node0.v"),
               explained_by="nir,integrator=exp-euler,gain=raw,spike-when=ge,spikes-per-step=multi,reset=subtract,ignore=r",
               place="sinabs/nir.py:94-108")
