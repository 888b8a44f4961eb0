"""thresholds.py MODEL LOWER VALUE EACH: MODEL with VALUE as every threshold, and with thresholds of its neurons' own."""
import shutil
import sys

import h5py
import numpy

model, lower, value, each = sys.argv[1:]
for path, change in ((lower, lambda old: numpy.full_like(old, float(value))),
                     (each, lambda old: old + numpy.arange(old.size, dtype=old.dtype).reshape(old.shape) / 64)):
    shutil.copy(model, path)
    with h5py.File(path, "r+") as file:
        for node in file["node/nodes"].values():
            if "v_threshold" in node:
                node["v_threshold"][...] = change(node["v_threshold"][...])
