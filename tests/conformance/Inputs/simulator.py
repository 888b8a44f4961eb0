"""A simulator of NIR that shares no code with nirc: written from docs/semantics.md and NIR's specification alone, for
`nirc conform --external`. It computes the preset `nir` in float64.

    simulator.py [--fault NAME] [--without TYPE] MODEL INPUT OUTPUT
    simulator.py [--fault NAME] [--without TYPE] LIST

--fault plants a fault, which the scorecard has to name. --without refuses a primitive.
"""
import argparse
import collections
import math
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "conformance", "protocol"))
import adapter

FAULTS = {
    "reset-by-subtraction": "v := v - (v_threshold - v_reset)",
    "ge-at-threshold": "spikes where v is at the threshold",
    "one-step-late": "outputs come a step later",
    "exp-euler": "exp(-dt/tau) in the place of 1 - dt/tau",
    "ignores-r": "r is read as 1",
    "current-old": "a Cuba membrane sees the current of the step before",
    "drive-impulse": "the input of LIF and CubaLIF is a jump, without dt",
    "floor-zero": "v does not go below 0",
    "start-at-leak": "v starts at v_leak",
    "edges-once": "an edge that is listed twice counts once",
    "subtract-and-ge": "two of them",
    "euler-wrong": "dt/tau is doubled, as no platform has it",
}
NEURONS = ("I", "IF", "LI", "LIF", "CubaLI", "CubaLIF")
SPIKING = ("IF", "LIF", "CubaLIF", "Threshold")
KNOWN = NEURONS + ("Threshold", "Input", "Output", "Affine", "Linear", "Scale", "Conv1d", "Conv2d", "SumPool2d", "AvgPool2d",
                   "Flatten", "Delay", "NIRGraph")

Node = collections.namedtuple("Node", "path type data outer")


def pair(value, rank=2):
    numbers = [int(x) for x in np.ravel(value)]
    return numbers * rank if len(numbers) == 1 else numbers


# The graph


class Flat:
    """Nodes without subgraphs, in the order of the file, and edges as pairs of their numbers."""

    def __init__(self, graph, without):
        self.nodes, self.edges, self.number = [], [], {}
        self.without = without
        self.add(graph, ())
        self.ins = [[] for _ in self.nodes]
        self.outs = [[] for _ in self.nodes]
        for number, (source, target) in enumerate(self.edges):
            self.ins[target].append(number)
            self.outs[source].append(number)

    def named(self, nodes, prefix=""):
        """A slash in a name is a group in a group."""
        for name, node in nodes.items():
            if isinstance(node.get("type"), str):
                yield prefix + name, node
            else:
                yield from self.named(node, prefix + name + "/")

    def add(self, graph, path):
        inner = []
        for name, node in self.named(graph["nodes"]):
            kind = node["type"]
            if kind in self.without or kind not in KNOWN:
                raise adapter.Unsupported(f"no {kind}")
            if kind == "NIRGraph":
                inner.append((node, path + (name,)))
            else:
                self.number[path + (name,)] = len(self.nodes)
                self.nodes.append(Node(path + (name,), kind, node, not path))
        own = len(self.edges)
        waiting = [(tuple(source), tuple(target)) for source, target in self.listed(graph, path)]
        self.edges += waiting
        for node, where in inner:
            self.add(node, where)
        for i in range(own, own + len(waiting)):
            source, target = self.edges[i]
            self.edges[i] = (self.end(source, "Output"), self.end(target, "Input"))

    def listed(self, graph, path):
        for source, target in np.reshape(graph["edges"], (-1, 2)) if len(graph["edges"]) else []:
            yield path + (str(source),), path + (str(target),)

    def end(self, path, kind):
        """An edge to a subgraph goes to its Input, and one from it comes from its Output; `sub.input` names one of them."""
        if path in self.number:
            return self.number[path]
        inside = [n for p, n in self.number.items() if p[:-1] == path and self.nodes[n].type == kind]
        if len(inside) == 1:
            return inside[0]
        name = path[-1]
        for dot in (i for i, letter in enumerate(name) if letter == "."):
            deeper = path[:-1] + (name[:dot], name[dot + 1:])
            if any(p[:len(path)] == deeper[:len(path)] for p in self.number):
                return self.end(deeper, kind)
        raise adapter.Unsupported(f"an edge of {'.'.join(path)}")


# Shapes


