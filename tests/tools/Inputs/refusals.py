"""Writes files whose refusals should name a cause that one can act on: refusals.py FOLDER."""
import os
import sys

import h5py
import numpy as np


def port(kind, *shape):
    return {"type": kind, "shape": np.array(shape)}


def lif(count):
    return {"type": "LIF", "tau": np.full(count, 0.01), "r": np.ones(count), "v_leak": np.zeros(count),
            "v_threshold": np.ones(count), "v_reset": np.zeros(count)}


CONV = {"type": "Conv2d", "weight": np.ones((4, 2, 3, 3)), "bias": np.zeros(4), "stride": np.array([1, 1]),
        "padding": np.array([1, 1]), "dilation": np.array([1, 1]), "groups": 1}


def graph(file, path, nodes, edges):
    group = file.require_group(path)
    group["type"] = "NIRGraph"
    group.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
    for name, parameters in nodes.items():
        node = group.create_group("nodes/" + name)
        for parameter, value in parameters.items():
            node[parameter] = value


def save(name, nodes, edges, **subgraphs):
    with h5py.File(name, "w") as file:
        file["version"] = "1.0"
        graph(file, "node", nodes, edges)
        for node, (inner, between) in subgraphs.items():
            graph(file, "node/nodes/" + node, inner, between)


os.chdir(sys.argv[1])
save("image.nir", {"input": port("Input", 1, 2, 34, 34), "conv": CONV, "output": port("Output", 4, 34, 34)},
     [("input", "conv"), ("conv", "output")])
save("sized.nir", {"input": port("Input", 8, 2, 34, 34), "conv": CONV | {"input_shape": np.array([34, 34])},
                   "output": port("Output", 4, 34, 34)}, [("input", "conv"), ("conv", "output")])
save("row.nir", {"input": port("Input", 1, 12), "fc": {"type": "Affine", "weight": np.ones((3, 12)), "bias": np.zeros(3)},
                 "lif": lif(3), "output": port("Output", 3)}, [("input", "fc"), ("fc", "lif"), ("lif", "output")])
save("flat.nir", {"input": port("Input", 3), "lif1.input": port("Input", 3), "lif1.lif": lif(3),
                  "lif1.output": port("Output", 3), "lif2": lif(3), "output": port("Output", 3)},
     [("input", "lif1"), ("lif1", "output")])
# As Rockpool writes a recurrent layer: its ports are of one element, whatever it has.
save("ports.nir", {"input": port("Input", 3), "output": port("Output", 3)}, [("input", "rec"), ("rec", "output")],
     rec=({"input": port("Input", 1), "lif": lif(3), "w_rec": {"type": "Linear", "weight": np.zeros((3, 3))},
           "output": port("Output", 1)}, [("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")]))
