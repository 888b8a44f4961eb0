"""Spyx leaves out nodes that it does not know."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402


def graph():
    import nir
    import numpy as np
    return reproduce.chain(nir.Scale(np.full(1, 4, np.float32)), reproduce.integrate_and_fire(v_threshold=2.5))


reproduce.main("spyx", "The importer has no Scale, Delay, Threshold or I. It returns None for them, and the network runs without the node and "
               "without a word.", graph, [1] * 6, place="src/spyx/nir.py:161-245: return None")
