"""Works out again what the cases of a suite give under the semantics nir, and compares.

    recompute.py SUITE

NumPy, and the equations of docs/semantics.md in Euler steps; nothing of nirc. It runs every case without a subgraph and
without a cycle. Spikes must be the same, values to the last digits: sums have the order of the page.
"""
import json
import pathlib
import sys

import h5py
import numpy as np


class Neuron:
    """Any of the six, element by element: i where there is a synapse, then v, then the threshold."""

    def __init__(self, kind, p, dt):
        zero = 0.0
        self.spikes, self.has_synapse = kind.endswith("IF"), kind.startswith("Cuba")
        r, leak = p["r"], p.get("v_leak", zero)
        if self.has_synapse:
            b = dt / p["tau_syn"]
            self.keep_i, self.gain_i = 1 - b, b * p.get("w_in", 1.0)
        tau = p.get("tau_mem", p.get("tau"))
        if tau is None:  # dv/dt = r u, of which an input is an impulse for IF and I
            self.keep, self.gain, self.leak = 1.0, r, zero
        else:
            a = dt / tau
            self.keep, self.gain, self.leak = 1 - a, a * r, a * leak
        self.threshold, self.reset = p.get("v_threshold"), p.get("v_reset", zero)
        self.has_leak = tau is not None
        self.states = {"v": zero, **({"i": zero} if self.has_synapse else {})}

    def __call__(self, u):
        s = self.states
        if self.has_synapse:
            s["i"] = self.keep_i * s["i"] + self.gain_i * u
            u = s["i"]
        v = self.keep * s["v"] + self.gain * u
        s["v"] = v = v + self.leak if self.has_leak else v
        if not self.spikes:
            return v
        fired = v > self.threshold
        s["v"] = np.where(fired, self.reset, v)
        return fired.astype(float)


class Delay:
    def __init__(self, p, dt):
        self.steps = np.floor(p["delay"] / dt + 0.5).astype(int)
        self.past = []

    def __call__(self, u):
        self.past.append(u)
        steps = np.broadcast_to(self.steps, u.shape)
        y = np.zeros(u.shape)
        for at in np.ndindex(u.shape):
            if len(self.past) > steps[at]:
                y[at] = self.past[-1 - steps[at]][at]
        return y


def matrix(p):
    def run(u):
        y = np.array(np.broadcast_to(p.get("bias", 0.0), p["weight"].shape[:-1]), dtype=float)
        for j in range(u.shape[-1]):
            y = y + p["weight"][..., j] * u[..., j:j + 1]
        return y
    return run


def pair(x):
    return [int(n) for n in np.broadcast_to(x, 2)]


