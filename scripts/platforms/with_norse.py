"""Norse: cells of norse.torch, `norse.torch.to_nir`, `norse.torch.from_nir`."""

import logging

import nir
import norse.torch as norse
import numpy as np
import torch

from common import HIDDEN, INPUTS, OUTPUTS, Draw, spikes_in

DT = 1e-3

# The importer warns of every v_reset.
logging.disable(logging.WARNING)


def linear(draw, outputs, inputs, scale, bias=0.05):
    layer = torch.nn.Linear(inputs, outputs)
    layer.weight.data = torch.tensor(draw.weight(outputs, inputs, scale))
    layer.bias.data = torch.tensor(draw.bias(outputs, bias))
    return layer


def lif(draw, count, leak=0.0):
    return norse.LIFBoxCell(
        norse.LIFBoxParameters(
            tau_mem_inv=torch.tensor(draw.between(50.0, 200.0, count)),
            v_leak=torch.tensor(draw.between(0.0, leak, count)) if leak else torch.zeros(count),
            v_th=torch.tensor(draw.between(0.1, 0.3, count)),
            v_reset=torch.zeros(count)),
        dt=DT)


def integrate_and_fire(draw, count):
    return norse.IAFCell(
        norse.IAFParameters(v_th=torch.tensor(draw.between(1.0, 2.0, count)), v_reset=torch.zeros(count)), dt=DT)


class Chain(torch.nn.Module):
    """Layers one after the other; torch.fx traces it in the form that `to_nir` takes."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = torch.nn.ModuleList(layers)

    def forward(self, x, state=None):
        for layer in self.layers:
            out = layer(x)
            x = out if isinstance(layer, torch.nn.Linear) else out[0]
        return x


@torch.no_grad()
def native(layers, feedback=None):
    """The layers step by step; `feedback` leads from the last layer's spikes of the last step to its input."""
    spikes, states = [], [None] * len(layers)
    for x in torch.tensor(spikes_in(), dtype=torch.float32):
        for index, layer in enumerate(layers):
            if isinstance(layer, torch.nn.Linear):
                x = layer(x)
                if feedback and layer is layers[-2] and spikes:
                    x = x + feedback(spikes[-1])
            else:
                x, states[index] = layer(x, states[index])
        spikes.append(x)
    return torch.stack(spikes).numpy()


@torch.no_grad()
def imported(graph):
    net, state, spikes = norse.from_nir(graph, dt=DT), None, []
    for x in torch.tensor(spikes_in(), dtype=torch.float32):
        out, state = net(x, state)
        spikes.append(out)
    return torch.stack(spikes).numpy()


def make(records):
    chains = {
        "lif": lambda draw: [linear(draw, OUTPUTS, INPUTS, 1.0), lif(draw, OUTPUTS)],
        "feed-forward": lambda draw: [linear(draw, HIDDEN, INPUTS, 1.0), lif(draw, HIDDEN),
                                      linear(draw, OUTPUTS, HIDDEN, 4.0), integrate_and_fire(draw, OUTPUTS)],
        "leak": lambda draw: [linear(draw, HIDDEN, INPUTS, 1.0), lif(draw, HIDDEN, leak=0.15),
                              linear(draw, OUTPUTS, HIDDEN, 2.0), lif(draw, OUTPUTS, leak=0.15)],
    }
    for seed, (name, layers_of) in enumerate(chains.items()):
        layers = layers_of(Draw(seed))
        graph = records.write(name, norse.to_nir(Chain(*layers)))
        records.save(name, imported(graph), native(layers))

    # What `to_nir` traces has no loop: its nodes, with the loop drawn by hand.
    draw = Draw(10)
    layers, feedback = [linear(draw, HIDDEN, INPUTS, 1.0), lif(draw, HIDDEN)], linear(draw, HIDDEN, HIDDEN, 1.0, bias=2.0)
    graph = norse.to_nir(Chain(*layers))
    graph.nodes["feedback"] = norse.to_nir(feedback)
    graph.edges += [("layers_1", "feedback"), ("feedback", "layers_1")]
    graph = records.write("recurrent", nir.NIRGraph(graph.nodes, graph.edges))
    records.save("recurrent", imported(graph), native(layers, feedback))

    # What `to_nir` never writes: r of IF and LIF, which is dropped as v_reset is, and CubaLIF as the importer has it.
    draw = Draw(11)
    records.save("parameters", imported(records.write("parameters", nir.NIRGraph.from_list(
        nir.Affine(draw.weight(HIDDEN, INPUTS, 1.0), draw.bias(HIDDEN)),
        nir.LIF(tau=draw.between(0.005, 0.02, HIDDEN), r=draw.between(0.5, 2.0, HIDDEN), v_leak=np.zeros(HIDDEN, np.float32),
                v_threshold=draw.between(0.05, 0.1, HIDDEN), v_reset=draw.between(0.01, 0.04, HIDDEN)),
        nir.Affine(draw.weight(HIDDEN, HIDDEN, 2.0), draw.bias(HIDDEN)),
        nir.IF(r=draw.between(0.5, 2.0, HIDDEN), v_threshold=draw.between(1.0, 2.0, HIDDEN),
               v_reset=draw.between(0.1, 0.5, HIDDEN)),
        nir.Affine(draw.weight(OUTPUTS, HIDDEN, 1.0), draw.bias(OUTPUTS)),
        nir.CubaLIF(tau_syn=draw.between(0.005, 0.02, OUTPUTS), tau_mem=draw.between(0.005, 0.02, OUTPUTS),
                    r=draw.between(0.5, 2.0, OUTPUTS), v_leak=np.zeros(OUTPUTS, np.float32),
                    v_threshold=draw.between(0.05, 0.1, OUTPUTS), w_in=draw.between(0.5, 2.0, OUTPUTS),
                    v_reset=draw.between(0.01, 0.04, OUTPUTS))))))
