"""For platforms in PyTorch: a network of nirtorch, step by step, and what its layers pass on and keep."""

import numpy as np
import torch


def numbers(value):
    return value.detach().cpu().numpy().astype(np.float64)


def name_in_torch(name):
    """nirtorch's own names of nodes: no dots, no words of Python."""
    import keyword
    name = name.replace(".", "_")
    return "nir_node_" + name if keyword.iskeyword(name) else name


class Recorder:
    """What the layers of chosen nodes give in each call: `states(module, output)` says {observable: tensor}."""

    def __init__(self, network, graph, kinds, states):
        self.rows, self.hooks, self.now = {}, [], {}
        for name, node in graph.nodes.items():
            if isinstance(node, kinds):
                try:
                    module = network.get_submodule(name_in_torch(name))
                except AttributeError:
                    continue
                self.hooks.append(module.register_forward_hook(self.hook(name, states)))

    def hook(self, name, states):
        def keep(module, _given, output):
            self.now[name] = {key: numbers(value) for key, value in states(module, output).items() if value is not None}
        return keep

    def end_step(self):
        for name, values in self.now.items():
            for key, value in values.items():
                self.rows.setdefault(name, {}).setdefault(key, []).append(value.reshape(-1))
        self.now = {}

    def of_sample(self):
        """{node: {observable: [steps, elements]}}, and forgets them."""
        rows, self.rows = self.rows, {}
        return {name: {key: np.stack(values) for key, values in found.items()} for name, found in rows.items()}


def merged(samples):
    """Of a list of {node: {observable: [steps, elements]}} one with [samples, steps, elements]."""
    return {name: {key: np.stack([sample[name][key] for sample in samples]) for key in found} for name, found in samples[0].items()}


def is_spikes(graph, output):
    """Whether what reaches the Output are spikes: its sources are spiking neurons."""
    import nir
    sources = [graph.nodes[start] for start, end in graph.edges if end == output]
    return bool(sources) and all(isinstance(node, (nir.IF, nir.LIF, nir.CubaLIF, nir.Threshold)) for node in sources)


@torch.no_grad()
def run_steps(task, make, batched, states, forget=lambda network: None, dtype=torch.float32):
    """Runs a network that nirtorch made, which takes (x, state) and gives (out, state). `make(graph)` imports it; `batched`: x has a
    dimension for samples."""
    import nir
    given, output = task.only_input(), task.only_output()
    observed = "spikes" if is_spikes(task.graph, output) else "value"
    network = make(task.graph)
    network.eval()
    kinds = (nir.IF, nir.LIF, nir.CubaLIF, nir.LI, nir.CubaLI, nir.I)
    recorder, samples = Recorder(network, task.graph, kinds, states), []
    for sample in torch.tensor(given, dtype=dtype):
        forget(network)
        state, rows = None, []
        for x in sample:
            out = network(x[None] if batched else x, state) if takes_state(network) else network(x[None] if batched else x)
            if isinstance(out, tuple):
                *out, state = out
                out = out[0] if len(out) == 1 else sum(out)
            rows.append(numbers(out).reshape(-1))
            recorder.end_step()
        samples.append({**recorder.of_sample(), output: {observed: np.stack(rows) if rows else np.zeros((0, 0))}})
    return merged(samples)


def takes_state(network):
    return isinstance(network, torch.fx.GraphModule)