def windows(u, size, stride, dilation, before, after):
    """For each element of a window, row by row, the numbers [C, H, W] that lie there."""
    padded = np.pad(u, ((0, 0), (before[0], after[0]), (before[1], after[1])))
    counts = [(padded.shape[d + 1] - (size[d] - 1) * dilation[d] - 1) // stride[d] + 1 for d in (0, 1)]
    for row in range(size[0]):
        for column in range(size[1]):
            top, left = row * dilation[0], column * dilation[1]
            yield padded[:, top:top + stride[0] * counts[0]:stride[0], left:left + stride[1] * counts[1]:stride[1]]


def conv(p, is_line):
    weight = p["weight"][:, :, None, :] if is_line else p["weight"]
    size = weight.shape[2:]
    stride, dilation = ([1, int(np.ravel(p[n])[0])] if is_line else pair(p[n]) for n in ("stride", "dilation"))
    if isinstance(p["padding"], str) and p["padding"] == "same":
        total = [(k - 1) * d for k, d in zip(size, dilation)]
        before, after = [n // 2 for n in total], [n - n // 2 for n in total]
    else:
        none = isinstance(p["padding"], str)
        before = after = [0, 0] if none else [0, int(np.ravel(p["padding"])[0])] if is_line else pair(p["padding"])
    groups = int(p["groups"])
    outs, ins = weight.shape[0] // groups, weight.shape[1]

    def run(u):
        x = u[:, None, :] if is_line else u
        parts = []
        for o in range(weight.shape[0]):
            first = o // outs * ins
            y = p["bias"][o]
            for c in range(ins):
                channel = x[first + c:first + c + 1]
                for k, part in enumerate(windows(channel, size, stride, dilation, before, after)):
                    y = y + weight[o, c].ravel()[k] * part[0]
            parts.append(y)
        y = np.stack(parts)
        return y[:, 0] if is_line else y
    return run


def pool(p, is_mean):
    size, stride, padding = pair(p["kernel_size"]), pair(p["stride"]), pair(p["padding"])

    def run(u):
        y = 0.0
        for part in windows(u, size, stride, [1, 1], padding, padding):
            y = y + part
        return y * (1.0 / (size[0] * size[1])) if is_mean else y
    return run


def flatten(p):
    def run(u):
        first, last = (int(p[n]) % u.ndim for n in ("start_dim", "end_dim"))
        return u.reshape(u.shape[:first] + (-1,) + u.shape[last + 1:])
    return run


def make(kind, p, dt):
    if kind in ("I", "IF", "LI", "LIF", "CubaLI", "CubaLIF"):
        return Neuron(kind, p, dt)
    return {"Affine": lambda: matrix(p), "Linear": lambda: matrix(p), "Scale": lambda: lambda u: u * p["scale"],
            "Threshold": lambda: lambda u: (u > p["threshold"]).astype(float), "Flatten": lambda: flatten(p),
            "Delay": lambda: Delay(p, dt), "SumPool2d": lambda: pool(p, False), "AvgPool2d": lambda: pool(p, True),
            "Conv1d": lambda: conv(p, True), "Conv2d": lambda: conv(p, False),
            "Output": lambda: lambda u: u, "Input": lambda: lambda u: u}[kind]()


def parameter(dataset):
    value = dataset[()]
    return value.decode() if isinstance(value, bytes) else np.asarray(value, dtype=float)


def read_model(path):
    """Nodes by name as (kind, parameters), and edges; nothing where a node is a graph."""
    with h5py.File(path) as file:
        nodes = {}
        for name, group in file["node/nodes"].items():
            kind = group["type"][()].decode()
            if kind == "NIRGraph":
                return None
            nodes[name] = kind, {n: parameter(d) for n, d in group.items() if isinstance(d, h5py.Dataset) and n != "type"}
        return nodes, [tuple(end.decode() for end in edge) for edge in file["node/edges"][()]]


def read_data(path):
    with h5py.File(path) as file:
        return {(node, name): one["data"][0].astype(float) for node, group in file["nodes"].items()
                if "observables" in group for name, one in group["observables"].items()}


def order(nodes, edges):
    """The nodes so that each follows what it reads; nothing where there is a cycle."""
    done, left = [], dict(nodes)
    while left:
        ready = [n for n in left if all(source in done for source, target in edges if target == n)]
        if not ready:
            return None
        done += ready
        for name in ready:
            del left[name]
    return done


def run(nodes, edges, sequence, inputs, steps, dt):
    units = {name: make(kind, p, dt) for name, (kind, p) in nodes.items()}
    recorded = {}
    for t in range(steps):
        values = {}
        for name in sequence:
            kind, p = nodes[name]
            if kind == "Input":
                values[name] = inputs[name, "value"][t].reshape([int(n) for n in p["shape"]])
                continue
            sources = [values[source] for source, target in edges if target == name]
            u = sources[0]
            for other in sources[1:]:
                u = u + other
            values[name] = units[name](u)
            if kind == "Output":
                recorded.setdefault((name, "output"), []).append(np.ravel(values[name]))
            for state, value in getattr(units[name], "states", {}).items():
                recorded.setdefault((name, state), []).append(np.ravel(np.broadcast_to(value, values[name].shape)))
    return {key: np.array(rows) for key, rows in recorded.items()}


def main():
    root = pathlib.Path(sys.argv[1])
    compared, traces, faults = 0, 0, []
    for case in json.loads((root / "suite.json").read_text())["cases"]:
        manifest = json.loads((root / case / "manifest.json").read_text())
        model = read_model(root / case / manifest["model"])
        sequence = model and order(*model)
        if not sequence:
            continue
        got = run(*model, sequence, read_data(root / case / manifest["input"]), manifest["steps"], manifest["dt"])
        compared += 1
        for (node, name), want in read_data(root / case / manifest["expected"][0]["file"]).items():
            mine = got.get((node, name), got.get((node, "output")))
            limit = 0.0 if name == "spikes" else 1e-12 * np.abs(want).max(initial=0.0)
            traces += 1
            if mine.shape != want.shape or np.abs(mine - want).max(initial=0.0) > limit:
                faults.append(f"{case}: {name} of {node} differs by {np.abs(mine - want).max()}")
    print(f"{compared} cases, {traces} recordings worked out again, {len(faults)} differ")
    sys.exit("\n".join(faults) if faults or compared < 400 else 0)


main()
