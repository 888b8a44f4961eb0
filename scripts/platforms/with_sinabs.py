"""Sinabs: layers of sinabs.layers, `sinabs.nir.to_nir`, `sinabs.nir.from_nir`. It has no loops in NIR. dt is one step: 1 s."""

import nir
import numpy as np
import sinabs.layers
import sinabs.nir
import torch

from common import HIDDEN, INPUTS, OUTPUTS, Draw, spikes_in


def linear(draw, outputs, inputs, scale):
    layer = torch.nn.Linear(inputs, outputs)
    layer.weight.data = torch.tensor(draw.weight(outputs, inputs, scale))
    layer.bias.data = torch.tensor(draw.bias(outputs))
    return layer


def lif(draw, count, norm_input):
    return sinabs.layers.LIFSqueeze(
        tau_mem=torch.tensor(draw.between(4.0, 20.0, count)), spike_threshold=torch.tensor(draw.between(1.0, 2.0, count)),
        norm_input=norm_input, batch_size=1)


def integrate_and_fire(draw, count):
    # The lowest v is what the importer takes.
    threshold = torch.tensor(draw.between(1.0, 2.0, count))
    return sinabs.layers.IAFSqueeze(spike_threshold=threshold, min_v_mem=-threshold, batch_size=1)


@torch.no_grad()
def run(net):
    out = net(torch.tensor(spikes_in(), dtype=torch.float32))
    return (out[0] if isinstance(out, tuple) else out).numpy()


def make(records):
    networks = {
        "lif": lambda draw: [linear(draw, OUTPUTS, INPUTS, 2.0), lif(draw, OUTPUTS, norm_input=False)],
        "feed-forward": lambda draw: [linear(draw, HIDDEN, INPUTS, 2.0), lif(draw, HIDDEN, norm_input=False),
                                      linear(draw, OUTPUTS, HIDDEN, 1.0), integrate_and_fire(draw, OUTPUTS)],
    }
    for seed, (name, layers) in enumerate(networks.items()):
        net = torch.nn.Sequential(*layers(Draw(30 + seed)))
        spikes = run(net)
        graph = records.write(name, sinabs.nir.to_nir(net, torch.zeros(1, INPUTS)))
        records.save(name, run(sinabs.nir.from_nir(graph, batch_size=1)), spikes)

    # What `to_nir` never writes: r and v_reset, which are dropped.
    draw = Draw(35)
    graph = records.write("parameters", nir.NIRGraph.from_list(
        nir.Affine(draw.weight(HIDDEN, INPUTS, 2.0), draw.bias(HIDDEN)),
        nir.LIF(tau=draw.between(4.0, 20.0, HIDDEN), r=draw.between(0.5, 2.0, HIDDEN), v_leak=np.zeros(HIDDEN, np.float32),
                v_threshold=draw.between(1.0, 2.0, HIDDEN), v_reset=draw.between(0.1, 0.5, HIDDEN)),
        nir.Affine(draw.weight(OUTPUTS, HIDDEN, 1.0), draw.bias(OUTPUTS)),
        nir.IF(r=draw.between(0.5, 2.0, OUTPUTS), v_threshold=draw.between(1.0, 2.0, OUTPUTS),
               v_reset=draw.between(0.1, 0.5, OUTPUTS))))
    records.save("parameters", run(sinabs.nir.from_nir(graph, batch_size=1)))
