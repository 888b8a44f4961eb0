"""The Nengo importer sends 1/dt for a spike of a LIF."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("nengo", "A LIF is built with nengo.LIF's amplitude of 1, a spike of 1/dt; CubaLIF and IF have the amplitude dt. So what "
               "follows a LIF gets 1000 for a spike at 1 ms.",
               lambda: reproduce.chain(reproduce.lif(v_threshold=0.09), reproduce.integrate_and_fire(v_threshold=4000)), [1] * 9,
               show=("output.spikes", "node0.spikes", "node1.v"),
               place="paper/03_rnn/nir_to_nengo.py:38-42: no amplitude")
