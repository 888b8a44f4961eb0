"""Labelled samples in several forms, all of the same four pixels: sample_sets.py FOLDER. Each sample has one pixel that is
brightest, and its label is that pixel, but for every fourth sample, whose label is the next one. A network that names the
brightest is right for three of four."""
import gzip
import os
import struct
import sys

import h5py
import numpy as np

SAMPLES, STEPS, CLASSES = 12, 6, 4

os.chdir(sys.argv[1])
random = np.random.default_rng(3)
bright = np.arange(SAMPLES) % CLASSES
labels = np.where(np.arange(SAMPLES) % 4 == 3, (bright + 1) % CLASSES, bright)
values = np.full((SAMPLES, CLASSES), 0.125, np.float32)
values[np.arange(SAMPLES), bright] = 1
spikes = np.repeat(values[:, None] == 1, STEPS, axis=1).astype(np.uint8)  # [B, T, N]
np.save("btn.npy", spikes)
np.save("tbn.npy", spikes.swapaxes(0, 1))
np.save("values.npy", values)
np.save("bytes.npy", (values * 255).astype(np.uint8))
np.save("y.npy", labels)
np.savez("test.npz", x=spikes, y=labels)
np.savetxt("y.csv", np.stack([np.arange(SAMPLES), labels], 1), "%d", delimiter=",", header="sample,class", comments="")
np.save("square.npy", np.zeros((SAMPLES, SAMPLES, CLASSES), np.uint8))
for i in range(SAMPLES):
    for folder, name in ((f"classes/{labels[i]}", f"{i}.npy"), ("named", f"{labels[i]}_{i}.npy"),
                         (f"words/{['ant', 'bee', 'cat', 'dog'][labels[i]]}", f"{i}.npy"), ("plain", f"{i}.npy")):
        os.makedirs(folder, exist_ok=True)
        np.save(f"{folder}/{name}", spikes[i, : STEPS - i % 3])
for name, shd_labels in (("shd.h5", labels.astype(np.uint16)), ("silent.h5", labels), ("negative.h5", labels - 2), ("far.h5", labels - 10**8),
                         ("huge.h5", np.full(SAMPLES, 2**64 - 1, np.uint64))):
    with h5py.File(name, "w") as file:
        for part, rows, kind in (("times", [np.arange(STEPS) * 0.001 + 0.0005] * SAMPLES, np.float32),
                                 ("units", [np.full(STEPS, b) for b in bright], np.uint16)):
            file.create_dataset(f"spikes/{part}", (SAMPLES,), h5py.vlen_dtype(kind))
            for i, row in enumerate(rows):
                file[f"spikes/{part}"][i] = row.astype(kind)[: 0 if name == "silent.h5" and i == 11 else STEPS]
        file["labels"] = shd_labels
with gzip.open("bomb.gz", "wb") as file:  # a head that says 20 labels, and 64 MiB behind it
    file.write(struct.pack(">BBBBI", 0, 0, 8, 1, 20) + bytes(64 << 20))
