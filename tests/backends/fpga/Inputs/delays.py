#!/usr/bin/env python3
"""Writes a network in which events are delayed by the same steps and by steps of their own.

    delays.py FILE [LINE [RING [NAME]]]

LINE steps of 1 ms all alike, 1, RING and 0 by element, and NAME for the neurons before both.
"""
import sys

import h5py
import numpy as np

line, ring = (float(steps) for steps in (*sys.argv[2:4], *("2", "3")[len(sys.argv[2:4]):]))
neurons = (sys.argv[4:] or ["neurons"])[0]
ones = np.ones(3)
lif = {"type": "LIF", "tau": 0.02 * ones, "r": ones, "v_leak": 0 * ones, "v_threshold": 0.05 * ones, "v_reset": 0 * ones}
nodes = {
    "in": {"type": "Input", "shape": np.array([3])},
    "weights": {"type": "Linear", "weight": 0.9 * np.eye(3)},
    neurons: lif,
    "line": {"type": "Delay", "delay": 0.001 * line * ones},
    "ring": {"type": "Delay", "delay": 0.001 * np.array([1.0, ring, 0.0])},
    "out": {"type": "Output", "shape": np.array([3])},
    "late": {"type": "Output", "shape": np.array([3])},
}
with h5py.File(sys.argv[1], "w") as file:
    file["version"] = "1.0.8"
    graph = file.create_group("node")
    graph["type"] = "NIRGraph"
    graph["edges"] = [["in", "weights"], ["weights", neurons], [neurons, "line"], ["line", "out"], [neurons, "ring"],
                      ["ring", "late"]]
    for name, node in nodes.items():
        group = graph.create_group(f"nodes/{name}")
        for key, value in node.items():
            group[key] = value