def convolved(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def shape_after(node, shape):
    """What a node passes on where a signal of this shape comes in; None: not known yet."""
    data, kind = node.data, node.type
    if kind in ("Input", "Output"):
        return tuple(int(x) for x in np.ravel(data["shape"]))
    if kind in NEURONS or kind in ("Scale", "Threshold", "Delay"):
        names = {"Scale": ["scale"], "Threshold": ["threshold"], "Delay": ["delay"]}.get(
            kind, ["tau", "tau_mem", "tau_syn", "r", "v_leak", "v_threshold"])
        own = [np.shape(data[name]) for name in names if name in data and np.ndim(data[name])]
        return own[0] if own else shape
    if kind in ("Affine", "Linear"):
        return np.shape(data["weight"])[:-1]
    if shape is None:
        return None
    if kind == "Flatten":
        start = int(data.get("start_dim", 1)) % len(shape)
        end = int(data.get("end_dim", -1)) % len(shape)
        return shape[:start] + (int(np.prod(shape[start:end + 1])),) + shape[end + 1:]
    rank = 1 if kind == "Conv1d" else 2
    if kind.startswith("Conv"):
        weight, dilation, stride = data["weight"], pair(data["dilation"], rank), pair(data["stride"], rank)
        before, total = paddings(data, rank)
        return (weight.shape[0],) + tuple(
            (shape[1 + d] + total[d] - dilation[d] * (weight.shape[2 + d] - 1) - 1) // stride[d] + 1 for d in range(rank))
    kernel, stride, padding = (pair(data[name]) for name in ("kernel_size", "stride", "padding"))
    return (shape[0],) + tuple(convolved(shape[1 + d], kernel[d], stride[d], padding[d], 1) for d in range(2))


def paddings(data, rank):
    """What stands before a dimension, and before and behind together."""
    padding = data["padding"]
    if isinstance(padding, str):
        total = [0] * rank
        if padding == "same":
            total = [(k - 1) * d for k, d in zip(data["weight"].shape[2:], pair(data["dilation"], rank))]
        return [t // 2 for t in total], total
    padding = pair(padding, rank)
    return padding, [2 * p for p in padding]


def shapes_of(flat):
    shapes = [None] * len(flat.nodes)
    for _ in range(len(flat.nodes) + 1):
        for i, node in enumerate(flat.nodes):
            known = [shapes[flat.edges[e][0]] for e in flat.ins[i] if shapes[flat.edges[e][0]] is not None]
            came = known[0] if known else None
            if node.type in ("Conv1d", "Conv2d") and came is None and "input_shape" in node.data:
                size = np.ravel(node.data["input_shape"])
                if size.dtype.kind in "iu":
                    groups = int(node.data.get("groups", 1))
                    came = (node.data["weight"].shape[1] * groups,) + tuple(int(x) for x in size)
            if node.type == "Flatten" and came is None and "input_type" in node.data:
                came = tuple(int(x) for x in np.ravel(node.data["input_type"]))
            shapes[i] = shapes[i] if shapes[i] is not None else shape_after(node, came)
    return [shape if shape is not None else () for shape in shapes]


# Cycles: docs/semantics.md, "Cycles"


def distances(flat, starts, forward):
    far = [math.inf] * len(flat.nodes)
    queue = collections.deque(starts)
    for start in starts:
        far[start] = 0
    while queue:
        node = queue.popleft()
        for edge in (flat.outs if forward else flat.ins)[node]:
            other = flat.edges[edge][1 if forward else 0]
            if far[other] == math.inf:
                far[other] = far[node] + 1
                queue.append(other)
    return far


def dense(keys):
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return [places[key] for key in keys]


def ranks(flat, shapes):
    outer = [i for i, node in enumerate(flat.nodes) if node.outer]
    to_output = distances(flat, [i for i in outer if flat.nodes[i].type == "Output"], forward=False)
    from_input = distances(flat, [i for i in outer if flat.nodes[i].type == "Input"], forward=True)
    sizes = [0 if node.outer and node.type == "Output" else int(np.prod(shapes[i])) for i, node in enumerate(flat.nodes)]
    rank = dense([(to_output[i], -from_input[i], node.type, sizes[i]) for i, node in enumerate(flat.nodes)])
    for _ in range(32):
        refined = dense([(rank[i], tuple(sorted(rank[flat.edges[e][0]] for e in flat.ins[i])),
                          tuple(sorted(rank[flat.edges[e][1]] for e in flat.outs[i]))) for i in range(len(rank))])
        if max(refined, default=0) == max(rank, default=0):
            break
        rank = refined
    return rank


def order_of(flat, shapes, is_source):
    """The order in which a step computes the nodes, and the edges that carry the last step's value."""
    rank = ranks(flat, shapes)
    state, order, late = [0] * len(flat.nodes), [], set()  # 0 new, 1 being visited, 2 done

    def sources(node):
        return iter([] if is_source[node] else sorted(flat.ins[node], key=lambda e: rank[flat.edges[e][0]]))

    def visit(root):
        if state[root]:
            return
        state[root] = 1
        stack = [(root, sources(root))]
        while stack:
            node, rest = stack[-1]
            for edge in rest:
                source = flat.edges[edge][0]
                if state[source] == 1:
                    late.add(edge)
                elif state[source] == 0:
                    state[source] = 1
                    stack.append((source, sources(source)))
                    break
            else:
                state[node] = 2
                order.append(node)
                stack.pop()

    by_rank = sorted(range(len(flat.nodes)), key=lambda i: rank[i])
    for node in by_rank:
        if flat.nodes[node].outer and flat.nodes[node].type == "Output":
            visit(node)
    for node in by_rank:
        visit(node)
    return order, late


# What nodes compute


def stateless(node, fault):
    """The function of a node that keeps nothing from step to step."""
    data, kind = node.data, node.type
    if kind in ("Affine", "Linear"):
        weight = np.asarray(data["weight"], float)
        bias = np.asarray(data["bias"], float) if kind == "Affine" else np.zeros(weight.shape[:-1])

        def connect(x):
            """Sums from left to right, starting from the bias; what is 0 adds no term."""
            x = np.reshape(x, weight.shape[:-2] + weight.shape[-1:])
            y = np.array(bias)
            for j in np.nonzero(np.any(x.reshape(-1, x.shape[-1]) != 0, axis=0))[0]:
                y = y + weight[..., j] * x[..., j:j + 1]
            return y

        return connect
    if kind == "Scale":
        scale = np.asarray(data["scale"], float)
        return lambda x: x * scale
    if kind == "Threshold":
        threshold = np.asarray(data["threshold"], float)
        return lambda x: (x > threshold).astype(float)
    if kind.startswith("Conv"):
        return convolution(data, 1 if kind == "Conv1d" else 2)
    if kind.endswith("Pool2d"):
        return pool(data, mean=kind == "AvgPool2d")
    return lambda x: x


def padded(x, before, total):
    return np.pad(x, [(0, 0)] + [(b, t - b) for b, t in zip(before, total)])


def convolution(data, rank):
    weight, bias = np.asarray(data["weight"], float), np.asarray(data["bias"], float)
    stride, dilation = pair(data["stride"], rank), pair(data["dilation"], rank)
    before, total = paddings(data, rank)
    groups = int(data.get("groups", 1))
    per = weight.shape[0] // groups

    def apply(x):
        x = padded(x, before, total)
        kernel = weight.shape[2:]
        size = [(x.shape[1 + d] - dilation[d] * (kernel[d] - 1) - 1) // stride[d] + 1 for d in range(rank)]
        y = np.zeros((weight.shape[0], *size)) + bias.reshape((-1,) + (1,) * rank)
        for where in np.ndindex(*kernel):
            cut = tuple(slice(where[d] * dilation[d], where[d] * dilation[d] + (size[d] - 1) * stride[d] + 1, stride[d])
                        for d in range(rank))
            for g in range(groups):
                part = x[(slice(g * weight.shape[1], (g + 1) * weight.shape[1]),) + cut]
                y[g * per:(g + 1) * per] += np.tensordot(weight[(slice(g * per, (g + 1) * per), slice(None)) + where], part, 1)
        return y

    return apply


def pool(data, mean):
    kernel, stride, padding = (pair(data[name]) for name in ("kernel_size", "stride", "padding"))

    def apply(x):
        x = padded(x, padding, [2 * p for p in padding])
        size = [(x.shape[1 + d] - kernel[d]) // stride[d] + 1 for d in range(2)]
        y = np.zeros((x.shape[0], *size))
        for r, c in np.ndindex(*kernel):
            y += x[:, r:r + (size[0] - 1) * stride[0] + 1:stride[0], c:c + (size[1] - 1) * stride[1] + 1:stride[1]]
        return y * (1.0 / (kernel[0] * kernel[1])) if mean else y

    return apply


class Neuron:
    """dv/dt and di/dt as steps: the table "Update of a neuron"."""

    def __init__(self, node, shape, dt, fault):
        self.kind, self.fault, self.dt = node.type, fault, dt
        get = lambda name, default: np.broadcast_to(np.asarray(node.data.get(name, default), float), shape)
        self.r = np.ones(shape) if fault == "ignores-r" else get("r", 1.0)
        self.leak, self.reset, self.w_in = get("v_leak", 0.0), get("v_reset", 0.0), get("w_in", 1.0)
        self.threshold = get("v_threshold", math.inf)
        self.tau, self.tau_syn = get("tau_mem" if "Cuba" in self.kind else "tau", 1.0), get("tau_syn", 1.0)
        self.v = np.array(self.leak) if fault == "start-at-leak" else np.zeros(shape)
        self.i = np.zeros(shape)

    def share(self, tau):
        """What stays of a state in a step, and what comes in of its drive."""
        k = self.dt / tau * (2 if self.fault == "euler-wrong" else 1)
        return (np.exp(-k), -np.expm1(-k)) if self.fault == "exp-euler" else (1 - k, k)

    def step(self, u):
        is_jump = self.fault == "drive-impulse"
        if self.kind in ("I", "IF"):
            self.v = self.v + self.r * u
        else:
            stays, comes = self.share(self.tau)
            if "Cuba" in self.kind:
                kept, entering = self.share(self.tau_syn)
                old = self.i
                self.i = kept * self.i + (self.w_in / self.tau_syn if is_jump else entering * self.w_in) * u
                drive = comes * self.r * (old if self.fault == "current-old" else self.i)
            else:
                drive = (self.r / self.tau if is_jump else comes * self.r) * u
            self.v = stays * self.v + drive + comes * self.leak
        if self.fault == "floor-zero":
            self.v = np.maximum(self.v, 0.0)
        if self.kind not in SPIKING:
            return self.v
        spikes = self.v >= self.threshold if self.fault in ("ge-at-threshold", "subtract-and-ge") else self.v > self.threshold
        after = self.v - (self.threshold - self.reset) if self.fault in ("reset-by-subtraction", "subtract-and-ge") else self.reset
        self.v = np.where(spikes, after, self.v)
        return spikes.astype(float)


class Delay:
    def __init__(self, node, shape, dt):
        self.steps = np.broadcast_to(np.floor(np.asarray(node.data["delay"], float) / dt + 0.5).astype(int), shape)
        self.past = []  # the inputs of all steps so far
        self.silent = np.zeros(shape)

    def read(self, now):
        out = np.array(self.silent)
        for n in np.unique(self.steps):
            if n == 0 and now is not None:
                out[self.steps == 0] = now[self.steps == 0]
            elif 0 < n <= len(self.past):
                out[self.steps == n] = self.past[-n][self.steps == n]
        return out


# A run


def spiking(flat):
    """Which nodes pass on nothing but spikes, or counts of them."""
    kinds = [node.type in SPIKING for node in flat.nodes]
    passes = [node.type in ("Flatten", "Delay", "Output") or (node.type == "Input" and not node.outer) for node in flat.nodes]
    known = [kinds[i] or (passes[i] and bool(flat.ins[i])) for i in range(len(kinds))]  # the most that can be
    changed = True
    while changed:
        changed = False
        for i in range(len(known)):
            if known[i] and passes[i] and not all(known[flat.edges[e][0]] for e in flat.ins[i]):
                known[i], changed = False, True
    return known


class Network:
    def __init__(self, model, dt, fault, without):
        self.flat, self.dt, self.fault = Flat(model, without), dt, fault
        flat = self.flat
        if fault == "edges-once":
            for i, incoming in enumerate(flat.ins):
                seen = set()
                flat.ins[i] = [e for e in incoming if not (flat.edges[e] in seen or seen.add(flat.edges[e]))]
        self.shapes = shapes_of(flat)
        self.functions = [stateless(node, fault) for node in flat.nodes]
        self.reset()
        waits = [isinstance(part, Delay) and bool(np.all(part.steps >= 1)) for part in self.parts]
        self.order, self.late = order_of(flat, self.shapes, waits)
        self.waits = waits
        self.spiking = spiking(flat)

    def reset(self):
        self.parts = [Neuron(node, self.shapes[i], self.dt, self.fault) if node.type in NEURONS
                      else Delay(node, self.shapes[i], self.dt) if node.type == "Delay" else None
                      for i, node in enumerate(self.flat.nodes)]

    def silent(self):
        """What nodes pass on before the first step: neurons, delays and inputs nothing, the others what follows."""
        values = {}

        def settle(i):
            todo = [i]
            while todo:
                node = todo[-1]
                is_zero = self.parts[node] is not None or (self.flat.nodes[node].type == "Input" and self.flat.nodes[node].outer)
                if is_zero:
                    values[node] = np.zeros(self.shapes[node])
                missing = [] if is_zero else [s for s in (self.flat.edges[e][0] for e in self.flat.ins[node]) if s not in values]
                if missing:
                    todo += missing
                    continue
                if not is_zero:
                    values[node] = self.functions[node](self.total(node, lambda e: values[self.flat.edges[e][0]]))
                todo.pop()

        for i in range(len(self.flat.nodes)):
            settle(i)
        return values

    def entering(self, node):
        """The shape of what comes in."""
        for e in self.flat.ins[node]:
            return self.shapes[self.flat.edges[e][0]]
        data = self.flat.nodes[node].data
        if "weight" in data and self.flat.nodes[node].type in ("Affine", "Linear"):
            return data["weight"].shape[:-2] + data["weight"].shape[-1:]
        return self.shapes[node]

    def total(self, node, value):
        sum_of_edges = np.zeros(self.entering(node))
        for number, e in enumerate(self.flat.ins[node]):
            x = np.reshape(value(e), sum_of_edges.shape)
            sum_of_edges = np.array(x, float) if number == 0 else sum_of_edges + x
        return sum_of_edges

    def run(self, inputs, sample, steps):
        self.reset()
        before, traces = self.silent(), collections.defaultdict(list)
        for t in range(steps):
            now = {i: self.parts[i].read(None) for i in range(len(self.parts)) if self.waits[i]}
            carried = lambda e: before[self.flat.edges[e][0]] if e in self.late else now[self.flat.edges[e][0]]
            delayed = []
            for i in self.order:
                node, part = self.flat.nodes[i], self.parts[i]
                if self.waits[i]:
                    delayed.append(i)
                elif node.type == "Input" and node.outer:
                    now[i] = np.reshape(inputs["/".join(node.path)][sample, t], self.shapes[i])
                elif isinstance(part, Neuron):
                    now[i] = part.step(np.reshape(self.total(i, carried), self.shapes[i]))
                elif isinstance(part, Delay):
                    came = np.reshape(self.total(i, carried), self.shapes[i])
                    now[i] = part.read(came)
                    part.past.append(came)
                else:
                    now[i] = np.reshape(self.functions[i](self.total(i, carried)), self.shapes[i])
            for i in delayed:
                self.parts[i].past.append(np.reshape(self.total(i, carried), self.shapes[i]))
            before = now
            self.record(now, traces)
        return traces

    def record(self, now, traces):
        for i, node in enumerate(self.flat.nodes):
            if isinstance(self.parts[i], Neuron):
                traces[i, "v"].append(np.ravel(self.parts[i].v))
                if "Cuba" in node.type:
                    traces[i, "i"].append(np.ravel(self.parts[i].i))
                if node.type in SPIKING:
                    traces[i, "spikes"].append(np.ravel(now[i]))
            elif node.type == "Output" and node.outer:
                traces[i, "spikes" if self.spiking[i] else "value"].append(np.ravel(now[i]))


def simulate(model, inputs, dt, fault="", without=()):
    network = Network(model, dt, fault, without)
    samples, steps = next(iter(inputs.values())).shape[:2] if inputs else (1, 0)
    runs = [network.run(inputs, sample, steps) for sample in range(samples)]
    result = {}
    for i, observable in runs[0] if runs else []:
        node = network.flat.nodes[i]
        data = np.array([run[i, observable] for run in runs])
        if fault == "one-step-late" and node.type == "Output":
            data = np.concatenate([np.zeros_like(data[:, :1]), data[:, :-1]], axis=1)
        place = result
        for name in node.path:
            place = place.setdefault(name, {})
        place[observable] = data.astype(bool) if observable == "spikes" and data.max(initial=0) <= 1 else data
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fault", default="", choices=["", *FAULTS])
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    adapter.main(lambda model, inputs, dt: simulate(model, inputs, dt, options.fault, options.without), options.files)


if __name__ == "__main__":
    main()
