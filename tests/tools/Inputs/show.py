"""Shows a .npy or .nird file in a few lines; --stack IN OUT makes a batch of IN and zeros,
--cut IN STEPS OUT keeps the first steps."""
import sys

import h5py
import numpy as np

if sys.argv[1] == "--stack":
    array = np.load(sys.argv[2])
    np.save(sys.argv[3], np.stack([array, np.zeros_like(array)]))
elif sys.argv[1] == "--cut":
    np.save(sys.argv[4], np.load(sys.argv[2])[: int(sys.argv[3])])
elif sys.argv[1].endswith(".npy"):
    array = np.load(sys.argv[1])
    print(array.dtype, array.shape)
    print(*np.flatnonzero(array))
else:
    with h5py.File(sys.argv[1]) as file:
        for key, value in sorted(file.attrs.items()):
            print(key, value.decode() if isinstance(value, bytes) else value)
