"""Writes mv.nir, a network in numbers of mV, volts.nir, one that is reset to 0, and x.npy, 10 steps without input."""

import h5py
import numpy as np


def save(name, leak, reset, threshold):
    with h5py.File(name, "w") as file:
        file["version"] = "1.0.8"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        edges = [("input", "lif"), ("lif", "output")]
        graph.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
        for port, kind in (("input", "Input"), ("output", "Output")):
            graph[f"nodes/{port}/type"] = kind
            graph[f"nodes/{port}/shape"] = np.array([2])
        graph["nodes/lif/type"] = "LIF"
        values = {"tau": 0.01, "r": 1.0, "v_leak": leak, "v_reset": reset, "v_threshold": threshold}
        for parameter, value in values.items():
            graph[f"nodes/lif/{parameter}"] = np.full(2, value)


save("mv.nir", -65.0, -60.0, -50.0)
save("volts.nir", 0.5, 0.0, 1.0)
np.save("x.npy", np.zeros((10, 2), dtype=np.float32))
with open("cpu.txt", "w") as file:
    v = np.float32(-60)
    keep, leak = np.float32(0.9), np.float32(-6.5)
    for _ in range(10):
        v = keep * v + leak
        file.write(f"{v:.6f}\n")
