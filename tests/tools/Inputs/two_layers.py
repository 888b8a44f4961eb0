"""Two layers of snnTorch's Leaky in numpy, on a batch of 50 samples, and the network as a .nir file.

    two_layers.py DIR

Writes net.nir, x.npy and spikes.npy in snnTorch's layout [T, B, N], membrane.npy of the second layer, events.csv, and
lines of FileCheck for `nirc match --all`, from the spikes of the layers with the delay of the reset and without it.
Weights are multiples of 1/16, so sums are exact in any order.
"""
import os
import sys

import h5py
import numpy

os.chdir(sys.argv[1])
samples, steps, inputs, hidden, outputs = 50, 100, 40, 64, 10
dt, beta = 1e-3, numpy.float32(0.75)  # tau = dt / (1 - beta)
random = numpy.random.default_rng(7)
weights = [(random.integers(-12, 16, shape) / 16).astype("float32") for shape in ((hidden, inputs), (outputs, hidden))]
x = (random.random((steps, samples, inputs)) < 0.1).astype("float32")


def leaky(currents, delay):
    """snnTorch's Leaky with the threshold 1 and reset by subtraction; without its delay v is reset at once."""
    v = numpy.zeros(currents.shape[1:], "float32")
    spikes, membranes = numpy.zeros_like(currents), numpy.zeros_like(currents)
    for step, current in enumerate(currents):
        late = (v > 1).astype("float32")
        v = beta * v + current - (late if delay else 0)
        spikes[step] = v > 1
        v = v if delay else v - spikes[step]
        membranes[step] = v
    return spikes, membranes


def network(delay):
    first, _ = leaky(x @ weights[0].T, delay)
    return leaky(first @ weights[1].T, delay)


spikes, membranes = network(True)
others, _ = network(False)
numpy.save("x.npy", x)
numpy.save("spikes.npy", spikes)
numpy.save("membrane.npy", membranes)
with open("events.csv", "w") as file:
    file.write("time,neuron,trial\n")
    for step, sample, neuron in zip(*spikes.nonzero()):
        file.write(f"{numpy.float32(step * dt)},{neuron},{sample}\n")
total, agree, extra = (int(n.sum()) for n in (spikes, spikes * others, others * (1 - spikes)))
with open("check.txt", "w") as file:
    file.write(f"CHECK: snntorch-native: all {total:,} spikes\n")
    file.write(f"CHECK: snntorch-native,reset-delay=0 {agree:,} {total - agree:,} {extra:,} 0\n")

with h5py.File("net.nir", "w") as file:
    file["version"] = "1.0.8"
    file["node/type"] = "NIRGraph"
    chain = ["input", "fc1", "lif1", "fc2", "lif2", "output"]
    file["node/edges"] = numpy.array(list(zip(chain, chain[1:])), dtype=h5py.string_dtype())

    def node(name, kind, **values):
        file[f"node/nodes/{name}/type"] = kind
        for key, value in values.items():
            file[f"node/nodes/{name}/{key}"] = value

    node("input", "Input", shape=[inputs])
    node("output", "Output", shape=[outputs])
    for i, count in enumerate((hidden, outputs)):
        node(f"fc{i + 1}", "Linear", weight=weights[i])
        ones, zeros = numpy.ones(count), numpy.zeros(count)
        node(f"lif{i + 1}", "LIF", tau=ones * dt / 0.25, r=ones, v_leak=zeros, v_threshold=ones, v_reset=zeros)
