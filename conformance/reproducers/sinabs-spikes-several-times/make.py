"""Sinabs sends several spikes a step, and subtracts for each."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("sinabs", "A step can have several spikes, each of which subtracts the threshold; v at the threshold spikes.",
               lambda: reproduce.chain(reproduce.integrate_and_fire(v_threshold=1)), [2.5, 0.5, 1, 0, -3, 2],
               show=("output.spikes", "node0.v"),
               explained_by="nir,spike-when=ge,spikes-per-step=multi,reset=subtract,floor=-threshold",
               place="sinabs/nir.py:87-93: IAFSqueeze with its defaults")
