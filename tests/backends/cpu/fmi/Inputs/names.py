"""names.py FILE.nir: a network whose nodes have names that XML, C or FMI cannot take as they are."""
import sys

import h5py
import numpy as np

NAMES = {"Eingang_ä": "Input", "two\nlines": "LIF", '<out> & "神経"': "Output", "time": "Output"}
EDGES = [("Eingang_ä", "two\nlines"), ("two\nlines", '<out> & "神経"'), ("two\nlines", "time")]

with h5py.File(sys.argv[1], "w") as file:
    file.create_dataset("version", data="1.0.8", dtype=h5py.string_dtype())
    graph = file.create_group("node")
    graph.create_dataset("type", data="NIRGraph", dtype=h5py.string_dtype())
    graph.create_dataset("edges", data=np.array(EDGES, dtype=h5py.string_dtype()))
    for name, kind in NAMES.items():
        node = graph.create_group("nodes/" + name)
        node.create_dataset("type", data=kind, dtype=h5py.string_dtype())
        if kind == "LIF":
            for parameter, value in {"tau": 0.01, "r": 1.0, "v_leak": 0.0, "v_threshold": 1.0, "v_reset": 0.0}.items():
                node.create_dataset(parameter, data=np.full(3, value, np.float32))
        else:
            node.create_dataset("shape", data=np.array([3], np.int64))
