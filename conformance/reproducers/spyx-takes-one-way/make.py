"""Spyx follows one edge out of each node."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402


def graph():
    import nir
    import numpy as np
    made = reproduce.chain(nir.Linear(np.ones((1, 1), np.float32)), reproduce.integrate_and_fire(v_threshold=2))
    made.edges.append(("input", "node1"))  # u of the neuron is twice the input
    return nir.NIRGraph(made.nodes, made.edges)


reproduce.main("spyx", "Spyx walks from \"input\" along the first edge out of each node: a second way, as of a skip connection, is lost "
               "without a word.", graph, [1] * 6, place="src/spyx/nir.py:259-272: _find_tuple_with_first_element")
