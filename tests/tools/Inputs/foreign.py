"""Writes, into the current folder, files that are no models, one model, and inputs for it."""

import gzip
import os
import pickle
import zipfile

import h5py
import numpy as np

with h5py.File("whole.nir", "w") as file:
    file["version"] = "1.0.8"
    graph = file.create_group("node")
    graph["type"] = "NIRGraph"
    graph.create_dataset("edges", data=np.array([("in", "n"), ("n", "out")], dtype=object), dtype=h5py.string_dtype())
    for name, parameters in {"in": {"type": "Input", "shape": np.array([1])},
                             "n": {"type": "LI", "tau": np.full(1, 0.01), "r": np.ones(1), "v_leak": np.zeros(1)},
                             "out": {"type": "Output", "shape": np.array([1])}}.items():
        group = graph.create_group("nodes/" + name)
        for parameter, value in parameters.items():
            group[parameter] = value
with open("whole.nir", "rb") as file:
    whole = file.read()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


write("half.nir", whole[:1000])
write("empty.nir", b"")
write("packed.nir", gzip.compress(whole))
write("lfs.nir", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")
write("annex.nir", b"/annex/objects/SHA256E-s12345--4d7a.nir\n")
write("old.pt", pickle.dumps({"weight": [1.0]}, protocol=2))
write("model.onnx", b"\x08\x07\x12\x07pytorch\x1a\x052.1.0")
with zipfile.ZipFile("model.pt", "w") as archive:
    archive.writestr("archive/data.pkl", pickle.dumps({}))
np.save("x.npy", np.zeros((100, 1)))
np.savez("x.npz", x=np.zeros((100, 1)))
np.save("tbn.npy", np.zeros((100, 1, 1)))
os.mkdir("folder")
for name in ("s10", "s2", "s1", "s02", "sa", "s010"):
    np.save(f"folder/{name}.npy", np.zeros((5, 1)))
