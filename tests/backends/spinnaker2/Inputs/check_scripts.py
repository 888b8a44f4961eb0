"""check_scripts.py [--package] [--firmware] [--delays] FIRST LAST: makes a random network for each seed, compiles it to a
script for py-spinnaker2, and compares the results of the script with those of nirc run on the CPU, or with --firmware on the
cores of the firmware.

The scripts run with the stand-in, or with --package in the python3 that NIRC_SPINNAKER2_PYTHON names, which imports
py-spinnaker2. Works in the current folder; nirc is on the PATH.
"""
import argparse
import os
import pathlib
import subprocess
import sys

import numpy as np

import graphs

F32 = np.float32
DT = 1e-3
STEPS = 60
HERE = pathlib.Path(__file__).parent


class Maker:
    """A random network of a few populations with loops."""

    def __init__(self, seed, delays, biases):
        self.random, self.delays, self.biases = np.random.default_rng(seed), delays, biases
        self.nodes, self.edges, self.neurons, self.inputs = {}, [], {}, {}

    def some(self, low, high, n):
        same = self.random.random() < 0.5
        return np.full(n, self.random.uniform(low, high), F32) if same else self.random.uniform(low, high, n).astype(F32)

    def add_neurons(self, name, n, kind):
        zero, one = np.zeros(n, F32), np.ones(n, F32)
        leak = self.some(-0.2, 0.2, n) if self.random.random() < 0.5 else zero
        common = {"v_threshold": self.some(0.5, 1.5, n), "v_reset": zero if self.subtracts else self.some(-0.3, 0.3, n)}
        node = {
            "LIF": {"tau": self.some(4e-3, 20e-3, n), "r": one, "v_leak": leak, **common},
            "IF": {"r": one, **common},
            "CubaLIF": {"tau_syn": self.some(2e-3, 6e-3, n), "tau_mem": self.some(4e-3, 20e-3, n), "r": one, "v_leak": leak,
                        "w_in": one, **common},
            "LI": {"tau": self.some(4e-3, 20e-3, n), "r": one, "v_leak": leak},
        }[kind]
        self.nodes[name] = {"type": kind, **node}
        self.neurons[name] = (n, kind)

    def connect(self, source, target):
        """All connections of a target have the same largest weight, so that one scale fits them."""
        n, kind = self.neurons[target]
        m = self.neurons.get(source, self.inputs.get(source))[0]
        largest = 4.0 if kind != "IF" else 0.4
        weight = self.random.uniform(-0.4, 1.0, (n, m)).astype(F32) * F32(largest)
        weight[np.unravel_index(self.random.integers(weight.size), weight.shape)] = largest
        name, bias = f"{source}-{target}", self.random.uniform(-0.05, 0.1, n).astype(F32) * F32(largest)
        with_bias = self.biases and kind != "CubaLIF" and self.random.random() < 0.5
        self.nodes[name] = {"type": "Affine", "weight": weight, "bias": bias} if with_bias else {"type": "Linear", "weight": weight}
        if self.delays and self.random.random() < 0.7:
            late = F32(DT) * self.random.integers(0, 8, m).astype(F32)
            self.nodes[name + "-delay"] = {"type": "Delay", "delay": late}
            self.edges += [(source, name + "-delay"), (name + "-delay", name), (name, target)]
        else:
            self.edges += [(source, name), (name, target)]

    def make(self, path):
        random = self.random
        self.subtracts = bool(random.random() < 0.5)
        for i in range(random.integers(1, 3)):
            n = int(random.integers(1, 9))
            self.inputs[f'in "{i}"'] = (n, None)
            self.nodes[f'in "{i}"'] = {"type": "Input", "shape": np.array([n], np.int64)}
        for p in range(random.integers(1, 4)):
            self.add_neurons(f"cells {p}", int(random.integers(1, 11)), str(random.choice(["LIF", "IF", "CubaLIF"])))
        sources = [*self.inputs, *self.neurons]
        if random.random() < 0.5:
            self.add_neurons("read out", int(random.integers(1, 4)), "LI")
        inputs, used = list(self.inputs), set()
        for i, target in enumerate(self.neurons):
            for source in sources:
                if source == inputs[i % len(inputs)] or random.random() < 0.4:
                    self.connect(source, target)
                    used.add(source)
        for source in set(inputs) - used:  # an unconnected input would become an output
            self.connect(source, next(iter(self.neurons)))
        for target, (n, kind) in self.neurons.items():
            self.nodes[f"out {target}"] = {"type": "Output", "shape": np.array([n], np.int64)}
            self.edges.append((target, f"out {target}"))
        graphs.write(path, self.nodes, self.edges)

    def spikes(self):
        return {name: (self.random.random((2, STEPS, n)) < 0.25).astype(np.uint8) for name, (n, _) in self.inputs.items()}


