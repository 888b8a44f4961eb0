"""NIRTorch pools without padding."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402


def graph():
    import nir
    import numpy as np
    pool = nir.SumPool2d(kernel_size=np.array([2, 2]), stride=np.array([2, 2]), padding=np.array([1, 1]))
    return reproduce.chain(pool, size=(1, 2, 2), out=(1, 2, 2))


reproduce.main("nirtorch", "The default mapping of SumPool2d, which snnTorch and SpikingJelly use, leaves out the padding; the output has "
               "another shape.", graph, [[1, 2, 3, 4]] * 2, show=("output.value",), place="nirtorch/nir_interpreter.py:80-90")
