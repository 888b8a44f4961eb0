"""Saves a .npy file of spikes [T, n] or [batch, T, n] as other programs do.

    saved.py float|swapped|late|short|csv|events X.npy TO

float: float32; swapped: that as [T, batch, n]; late: that a step late; short: that without the first step; csv: a table of
the first sample; events: a list of sample, time (s, dt 1 ms, through float32) and neuron.
"""
import sys

import numpy

form, source, target = sys.argv[1:]
array = numpy.load(source).astype("float32")
steps = array.ndim - 2
if form == "swapped":
    array = array.swapaxes(0, 1)
elif form == "late":
    array = numpy.roll(array, 1, steps)
    array[(slice(None),) * steps + (0,)] = 0
elif form == "short":
    array = numpy.delete(array, 0, steps)
if form == "csv":
    numpy.savetxt(target, array if array.ndim == 2 else array[0], fmt="%g", delimiter=",")
elif form == "events":
    batch = array if array.ndim == 3 else array[None]
    with open(target, "w") as file:
        file.write("sample,time,neuron\n")
        for sample, step, neuron in zip(*batch.nonzero()):
            file.write(f"{sample},{numpy.float32(step * 1e-3)},{neuron}\n")
else:
    with open(target, "wb") as file:
        numpy.save(file, array)
