#!/usr/bin/env python3
"""The published networks as a minimal PyTorch loop of nirc's equations.

    pytorch_loop.py DATA INPUTS [--only NAME] [--seconds 1] [--dtype float32]

DATA is the folder of the reference data, INPUTS the one that bench-write filled. Prints one JSON object a line:
network, batch, threads, steps, wall and cpu (seconds of the fastest run), spikes (of the output, over all samples).
Ends with status 77 where PyTorch or h5py is not installed (Debian: python3-torch, python3-h5py).
"""

import argparse
import json
import sys
import time

try:
    import h5py
    import numpy as np
    import torch
    from torch.nn.functional import avg_pool2d, conv2d, linear
except ImportError as missing:
    print(f"pytorch_loop.py: {missing}", file=sys.stderr)
    sys.exit(77)


class File:
    """The parameters of a .nir file; `file["fc1", "weight"]` is a tensor."""

    def __init__(self, path, dtype):
        with h5py.File(path) as file:
            self.values = {
                (name, key): np.asarray(value[()])
                for name, node in file["node/nodes"].items()
                for key, value in node.items()
                if isinstance(value, h5py.Dataset) and value.dtype.kind in "if"
            }
        self.dtype = dtype

    def __getitem__(self, at):
        return torch.from_numpy(np.array(self.values[at])).to(self.dtype)

    def get(self, *at):
        """0 where the file lacks it, as NIR has it for v_reset."""
        return self[at] if at in self.values else torch.zeros((), dtype=self.dtype)

    def ints(self, *at):
        return [int(x) for x in np.ravel(self.values[at])]


# Every neuron below is docs/semantics.md's under the preset nir: Euler steps, spike where v > v_threshold.


class IF:
    def __init__(self, file, name):
        self.r, self.threshold = file[name, "r"], file[name, "v_threshold"]
        self.v_reset = file.get(name, "v_reset")

    def start(self):
        self.v = 0.0

    def __call__(self, u):
        v = self.v + self.r * u
        spikes = v > self.threshold
        self.v = torch.where(spikes, self.v_reset, v)
        return spikes.to(u.dtype)


class CubaLIF:
    def __init__(self, file, name, dt, subtract):
        a, b = dt / file[name, "tau_mem"].double(), dt / file[name, "tau_syn"].double()
        self.i_stays, self.i_gain = (1 - b).to(file.dtype), (b * file[name, "w_in"]).to(file.dtype)
        self.v_stays, self.v_gain = (1 - a).to(file.dtype), (a * file[name, "r"]).to(file.dtype)
        self.threshold, self.v_reset = file[name, "v_threshold"], file.get(name, "v_reset")
        self.subtract = subtract

    def start(self):
        self.i = self.v = 0.0

    def __call__(self, u):
        self.i = self.i_stays * self.i + self.i_gain * u
        v = self.v_stays * self.v + self.v_gain * self.i
        spikes = v > self.threshold
        s = spikes.to(u.dtype)
        self.v = v - s * (self.threshold - self.v_reset) if self.subtract else torch.where(spikes, self.v_reset, v)
        return s


class Cnn:
    def __init__(self, file):
        self.convs = {n: (file[n, "weight"], file[n, "bias"], *(file.ints(n, k) for k in ("stride", "padding")))
                      for n in "025"}
        self.dense = {n: (file[n, "weight"], file[n, "bias"]) for n in ("9", "11")}
        self.neurons = {n: IF(file, n) for n in ("1", "3", "6", "10", "12")}

    def start(self, batch):
        for layer in self.neurons.values():
            layer.start()

    def conv(self, n, x):
        weight, bias, stride, padding = self.convs[n]
        return conv2d(x, weight, bias, stride, padding)

    def step(self, x):
        x = self.neurons["1"](self.conv("0", x))
        x = self.neurons["3"](self.conv("2", x))
        x = self.neurons["6"](self.conv("5", 4 * avg_pool2d(x, 2)))
        x = self.neurons["10"](linear((4 * avg_pool2d(x, 2)).flatten(1), *self.dense["9"]))
        return self.neurons["12"](linear(x, *self.dense["11"]))


class Braille:
    dt = 1e-4

    def __init__(self, file, subtract):
        self.weights = {n: (file[n, "weight"], file[n, "bias"] if (n, "bias") in file.values else None)
                        for n in ("fc1", "lif1.w_rec", "fc2")}
        self.first = CubaLIF(file, "lif1.lif", self.dt, subtract)
        self.second = CubaLIF(file, "lif2", self.dt, subtract)

    def start(self, batch):
        self.first.start()
        self.second.start()
        weight = self.weights["fc1"][0]
        self.spikes = weight.new_zeros(batch, len(weight))

    def step(self, x):
        u = linear(self.spikes, *self.weights["lif1.w_rec"]) + linear(x, *self.weights["fc1"])
        self.spikes = self.first(u)
        return self.second(linear(self.spikes, *self.weights["fc2"]))


NETWORKS = {
    "cnn_sinabs": Cnn,
    "braille_noDelay_bias_zero": lambda file: Braille(file, False),
    "braille_noDelay_noBias_subtract": lambda file: Braille(file, True),
}


def run(network, steps):
    """Over steps [T, batch, ...]; the number of spikes of the output."""
    network.start(steps.shape[1])
    return int(sum(network.step(x) for x in steps).sum())


def measure(network, steps, seconds):
    """The fastest run of those that fit into some seconds, after one to warm up."""
    spikes, wall, cpu = run(network, steps), [], []
    while not wall or sum(wall) < seconds:
        wall0, cpu0 = time.perf_counter(), time.process_time()
        run(network, steps)
        wall.append(time.perf_counter() - wall0)
        cpu.append(time.process_time() - cpu0)
    return {"wall": min(wall), "cpu": min(cpu), "spikes": spikes}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("inputs")
    parser.add_argument("--only", choices=NETWORKS)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each case")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    options = parser.parse_args()
    dtype = getattr(torch, options.dtype)
    for name, make in NETWORKS.items():
        if options.only not in (None, name):
            continue
        network = make(File(f"{options.data}/nir-paper/{name}.nir", dtype))
        everything = torch.from_numpy(np.load(f"{options.inputs}/{name}.npy")).transpose(0, 1)
        for batch in (1, everything.shape[1]):
            steps = everything[:, :batch].to(dtype).contiguous()
            for threads in (1, 2):
                torch.set_num_threads(threads)
                with torch.inference_mode():
                    result = measure(network, steps, options.seconds)
                print(json.dumps({"network": name, "batch": batch, "threads": threads, "steps": len(steps), **result}),
                      flush=True)


if __name__ == "__main__":
    main()
