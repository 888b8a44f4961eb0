"""The numbers of a .npy file as a compiled network reads and prints them.

    steps.py text X.npy X.txt     writes a line a step
    steps.py same GOT.txt X.npy   fails where the numbers differ
"""
import sys

import numpy

what, first, second = sys.argv[1:]


def lines(path):
    array = numpy.load(path)
    return array.reshape(len(array), -1).astype(float)


if what == "text":
    numpy.savetxt(second, lines(first), fmt="%.17g")
else:
    got, want = numpy.loadtxt(first, ndmin=2), lines(second)
    if got.shape != want.shape or not (got == want).all():
        sys.exit(f"{first} is not {second}: {got.shape} {want.shape}")
    print(f"{want.sum():g} in {len(want)} steps")
