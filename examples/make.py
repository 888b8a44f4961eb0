#!/usr/bin/env python3
"""Makes the graphs and inputs of this folder. Needs h5py and numpy; the same numbers each time.

    python3 examples/make.py [FOLDER]

Graphs are written as NIR 1.0.8 lays them out: the group "node" holds a graph, each node is a group with its "type" and
its parameters, edges are pairs of names.
"""
import pathlib
import sys

import h5py
import numpy as np

F32 = np.float32


class Numbers:
    """A generator of its own (splitmix64), so that the files do not depend on NumPy's version."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def uniform(self, low, high, shape):
        count = int(np.prod(shape))
        values = [low + (high - low) * (self.next() >> 11) * 2.0**-53 for _ in range(count)]
        return np.array(values).reshape(shape)

    def spikes(self, probability, shape):
        return (self.uniform(0, 1, shape) < probability).astype(np.uint8)


def lif(n, tau, threshold=1.0):
    one = np.ones(n, F32)
    return {"type": "LIF", "tau": one * F32(tau), "r": one, "v_leak": one * 0, "v_threshold": one * F32(threshold),
            "v_reset": one * 0}


def cuba_lif(n, tau_syn, tau_mem, w_in, threshold=1.0):
    one = np.ones(n, F32)
    return {"type": "CubaLIF", "tau_syn": one * F32(tau_syn), "tau_mem": one * F32(tau_mem), "r": one,
            "v_leak": one * 0, "v_threshold": one * F32(threshold), "v_reset": one * 0, "w_in": one * F32(w_in)}


def affine(weight, bias=0.0):
    weight = np.asarray(weight, F32)
    return {"type": "Affine", "weight": weight, "bias": np.full(weight.shape[0], bias, F32)}


def port(kind, *shape):
    return {"type": kind, "shape": np.array(shape, np.int64)}


def graph(nodes, edges):
    return {"type": "NIRGraph", "nodes": nodes, "edges": edges}


def write_node(group, node):
    for key, value in node.items():
        if key == "nodes":
            inner = group.create_group("nodes")
            for name, child in value.items():
                write_node(inner.create_group(name), child)
        elif key == "edges":
            group.create_dataset("edges", data=np.array(value, dtype=h5py.string_dtype()))
        elif isinstance(value, dict):
            write_node(group.create_group(key), value)  # metadata
        elif isinstance(value, str):
            group.create_dataset(key, data=value, dtype=h5py.string_dtype())
        else:
            group.create_dataset(key, data=value)


def write(path, root):
    with h5py.File(path, "w", track_order=False) as file:
        file.create_dataset("version", data="1.0.8", dtype=h5py.string_dtype())
        write_node(file.create_group("node"), root)


def single_lif():
    """One neuron and a current that is on for a while."""
    nodes = {"input": port("Input", 1), "lif": lif(1, 0.01), "output": port("Output", 1)}
    current = np.zeros((100, 1), F32)
    current[10:80] = 1.5
    return graph(nodes, [("input", "lif"), ("lif", "output")]), current


def two_layers():
    """Three groups of input channels fire one after the other; an output neuron stands for each."""
    numbers = Numbers(1)
    fc1 = np.zeros((20, 12))
    for hidden in range(20):
        group = hidden % 3
        fc1[hidden, group * 4:group * 4 + 4] = numbers.uniform(3.0, 6.0, 4)
    fc2 = np.zeros((3, 20))
    for hidden in range(20):
        fc2[:, hidden] = -1.0
        fc2[hidden % 3, hidden] = 4.0
    nodes = {"input": port("Input", 12), "fc1": affine(fc1), "lif1": lif(20, 0.01), "fc2": affine(fc2),
             "lif2": lif(3, 0.01), "output": port("Output", 3)}
    spikes = numbers.spikes(0.02, (300, 12))
    for group in range(3):
        spikes[group * 100:group * 100 + 100, group * 4:group * 4 + 4] |= numbers.spikes(0.3, (100, 4))
    return graph(nodes, chain("input", "fc1", "lif1", "fc2", "lif2", "output")), spikes


def chain(*names):
    return list(zip(names, names[1:]))


def recurrent():
    """Current-based neurons with recurrent weights; the input stops and the ring goes on."""
    size = 16
    ring = np.zeros((size, size))
    for neuron in range(size):
        ring[(neuron + 1) % size, neuron] = 16.0
        ring[:, neuron] -= 0.4
    fc = np.zeros((size, 1))
    fc[0] = 16.0
    nodes = {"input": port("Input", 1), "fc": affine(fc), "cuba": cuba_lif(size, 0.002, 0.005, 1.0),
             "ring": affine(ring), "output": port("Output", size)}
    edges = [("input", "fc"), ("fc", "cuba"), ("ring", "cuba"), ("cuba", "ring"), ("cuba", "output")]
    spikes = np.zeros((200, 1), np.uint8)
    spikes[5:8] = 1
    return graph(nodes, edges), spikes


def moving_bar():
    """Events of a camera (brighter, darker) that a bar makes on its way; edges are found, pooled and summed."""
    kernels = np.zeros((4, 2, 3, 3), F32)
    kernels[0, 0, :, 1] = 1.0  # the front of a vertical bar
    kernels[1, 1, :, 1] = 1.0  # its back
    kernels[2, 0, 1, :] = 1.0  # the front of a horizontal bar
    kernels[3, 1, 1, :] = 1.0
    full = {"type": "Conv2d", "input_shape": np.array([16, 16], np.int64), "weight": kernels,
            "stride": np.array([1, 1], np.int64), "padding": np.array([1, 1], np.int64),
            "dilation": np.array([1, 1], np.int64), "groups": np.int64(1), "bias": np.zeros(4, F32)}
    one = np.ones((4, 16, 16), F32)
    edges_found = {"type": "LIF", "tau": one * F32(0.002), "r": one, "v_leak": one * 0, "v_threshold": one,
                   "v_reset": one * 0}
    pool = {"type": "SumPool2d", "kernel_size": np.array([4, 4], np.int64), "stride": np.array([4, 4], np.int64),
            "padding": np.array([0, 0], np.int64)}
    flatten = {"type": "Flatten", "start_dim": np.int64(0), "end_dim": np.int64(-1),
               "input_type": np.array([4, 4, 4], np.int64)}
    vote = np.full((2, 64), -1.0, F32)
    vote[0, :32] = 1.0
    vote[1, 32:] = 1.0
    nodes = {"input": port("Input", 2, 16, 16), "conv": full, "edges": edges_found, "pool": pool, "flatten": flatten,
             "fc": affine(vote), "lif": lif(2, 0.02, 0.5), "output": port("Output", 2)}
    edges = chain("input", "conv", "edges", "pool", "flatten", "fc", "lif", "output")
    events = np.zeros((64, 2, 16, 16), np.uint8)
    for step in range(16):
        events[step * 4, 0, :, step] = 1  # the bar stands upright and moves to the right
        if step > 1:
            events[step * 4, 1, :, step - 2] = 1
    return graph(nodes, edges), events


def coincidence():
    """A subgraph that delays one ear by 2 ms: the detector fires where the right ear hears first by that much."""
    inner_nodes = {"input": port("Input", 1), "delay": {"type": "Delay", "delay": np.array([0.002], F32)},
                   "output": port("Output", 1)}
    line = graph(inner_nodes, chain("input", "delay", "output"))
    nodes = {"left": port("Input", 1), "right": port("Input", 1), "line": line,
             "weight": {"type": "Linear", "weight": np.array([[1.2]], F32)}, "detector": lif(1, 0.002),
             "output": port("Output", 1)}
    edges = [("left", "weight"), ("right", "line"), ("line", "weight"), ("weight", "detector"),
             ("detector", "output")]
    left = np.zeros((60, 1), np.uint8)
    right = np.zeros((60, 1), np.uint8)
    for pair, lead in enumerate((0, 1, 2, 3, 4)):
        right[5 + pair * 11] = 1
        left[5 + pair * 11 + lead] = 1
    return graph(nodes, edges), {"left": left, "right": right}


def cart():
    """A controller of a position: eight neurons push forward and eight back, from the distance and the velocity."""
    gains = np.arange(7, 22, 2) / 7  # from 1 to 3
    forward = np.stack([4.0 * gains, -2.0 * gains], axis=1)
    nodes = {"input": port("Input", 2), "gains": affine(np.concatenate([forward, -forward]), 0.9), "pool": lif(16, 0.02),
             "output": port("Output", 16)}
    approach = np.zeros((200, 2), F32)
    approach[:, 0] = 1 - np.arange(200) / F32(256)
    approach[50:, 1] = 1
    return graph(nodes, chain("input", "gains", "pool", "output")), approach


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in {"lif": single_lif, "two-layers": two_layers, "recurrent": recurrent,
                       "moving-bar": moving_bar, "coincidence": coincidence, "cart": cart}.items():
        network, inputs = make()
        write(folder / f"{name}.nir", network)
        for suffix, array in inputs.items() if isinstance(inputs, dict) else [("", inputs)]:
            np.save(folder / (f"{name}-{suffix}.npy" if suffix else f"{name}.npy"), array)


if __name__ == "__main__":
    main()
