"""Writes a copy of a .nir file whose time constants are FACTOR times as long. usage: times.py FROM FACTOR TO"""

import shutil
import sys

import h5py

shutil.copy(sys.argv[1], sys.argv[3])
with h5py.File(sys.argv[3], "r+") as file:
    def scale(name, item):
        if name.rsplit("/", 1)[-1].startswith("tau"):
            item[...] = (item[()].astype("float64") * float(sys.argv[2])).astype(item.dtype)

    file.visititems(scale)
