"""NeuroBench's own harness beside `nirc stats`: the same networks, written as .nir, and every number equal.

usage: neurobench.py NIRC FOLDER

The sources of NeuroBench and snnTorch are looked for in the folders of $NIRC_NEUROBENCH_PYTHON, with colons between them
(of clones of NeuroBench/neurobench and jeshraghian/snntorch, with PyTorch as Debian's python3-torch). Without it the exit
code is 77, which ctest reports as skipped. docs/stats.md has the commands, and what was compared last.

Weights are multiples of 1/8 and decays 1/2 and 3/4, so that float32 adds them exactly in whatever order a library sums:
spikes can only differ where the rules of the neurons do.
"""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import types

NIRC, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
if "NIRC_NEUROBENCH_PYTHON" not in os.environ:
    print("skipped: set NIRC_NEUROBENCH_PYTHON to the folders that hold NeuroBench and snnTorch")
    sys.exit(77)
sys.path[:0] = os.environ["NIRC_NEUROBENCH_PYTHON"].split(":")

import h5py
import numpy as np
import torch

for name in ("nir", "nirtorch"):  # snnTorch imports them for its own files, which are not needed here
    sys.modules.setdefault(name, types.ModuleType(name))
    for part in ("NIRNode", "NIRGraph", "NIRTorch"):
        sys.modules[name].__dict__.setdefault(part, object)

import snntorch as snn
from neurobench.benchmarks import Benchmark
from neurobench.metrics.static import ConnectionSparsity, Footprint, ParameterCount
from neurobench.metrics.workload import ActivationSparsity, MembraneUpdates, NeuronOperations, SynapticOperations
from neurobench.models import SNNTorchModel
from torch.utils.data import DataLoader, TensorDataset

DT = 2.0**-10  # seconds; tau = dt / (1 - beta) is then exact
STEPS, SAMPLES, SEED = 12, 10, 20261201
rng = np.random.default_rng(SEED)


def eighths(*shape, zeros=0.3):
    """Multiples of 1/8 between -1 and 1, some of them 0."""
    numbers = rng.integers(-8, 9, shape) / 8.0
    return np.where(rng.random(shape) < zeros, 0.0, numbers).astype(np.float32)


# Layers of snnTorch and PyTorch, each beside the nodes of NIR that they are.


def linear(inputs, outputs, bias=True):
    layer = torch.nn.Linear(inputs, outputs, bias=bias)
    layer.weight.data = torch.tensor(eighths(outputs, inputs))
    node = {"type": "Affine" if bias else "Linear", "weight": layer.weight.detach().numpy()}
    if bias:
        layer.bias.data = torch.tensor(eighths(outputs))
        node["bias"] = layer.bias.detach().numpy()
    return layer, node


def conv(channels, outputs, size, **how):
    layer = torch.nn.Conv2d(channels, outputs, 3, **how)
    layer.weight.data = torch.tensor(eighths(*layer.weight.shape))
    layer.bias.data = torch.tensor(eighths(outputs))
    pair = lambda value: np.array(value, np.int64)
    return layer, {"type": "Conv2d", "input_shape": np.array(size, np.int64), "weight": layer.weight.detach().numpy(),
                   "bias": layer.bias.detach().numpy(), "stride": pair(layer.stride), "padding": pair(layer.padding),
                   "dilation": pair(layer.dilation), "groups": np.int64(layer.groups)}


def average(size):
    pair = np.array([size, size], np.int64)
    return torch.nn.AvgPool2d(size), {"type": "AvgPool2d", "kernel_size": pair, "stride": pair, "padding": pair * 0}


def flatten():
    return torch.nn.Flatten(), {"type": "Flatten", "start_dim": np.int64(0), "end_dim": np.int64(-1)}


def neurons(kind, shape, **decays):
    one = np.ones(shape, np.float32)
    node = {"type": kind, "r": one, "v_leak": one * 0, "v_threshold": one, "v_reset": one * 0}
    node.update({name: one * np.float32(DT / (1 - decay)) for name, decay in decays.items()})
    return node


def leaky(shape, beta, last=False):
    return snn.Leaky(beta=beta, init_hidden=True, output=last), neurons("LIF", shape, tau=beta)


def synaptic(shape, alpha, beta):
    node = neurons("CubaLIF", shape, tau_syn=alpha, tau_mem=beta)
    node["w_in"] = np.ones(shape, np.float32)
    return snn.Synaptic(alpha=alpha, beta=beta, init_hidden=True), node


def recurrent(count, beta, last=False):
    layer = snn.RLeaky(beta=beta, linear_features=count, init_hidden=True, output=last)
    feedback, node = linear(count, count)
    layer.recurrent.weight.data, layer.recurrent.bias.data = feedback.weight.data, feedback.bias.data * 0
    node["bias"] = node["bias"] * 0
    return layer, [neurons("LIF", (count,), tau=beta), node]


def write_node(group, node):
    for key, value in node.items():
        if isinstance(value, str):
            group.create_dataset(key, data=value, dtype=h5py.string_dtype())
        else:
            group.create_dataset(key, data=value)


