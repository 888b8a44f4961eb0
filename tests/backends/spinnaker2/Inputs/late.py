"""Input, Linear, LIF, Linear and an LI whose v_leak is not 0."""
import h5py
import numpy as np

size, each = 2, np.ones(2)
nodes = {"in": {"type": "Input", "shape": np.array([size])}, "f": {"type": "Linear", "weight": np.eye(size)},
         "a": {"type": "LIF", "tau": 0.01 * each, "r": 10 * each, "v_leak": 0 * each, "v_threshold": each, "v_reset": 0 * each},
         "f2": {"type": "Linear", "weight": np.eye(size)}, "ro": {"type": "LI", "tau": 0.01 * each, "r": each, "v_leak": 0.7 * each},
         "o": {"type": "Output", "shape": np.array([size])}}
with h5py.File("late.nir", "w") as file:
    file["version"] = "1.0.8"
    root = file.create_group("node")
    root["type"] = "NIRGraph"
    for node, fields in nodes.items():
        group = root.create_group(f"nodes/{node}")
        for key, value in fields.items():
            group[key] = value
    root["edges"] = [["in", "f"], ["f", "a"], ["a", "f2"], ["f2", "ro"], ["ro", "o"]]
np.save("late.npy", np.ones((12, size), "uint8"))
