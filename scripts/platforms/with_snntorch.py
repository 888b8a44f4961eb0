"""snnTorch: layers of snntorch, `export_to_nir`, `import_from_nir`. Both take dt as 1e-4."""

import nir
import nirtorch
import numpy as np
import snntorch
import torch
from snntorch.export_nir import export_to_nir
from snntorch import import_nir as importer
from snntorch.import_nir import import_from_nir

from common import HIDDEN, INPUTS, OUTPUTS, Draw, spikes_in

DT = 1e-4


def linear(draw, outputs, inputs, scale):
    layer = torch.nn.Linear(inputs, outputs)
    layer.weight.data = torch.tensor(draw.weight(outputs, inputs, scale))
    layer.bias.data = torch.tensor(draw.bias(outputs))
    return layer


# The importer wants one threshold a layer.
def leaky(draw, count):
    return snntorch.Leaky(beta=torch.tensor(draw.between(0.7, 0.95, count)), threshold=torch.full((count,), 1.0),
                          init_hidden=True)


def synaptic(draw, count):
    return snntorch.Synaptic(alpha=torch.tensor(draw.between(0.5, 0.9, count)),
                             beta=torch.tensor(draw.between(0.7, 0.95, count)), threshold=torch.full((count,), 2.0),
                             init_hidden=True)


def recurrent(draw, count):
    layer = snntorch.RLeaky(beta=torch.tensor(draw.between(0.7, 0.95, count)), threshold=torch.full((count,), 1.0),
                            linear_features=count, init_hidden=True)
    feedback = linear(draw, count, count, 0.5)
    layer.recurrent.weight.data, layer.recurrent.bias.data = feedback.weight.data, feedback.bias.data
    return layer


def forget(net):
    """Layers with init_hidden keep their state between calls."""
    for layer in net.modules():
        if hasattr(layer, "reset_mem"):
            layer.reset_mem()
            for state in ("mem", "syn", "spk"):
                if hasattr(layer, state):
                    setattr(layer, state, torch.zeros(0))


@torch.no_grad()
def run(net):
    forget(net)
    spikes, state = [], None
    for x in torch.tensor(spikes_in(), dtype=torch.float32):
        out = net(x, state) if isinstance(net, torch.fx.GraphModule) else net(x)
        if isinstance(out, tuple):
            out, state = out
        spikes.append(out)
    return torch.stack(spikes).numpy()


def imported(graph):
    return run(import_from_nir(graph))


def imported_loop(graph):
    """The importer's own reading of a loop, RLeaky, with which it is not called today.

    `import_from_nir` (634fc22) turns the loop into a subgraph whose input leads into the recurrent weights, and does not name
    subgraphs in the map that it hands to nirtorch: nirtorch then runs the changed subgraph node by node, or fails where the
    file's alphabetical order has the subgraph before what leads to it.
    """
    graph = importer._replace_rnn_subgraph_with_nirgraph(graph)
    kinds = [nir.Affine, nir.Linear, nir.LIF, nir.CubaLIF, nir.NIRGraph]
    return run(nirtorch.nir_to_torch(
        graph, {kind: lambda node: importer._nir_to_snntorch_module(node, init_hidden=True) for kind in kinds}))


def make(records):
    networks = {
        "lif": (imported, lambda draw: [linear(draw, OUTPUTS, INPUTS, 1.0), leaky(draw, OUTPUTS)]),
        "feed-forward": (imported, lambda draw: [linear(draw, HIDDEN, INPUTS, 1.0), leaky(draw, HIDDEN),
                                                 linear(draw, OUTPUTS, HIDDEN, 0.7), synaptic(draw, OUTPUTS)]),
        "recurrent": (imported_loop, lambda draw: [linear(draw, HIDDEN, INPUTS, 1.0), recurrent(draw, HIDDEN)]),
    }
    for seed, (name, (read, layers)) in enumerate(networks.items()):
        net = torch.nn.Sequential(*layers(Draw(20 + seed)))
        graph = records.write(name, export_to_nir(net, torch.zeros(1, INPUTS), ignore_dims=[0]))
        records.save(name, read(graph), run(net))

    # What `export_to_nir` never writes: r and w_in that leave a scale, the same for all neurons, and v_reset, which is dropped.
    draw = Draw(25)
    tau, tau_mem, tau_syn = draw.between(3e-4, 2e-3, HIDDEN), draw.between(3e-4, 2e-3, OUTPUTS), np.full(OUTPUTS, 8e-4)
    graph = records.write("parameters", nir.NIRGraph.from_list(
        nir.Affine(draw.weight(HIDDEN, INPUTS, 1.0), draw.bias(HIDDEN)),
        nir.LIF(tau=tau, r=0.5 * tau / DT, v_leak=np.zeros(HIDDEN, np.float32), v_threshold=np.full(HIDDEN, 0.4, np.float32),
                v_reset=draw.between(0.05, 0.2, HIDDEN)),
        nir.Affine(draw.weight(OUTPUTS, HIDDEN, 0.7), draw.bias(OUTPUTS)),
        nir.CubaLIF(tau_syn=tau_syn, tau_mem=tau_mem, r=tau_mem / DT, w_in=2.0 * tau_syn / DT,
                    v_leak=np.zeros(OUTPUTS, np.float32), v_threshold=np.full(OUTPUTS, 5.0, np.float32),
                    v_reset=draw.between(0.5, 2.0, OUTPUTS))))
    records.save("parameters", imported(graph))
