#!/usr/bin/env python3
"""Trains the networks of this folder on Fashion-MNIST and writes them as mlp.nir and cnn.nir.

    python3 examples/fashion-mnist/train.py [mlp] [cnn] [--out FOLDER] [--data FOLDER]

Needs Debian's dataset-fashion-mnist, python3-torch and python3-h5py; about 4 minutes for mlp and 10 for cnn on one core each.

An image is a current that stays on for STEPS steps (direct encoding), and the class is the output neuron that spikes
most often, the lowest of several. The forward pass is the step that nirc computes under the semantics `nir`, in
float32; spikes have no derivative, so that the way back takes a surrogate (Zenke and Ganguli 2018,
doi:10.1162/neco_a_01086; Neftci et al. 2019, doi:10.1109/MSP.2019.2931595).
"""
import argparse
import gzip
import math
import pathlib
import sys
import time

import h5py  # noqa: F401, so that what is missing shows before the training
import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import make  # noqa: E402, of examples/: how a graph becomes a file

STEPS = 16
DT = 0.001
TAU = np.float32(0.004)
THRESHOLD = 1.0
BATCH = 128
SEED = 1


# ---- data ------------------------------------------------------------------------------------------------------------

def read_idx(path):
    with gzip.open(path) as file:
        content = file.read()
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(folder, part):
    """Pixels from 0 to 1, float32, as nirc makes them of bytes, and the classes."""
    images = read_idx(folder / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte.gz")
    pixels = (images.astype(np.float64) / 255.0).astype(np.float32)
    return torch.from_numpy(pixels)[:, None], torch.from_numpy(labels.astype(np.int64))


# ---- one step --------------------------------------------------------------------------------------------------------

class Spike(torch.autograd.Function):
    """1 where v is above the threshold. Backwards as if it were x / (1 + s |x|), x the distance to the threshold."""

    SLOPE = 2.0

    @staticmethod
    def forward(context, v):
        context.save_for_backward(v)
        return (v > THRESHOLD).to(v.dtype)

    @staticmethod
    def backward(context, gradient):
        (v,) = context.saved_tensors
        return gradient / (1.0 + Spike.SLOPE * (v - THRESHOLD).abs()) ** 2


# Found in float64 and rounded once: docs/semantics.md, "Rounding".
COMES = float(np.float32(DT / float(TAU)))
STAYS = float(np.float32(1.0 - DT / float(TAU)))


def lif(v, current):
    """tau dv/dt = -v + current in an Euler step; a spike sets v to 0, through which nothing is learned."""
    v = v * STAYS + current * COMES
    spikes = Spike.apply(v)
    return v * (1.0 - spikes.detach()), spikes


# ---- networks --------------------------------------------------------------------------------------------------------

class Connection(torch.nn.Module):
    """An Affine or Conv2d of NIR. An Affine is computed as a convolution over one pixel: Debian's torch has a slow
    matrix product, and fast convolutions."""

    def __init__(self, weight_shape, stride=1, padding=0):
        super().__init__()
        inputs = math.prod(weight_shape[1:])
        # The current must bring a neuron with leak over its threshold: wider than for a ReLU.
        self.weight = torch.nn.Parameter(torch.randn(weight_shape) * (2.0 / math.sqrt(inputs)))
        self.bias = torch.nn.Parameter(torch.zeros(weight_shape[0]))
        self.stride, self.padding = stride, padding
        self.affine = len(weight_shape) == 2

    def forward(self, x):
        weight = self.weight
        if self.training:
            weight = weight + noise(weight.detach())
        if self.affine:
            x, weight = x.flatten(1)[:, :, None, None], weight[:, :, None, None]
        return F.conv2d(x, weight, self.bias, self.stride, self.padding)


def noise(weight, bits=4):
    """Half of what rounding to so few bits would do, so that the network learns to bear it."""
    largest = weight.abs().amax(tuple(range(1, weight.dim())), keepdim=True)
    return (torch.rand_like(weight) - 0.5) * (0.5 * largest / (2 ** (bits - 1) - 1))


def clip(network, deviations=3.0):
    """No weight far beyond the others: a few large ones would cost all others their bits."""
    with torch.no_grad():
        for connection in network.connections:
            bound = deviations * float(connection.weight.std())
            connection.weight.clamp_(-bound, bound)


class Network(torch.nn.Module):
    """Connections, each followed by LIF neurons."""

    def __init__(self, *connections):
        super().__init__()
        self.connections = torch.nn.ModuleList(connections)

    def forward(self, images):
        """How often each output neuron spikes, [batch, 10]."""
        first = self.connections[0](images)  # the same in each step
        states = [torch.zeros(())] * len(self.connections)
        counts = 0
        for _ in range(STEPS):
            signal = first
            for i, connection in enumerate(self.connections):
                current = signal if i == 0 else connection(signal)
                states[i], signal = lif(states[i], current)
            counts = counts + signal.flatten(1)
        return counts


def mlp():
    return Network(Connection((256, 784)), Connection((10, 256)))


def cnn():
    return Network(Connection((8, 1, 5, 5), stride=2), Connection((24, 8, 3, 3), stride=2, padding=1),
                   Connection((10, 24 * 6 * 6)))


# ---- training --------------------------------------------------------------------------------------------------------

def accuracy(network, images, labels):
    network.eval()
    right = 0
    with torch.no_grad():
        for at in range(0, len(images), 500):
            counts = network(images[at:at + 500])
            best = torch.from_numpy(counts.numpy().argmax(1))  # the lowest of several, as nirc takes it
            right += int((best == labels[at:at + 500]).sum())
    return right / len(images)


def train(name, network, epochs, training, test):
    images, labels = training
    optimizer = torch.optim.Adam(network.parameters())
    steps = epochs * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps, pct_start=0.2)
    for epoch in range(epochs):
        start, total = time.time(), 0.0
        network.train()
        order = torch.randperm(len(images))
        for at in range(0, len(images) - BATCH + 1, BATCH):
            chosen = order[at:at + BATCH]
            # Half: a lead of one spike is then no certainty, and more of the counts' range is used.
            loss = F.cross_entropy(0.5 * network(images[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            clip(network)
            total += float(loss)
        print(f"{name}: epoch {epoch + 1} of {epochs}, loss {total / (len(images) // BATCH):.4f}, "
              f"test accuracy {accuracy(network, *test):.2%}, {time.time() - start:.0f} s", flush=True)


# ---- the file --------------------------------------------------------------------------------------------------------

def neurons(shape):
    one = np.ones(shape, np.float32)
    return {"type": "LIF", "tau": one * TAU, "r": one, "v_leak": one * 0, "v_threshold": one * np.float32(THRESHOLD),
            "v_reset": one * 0}


def node(connection, shape):
    """The connection as a NIR node, and the shape of what it gives for a signal of `shape`."""
    weight, bias = (parameter.detach().numpy() for parameter in (connection.weight, connection.bias))
    if connection.affine:
        return {"type": "Affine", "weight": weight, "bias": bias}, (len(bias),)
    pair = [np.array([value, value], np.int64) for value in (connection.stride, connection.padding, 1)]
    extent = [(size + 2 * connection.padding - kernel) // connection.stride + 1
              for size, kernel in zip(shape[1:], weight.shape[2:])]
    return {"type": "Conv2d", "input_shape": np.array(shape[1:], np.int64), "weight": weight, "stride": pair[0],
            "padding": pair[1], "dilation": pair[2], "groups": np.int64(1), "bias": bias}, (len(bias), *extent)


def graph(network):
    shape = (784,) if network.connections[0].affine else (1, 28, 28)
    nodes, order = {"input": make.port("Input", *shape)}, ["input"]

    def add(name, content):
        nodes[name] = content
        order.append(name)

    for i, connection in enumerate(network.connections, 1):
        if connection.affine and len(shape) > 1:
            add("flatten", {"type": "Flatten", "start_dim": np.int64(0), "end_dim": np.int64(-1),
                            "input_type": np.array(shape, np.int64)})
        content, shape = node(connection, shape)
        add(f"fc{i}" if connection.affine else f"conv{i}", content)
        add(f"lif{i}", neurons(shape))
    add("output", make.port("Output", *shape))
    made = make.graph(nodes, make.chain(*order))
    made["metadata"] = {"nirc": {"dt": np.float64(DT), "semantics": "nir", "time_unit": "s", "encoding": "direct",
                                 "steps": np.int64(STEPS)}}
    return made


def main():
    makers = {"mlp": (mlp, 30), "cnn": (cnn, 20)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="mlp|cnn", help="which; both unless named")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--epochs", type=int)
    arguments = parser.parse_args()
    unknown = set(arguments.networks) - set(makers)
    if unknown:
        parser.error(f"there is no network '{unknown.pop()}', there are {', '.join(makers)}")
    torch.set_num_threads(1)  # the sums of several threads differ from run to run
    training, test = load(arguments.data, "train"), load(arguments.data, "t10k")
    for name in arguments.networks or makers:
        maker, epochs = makers[name]
        torch.manual_seed(SEED)
        network = maker()
        train(name, network, arguments.epochs or epochs, training, test)
        path = arguments.out / f"{name}.nir"
        make.write(path, graph(network))
        print(f"{path}: test accuracy {accuracy(network, *test):.2%}", flush=True)


if __name__ == "__main__":
    main()