def write(path, shape, outputs, layers):
    """A row of layers; of a recurrent one the second node leads back to the first."""
    nodes = {"in": {"type": "Input", "shape": np.array(shape, np.int64)}}
    edges, last = [], "in"
    for i, (_, node) in enumerate(layers):
        own = node if isinstance(node, list) else [node]
        for j, one in enumerate(own):
            nodes[f"n{i}" + "w" * j] = one
        edges.append((last, f"n{i}"))
        if len(own) == 2:
            edges += [(f"n{i}", f"n{i}w"), (f"n{i}w", f"n{i}")]
        last = f"n{i}"
    nodes["out"] = {"type": "Output", "shape": np.array(outputs, np.int64)}
    edges.append((last, "out"))
    with h5py.File(path, "w") as file:
        file.create_dataset("version", data="1.0.8", dtype=h5py.string_dtype())
        graph = file.create_group("node")
        graph.create_dataset("type", data="NIRGraph", dtype=h5py.string_dtype())
        graph.create_dataset("edges", data=np.array(edges, dtype=h5py.string_dtype()))
        inner = graph.create_group("nodes")
        for name, node in nodes.items():
            write_node(inner.create_group(name), node)


METRICS = [[Footprint, ParameterCount, ConnectionSparsity],
           [ActivationSparsity, SynapticOperations, MembraneUpdates, NeuronOperations]]


def harness(layers, x, batch):
    """What NeuroBench reports. Its loader must know labels; they are not looked at."""
    model = SNNTorchModel(torch.nn.Sequential(*[layer for layer, _ in layers]))
    data = DataLoader(TensorDataset(torch.tensor(x), torch.zeros(len(x))), batch_size=batch)
    with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        results = Benchmark(model, data, [], [], METRICS).run(quiet=True)
    return results


def counts(path, x, batch):
    np.save(path.with_suffix(".npy"), x)
    run = subprocess.run([NIRC, "stats", path, "--input", path.with_suffix(".npy"), "--dt", repr(DT), "--semantics",
                          "snntorch-native", "--layout", "BTN", "--batch", str(batch), "--json", "-q"],
                         capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["neurobench"]


def flat(results):
    """{"SynapticOperations.Dense": 60.0}."""
    out = {}
    for name, value in results.items():
        pairs = value.items() if isinstance(value, dict) else [(None, value)]
        out.update({f"{name}.{part}" if part else name: float(number) for part, number in pairs})
    return out


def spikes(*shape):
    return (rng.random((SAMPLES, STEPS) + shape) < 0.3).astype(np.float32)


def networks():
    yield "mlp", (40,), (10,), [linear(40, 64), leaky((64,), 0.5), linear(64, 32, bias=False), leaky((32,), 0.75),
                                linear(32, 10), leaky((10,), 0.5, last=True)], spikes(40)
    yield "values", (40,), (10,), [linear(40, 32), leaky((32,), 0.5), linear(32, 10), leaky((10,), 0.5, last=True)], \
        np.where(rng.random((SAMPLES, STEPS, 40)) < 0.02, 0.5, spikes(40)).astype(np.float32)
    yield "conv", (2, 12, 12), (10,), [conv(2, 4, (12, 12), stride=2, padding=1), leaky((4, 6, 6), 0.5), average(2),
                                       conv(4, 6, (3, 3), padding=1, groups=2), leaky((6, 3, 3), 0.75), flatten(),
                                       linear(54, 10), leaky((10,), 0.5, last=True)], spikes(2, 12, 12)
    yield "synaptic", (40,), (10,), [linear(40, 32), synaptic((32,), 0.5, 0.75), linear(32, 10),
                                     leaky((10,), 0.5, last=True)], spikes(40)
    yield "recurrent", (20,), (8,), [linear(20, 24), recurrent(24, 0.5), linear(24, 8), leaky((8,), 0.5, last=True)], \
        spikes(20)


def main():
    global rng
    FOLDER.mkdir(parents=True, exist_ok=True)
    differ = 0
    for batch in (4, 1):
        # Fresh layers: once they have run, the harness counts their states as a part of the footprint.
        rng = np.random.default_rng(SEED)
        for name, shape, outputs, layers, x in networks():
            path = FOLDER / f"{name}.nir"
            write(path, shape, outputs, layers)
            theirs, ours = flat(harness(layers, x, batch)), flat(counts(path, x, batch))
            if name == "recurrent":  # the metric fails for RLeaky, and the harness reports 0.0
                assert theirs.pop("NeuronOperations") == 0.0
            for metric, value in theirs.items():
                own = ours.get(metric, float("nan"))
                same = abs(value - own) <= 1e-12 * abs(value)
                differ += not same
                print(f"{name:<10} batch {batch}  {metric:<38} {value:>14.10g} {own:>14.10g}{'' if same else '   DIFFERS'}")
    print(f"seed {SEED}: {'every number is equal' if not differ else f'{differ} numbers differ'}")
    sys.exit(1 if differ else 0)


main()
