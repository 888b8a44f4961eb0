"""NIR's own library refuses a kernel that is no square."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import reproduce  # noqa: E402


def graph():
    import nir
    import numpy as np
    conv = nir.Conv2d(input_shape=(2, 4), weight=np.ones((1, 1, 1, 3), np.float32), stride=1, padding=0, dilation=1, groups=1,
                      bias=np.zeros(1, np.float32))
    names = {"input": nir.Input(np.array([1, 2, 4])), "node0": conv, "output": nir.Output(np.array([1, 2, 2]))}
    return nir.NIRGraph(names, [("input", "node0"), ("node0", "output")], type_check=False)


reproduce.main("nirtorch", "The shape behind a Conv2d is found with the kernel's first length in both directions, so nir.read refuses a sound "
               "file; type_check=False leaves out the check. The same for groups: conv.py:129 takes weight.shape[1] as the channels.", graph,
               [[1, 2, 3, 4, 5, 6, 7, 8]] * 2, show=("output.value",), place="nir/ir/conv.py:135: self.weight.shape[2]")
