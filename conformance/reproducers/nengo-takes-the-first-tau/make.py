"""The Nengo importer gives all neurons of a layer the tau of its first."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402

reproduce.main("nengo", "tau of a LIF is read of the first neuron alone; for CubaLIF the same file asserts that they are equal.",
               lambda: reproduce.chain(reproduce.lif(2, tau=[0.01, 0.1]), size=2), [[1, 1]] * 8,
               place="paper/03_rnn/nir_to_nengo.py:39: tau_rc=obj.tau[0]")
