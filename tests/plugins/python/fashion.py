"""Fashion-MNIST, and its network in plain PyTorch, for tests and benchmarks."""

import gzip

import numpy as np
import torch

import nirc

FOLDER = "/usr/share/datasets/fashion-mnist/"


def images(count):
    """(count, 784), from 0 to 1."""
    with gzip.open(FOLDER + "t10k-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(16 + 784 * count), np.uint8, offset=16)
    return pixels.reshape(-1, 784) / np.float32(255)


def labels(count):
    with gzip.open(FOLDER + "t10k-labels-idx1-ubyte.gz") as file:
        return np.frombuffer(file.read(8 + count), np.uint8, offset=8).astype("int64")


def shown(pixels, steps=16):
    """A current that stays on: (batch, steps, 784)."""
    return torch.from_numpy(np.ascontiguousarray(np.repeat(pixels[:, None], steps, 1)))


class Plain(torch.nn.Module):
    """Two layers of LIF with v += dt/tau (x - v), as snnTorch and Norse step them; (T, batch, 784)."""

    def __init__(self, path):
        super().__init__()
        graph = nirc.read(path)
        self.layers = torch.nn.ModuleList()
        self.neurons = []
        for number in "12":
            node = graph["fc" + number]
            layer = torch.nn.Linear(*reversed(node.weight.shape))
            layer.weight.data = torch.tensor(node.weight)
            layer.bias.data = torch.tensor(node.bias)
            self.layers.append(layer)
            lif = graph["lif" + number]
            self.neurons.append((1e-3 / torch.tensor(lif.tau), torch.tensor(lif.v_threshold)))

    def forward(self, x):
        states = [torch.zeros(x.shape[1], layer.out_features) for layer in self.layers]
        out = []
        for signal in x:
            for i, (layer, (k, threshold)) in enumerate(zip(self.layers, self.neurons)):
                v = states[i] + k * (layer(signal) - states[i])
                signal = (v > threshold).float()
                states[i] = v * (1 - signal)
            out.append(signal)
        return torch.stack(out)
