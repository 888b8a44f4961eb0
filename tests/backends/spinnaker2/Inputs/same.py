"""same.py WANT.npz GOT.npz [NAME...]: checks that all arrays, or those named, are equal to the last bit. ~NAME allows a few
units in the last place: for v driven by two currents that are rounded separately.
"""
import sys

import numpy as np

want, got = np.load(sys.argv[1]), np.load(sys.argv[2])
if not sys.argv[3:] and sorted(want.files) != sorted(got.files):
    sys.exit(f"has {got.files}, expected {want.files}")
for name in sys.argv[3:] or want.files:
    is_close, name = name.startswith("~"), name.removeprefix("~")
    w, g = want[name], got[name]
    if (w.shape, w.dtype) != (g.shape, g.dtype):
        sys.exit(f"{name}: {g.dtype} {g.shape}, expected {w.dtype} {w.shape}")
    differs = np.abs(g - w) > 4e-7 * np.abs(w).max() if is_close else g != w
    if differs.any():
        sys.exit(f"{name}: differs {differs.sum()} times, first at {np.argwhere(differs)[0]}")
    print(f"{name}: {'close' if is_close else 'same'}" + (f", spikes: {w.sum()}" if w.dtype == np.uint8 else ""))
