"""Writes little IDX files: idx.py FOLDER makes images of 4 pixels and labels, a file compressed, and damaged ones.

Image i has its one bright pixel at i % 4, but for the last image, which is dark; labels are those pixels, but for image 5.
"""
import gzip
import pathlib
import struct
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def idx(array, kind=8):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + array.tobytes()


count = 9
images = np.zeros((count, 2, 2), np.uint8)
for i in range(count - 1):
    images[i].flat[i % 4] = 255
labels = np.arange(count, dtype=np.uint8) % 4
labels[5] = 0
(folder / "images").write_bytes(idx(images))
(folder / "images.gz").write_bytes(gzip.compress(idx(images), mtime=0))
(folder / "labels").write_bytes(idx(labels))
(folder / "short").write_bytes(idx(images)[:-1])
(folder / "torn.gz").write_bytes(gzip.compress(idx(images), mtime=0)[:-6])
(folder / "floats").write_bytes(idx(images, 13))
(folder / "fewer").write_bytes(idx(labels[:-1]))
(folder / "beyond").write_bytes(idx(labels + 1))
(folder / "wide").write_bytes(idx(images.reshape(count, 1, 4).repeat(2, 1)))
