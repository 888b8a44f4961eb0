"""Writes twins.nir, two LIF that inhibit each other, renamed.nir, the same where 'a' is called 'c' and its Output 'z', and x.npy."""

import h5py
import numpy as np


def save(name, first, second, output):
    with h5py.File(name, "w") as file:
        file["version"] = "1.0.8"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        edges = [("in", first), ("in", second), (first, first + second), (first + second, second)]
        edges += [(second, second + first), (second + first, first), (first, "x"), (second, "y")]
        edges += [("x", output), ("y", "out")]
        graph.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
        for port, kind in (("in", "Input"), (output, "Output"), ("out", "Output")):
            graph[f"nodes/{port}/type"] = kind
            graph[f"nodes/{port}/shape"] = np.array([1])
        for node, weight in (("x", 1.0), ("y", 2.0), (first + second, -1.0), (second + first, -1.0)):
            graph[f"nodes/{node}/type"] = "Linear"
            graph[f"nodes/{node}/weight"] = np.array([[weight]])
        for node in (first, second):
            graph[f"nodes/{node}/type"] = "LIF"
            values = {"tau": 0.002, "r": 1.0, "v_leak": 0.0, "v_reset": 0.0, "v_threshold": 0.6}
            for parameter, value in values.items():
                graph[f"nodes/{node}/{parameter}"] = np.array([value])


save("twins.nir", "a", "b", "also")
save("renamed.nir", "c", "b", "z")
np.save("x.npy", np.array([[1.3], [1.3], [0.2], [0.0], [0.9], [1.5], [0.0], [1.4]], dtype=np.float32))
