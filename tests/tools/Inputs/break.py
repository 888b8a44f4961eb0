"""Copies a .nir file and makes the first tau of the node lif1 negative."""
import shutil
import sys

import h5py

shutil.copy(sys.argv[1], sys.argv[2])
with h5py.File(sys.argv[2], "r+") as file:
    file["node/nodes/lif1/tau"][0] = -1
