"""Writes outlier.nir, weak.nir, faint.nir and thresholds.nir, networks whose numbers are far apart, and inputs for them."""

import h5py
import numpy as np


def save(name, size, neurons, weights, thresholds):
    with h5py.File(name, "w") as file:
        file["version"] = "1.0.8"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        edges = [edge for node in weights for edge in (("in", node), (node, "lif"))] + [("lif", "out")]
        graph.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
        for port, kind, shape in (("in", "Input", size), ("out", "Output", neurons)):
            graph[f"nodes/{port}/type"] = kind
            graph[f"nodes/{port}/shape"] = np.array([shape])
        for node, weight in weights.items():
            graph[f"nodes/{node}/type"] = "Linear"
            graph[f"nodes/{node}/weight"] = np.array(weight, dtype=np.float64)
        graph["nodes/lif/type"] = "LIF"
        values = {"tau": 0.01, "r": 1.0, "v_leak": 0.0, "v_reset": 0.0, "v_threshold": thresholds}
        for parameter, value in values.items():
            graph[f"nodes/lif/{parameter}"] = np.broadcast_to(np.array(value, dtype=np.float64), neurons).copy()


save("outlier.nir", 40, 1, {"fc": [[40.0] + 39 * [0.01]]}, 1.0)
save("weak.nir", 1, 1, {"strong": [[100.0]], "weak": [[0.1]]}, 15.0)
save("faint.nir", 1, 1, {"strong": [[100.0]], "weak": [[0.0001]]}, 15.0)
save("thresholds.nir", 1, 2, {"fc": [[1000.0], [1000.0]]}, [1000.0, 0.0001])
np.save("x40.npy", np.ones((10, 40), dtype=np.float32))
np.save("x1.npy", (np.arange(30) % 3 == 0).astype(np.float32).reshape(30, 1))