def call(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")


def check(seed, options):
    maker = Maker(seed, options.delays, biases=not options.firmware)  # the firmware adds integers
    maker.make(f"net{seed}.nir")
    spikes = maker.spikes()
    arguments = []
    for i, (name, values) in enumerate(spikes.items()):
        np.save(f"net{seed}-{i}.npy", values)
        arguments += ["--input", f"{name}=net{seed}-{i}.npy"]
    np.savez(f"net{seed}-in.npz", **spikes)
    reset = "subtract" if maker.subtracts else "to-value"
    choices = [f"net{seed}.nir", "--dt", "1ms", "--semantics", f"spinnaker2,reset={reset},ignore=none",
               "--format", "spinnaker2-delay" if options.delays else "spinnaker2"]
    call("nirc", "compile", *choices, "--target", "spinnaker2", "--emit=py-spinnaker2", "-q", "-o", "scripts")
    records = [f"{name}:v" for name in maker.neurons]
    target = ["--target", "spinnaker2", "--emulate=host"] if options.firmware else []
    call("nirc", "run", *choices, *arguments, *target, *(f"--record={each}" for each in records), "-q",
         "-o", f"net{seed}-want.npz")
    package = os.environ["NIRC_SPINNAKER2_PYTHON"] if options.package else None
    python = [package] if package else [sys.executable, HERE / "spinnaker2_stand_in.py"]
    machine = [] if package else ["--hardware", "192.0.2.1"]  # float32, as nirc; Brian2 has float64
    call(*python, f"scripts/net{seed}.py", f"net{seed}-in.npz", f"net{seed}-out.npz", *machine,
         *(f"--record={each}" for each in records))
    return compare(seed, maker, bool(package))


def compare(seed, maker, by_package):
    got, want = np.load(f"net{seed}-out.npz"), np.load(f"net{seed}-want.npz")
    if sorted(got.files) != sorted(want.files):
        sys.exit(f"seed {seed}: has {got.files}, expected {want.files}")
    count = 0
    for name in want.files:
        g, w = got[name], want[name]
        if g.shape != w.shape or g.dtype != w.dtype:
            sys.exit(f"seed {seed}: {name} is {g.dtype} {g.shape}, expected {w.dtype} {w.shape}")
        if name.endswith(".spikes"):
            count += int(w.sum())
            differs = np.argwhere(g != w)
        else:
            size = max(1.0, float(np.abs(w).max()))
            differs = np.argwhere(np.abs(g.astype(float) - w) > size * (1e-4 if by_package else 1e-5))
        if len(differs):
            sys.exit(f"seed {seed}: {name} differs {len(differs)} times, first at {differs[0]}")
    return count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", action="store_true")
    parser.add_argument("--delays", action="store_true")
    parser.add_argument("--firmware", action="store_true")
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    options = parser.parse_args()
    counts = [check(seed, options) for seed in range(options.first, options.last + 1)]
    silent = sum(count == 0 for count in counts)
    if 4 * silent > len(counts):
        sys.exit(f"{silent} of {len(counts)} networks never spike")
    print(f"{len(counts)} networks")


if __name__ == "__main__":
    main()
