"""Sinabs cannot import a Conv1d."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402


def graph():
    import nir
    import numpy as np
    ones = np.ones((1, 1, 2), np.float32)
    conv = nir.Conv1d(input_shape=4, weight=ones, stride=1, padding=0, dilation=1, groups=1, bias=np.zeros(1, np.float32))
    return reproduce.chain(conv, size=(1, 4), out=(1, 3))


reproduce.main("sinabs", "The importer calls detach() of an array of NumPy.", graph, [[1, 2, 3, 4]] * 2, show=("output.value",),
               place="sinabs/nir.py:49-50: node.weight.detach()")
