"""Writes names.nir, whose nodes are called as C cannot call anything."""
import h5py
import numpy as np

SHAPE = np.array([2])
LIF = {"type": "LIF", "tau": np.full(2, 0.01), "r": np.ones(2), "v_leak": np.zeros(2), "v_threshold": np.ones(2), "v_reset": np.zeros(2)}
OUTPUT = {"type": "Output", "shape": SHAPE}
NODES = {"a.b": {"type": "Input", "shape": SHAPE}, "1fc": LIF, "int": OUTPUT, "net": OUTPUT, "a-b": OUTPUT}

with h5py.File("names.nir", "w") as file:
    file["version"] = "1.0.8"
    graph = file.create_group("node")
    graph["type"] = "NIRGraph"
    edges = [["a.b", "1fc"], ["1fc", "int"], ["1fc", "net"], ["1fc", "a-b"]]
    graph.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
    for node, parameters in NODES.items():
        for name, value in parameters.items():
            graph[f"nodes/{node}/{name}"] = value
