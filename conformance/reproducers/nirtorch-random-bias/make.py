"""NIRTorch gives an Affine a random bias."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402


def graph():
    import nir
    import numpy as np
    return reproduce.chain(nir.Affine(np.ones((1, 1), np.float32), np.full(1, 0.5, np.float32)))


reproduce.main("nirtorch", "The default mapping of Affine sets module.weight.bias instead of module.bias: the layer keeps the bias that PyTorch "
               "draws at random, and gives other numbers in each run.", graph, [1] * 4, show=("output.value",),
               place="nirtorch/nir_interpreter.py:22: module.weight.bias")
