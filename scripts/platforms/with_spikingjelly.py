"""SpikingJelly: neurons of spikingjelly.activation_based, `export_to_nir`, `import_from_nir`. Its exporter has no loops."""

import nir
import torch
from spikingjelly.activation_based import functional, layer, neuron
from spikingjelly.activation_based.nir_exchange import export_to_nir, import_from_nir

from common import HIDDEN, INPUTS, OUTPUTS, Draw, spikes_in

DT = 1e-3


def linear(draw, outputs, inputs, scale, bias=0.05):
    made = layer.Linear(inputs, outputs)
    made.weight.data = torch.tensor(draw.weight(outputs, inputs, scale))
    made.bias.data = torch.tensor(draw.bias(outputs, bias))
    return made


@torch.no_grad()
def run(net):
    functional.reset_net(net)
    spikes, state = [], None
    for x in torch.tensor(spikes_in(), dtype=torch.float32):
        out = net(x[None], state) if isinstance(net, torch.fx.GraphModule) else net(x[None])
        if isinstance(out, tuple):
            out, state = out
        spikes.append(out[0])
    return torch.stack(spikes).numpy()


def make(records):
    networks = {
        "lif": lambda draw: [linear(draw, OUTPUTS, INPUTS, 2.0), neuron.LIFNode(tau=8.0, v_threshold=0.3, v_reset=0.0)],
        "feed-forward": lambda draw: [linear(draw, HIDDEN, INPUTS, 1.0),
                                      neuron.LIFNode(tau=8.0, decay_input=False, v_threshold=1.0, v_reset=0.0),
                                      linear(draw, OUTPUTS, HIDDEN, 2.0), neuron.IFNode(v_threshold=1.5, v_reset=0.0)],
        "reset": lambda draw: [linear(draw, HIDDEN, INPUTS, 1.5), neuron.LIFNode(tau=8.0, v_threshold=0.3, v_reset=0.1),
                               linear(draw, OUTPUTS, HIDDEN, 2.0), neuron.IFNode(v_threshold=1.5, v_reset=0.4)],
    }
    for seed, (name, layers) in enumerate(networks.items()):
        net = torch.nn.Sequential(*layers(Draw(70 + seed)))
        graph = records.write(name, export_to_nir(net, torch.zeros(1, INPUTS), dt=DT))
        records.save(name, run(import_from_nir(graph, dt=DT)), run(net))

    # What `export_to_nir` traces has no loop: its nodes, with the loop drawn by hand. `import_from_nir` reads it.
    draw = Draw(75)
    net = torch.nn.Sequential(linear(draw, HIDDEN, INPUTS, 1.0), neuron.LIFNode(tau=8.0, v_threshold=0.15, v_reset=0.0))
    feedback = linear(draw, HIDDEN, HIDDEN, 1.0, bias=0.5)
    graph = export_to_nir(net, torch.zeros(1, INPUTS), dt=DT)
    neurons = next(name for name, node in graph.nodes.items() if isinstance(node, nir.LIF))
    graph.nodes["feedback"] = nir.Affine(feedback.weight.detach().numpy(), feedback.bias.detach().numpy())
    graph = records.write(
        "recurrent", nir.NIRGraph(graph.nodes, graph.edges + [(neurons, "feedback"), ("feedback", neurons)]))
    records.save("recurrent", run(import_from_nir(graph, dt=DT)))
