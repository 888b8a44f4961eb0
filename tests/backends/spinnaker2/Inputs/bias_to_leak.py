"""bias_to_leak.py MODEL.nir OUT.nir NEURON=CONNECTION,... ...: moves the biases of connections into CubaLIF neurons to their
v_leak, as s2_nir of the NIR paper does. With v_leak + r w_in bias the drive is the same once the current has settled.
"""
import shutil
import sys

import h5py
import numpy as np

model, out, *pairs = sys.argv[1:]
shutil.copyfile(model, out)
with h5py.File(out, "r+") as file:
    nodes = file["node/nodes"]
    for pair in pairs:
        neuron, _, connections = pair.partition("=")
        group = nodes[neuron]
        bias = sum(nodes[each]["bias"][()] for each in connections.split(","))
        leak = group["v_leak"][()] + group["r"][()] * group["w_in"][()] * bias
        del group["v_leak"]
        group["v_leak"] = leak.astype(np.float32)
        for each in connections.split(","):
            nodes[each]["bias"][...] = 0
