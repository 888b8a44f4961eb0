"""Rockpool: modules of rockpool.nn.modules, `to_nir`, `from_nir` of rockpool.nn.modules.torch.nir."""

import nir
import numpy as np
import torch
from rockpool.nn.combinators import Sequential
from rockpool.nn.modules import LIFNeuronTorch, LIFTorch, LinearTorch
from rockpool.nn.modules.torch.nir import from_nir, to_nir

from common import HIDDEN, INPUTS, OUTPUTS, Draw, spikes_in

DT = 1e-3


def linear(draw, outputs, inputs, scale):
    return LinearTorch((inputs, outputs), weight=torch.tensor(draw.weight(outputs, inputs, scale).T),
                       bias=torch.tensor(draw.bias(outputs)), has_bias=True)


def lif(draw, count):
    return LIFNeuronTorch(count, tau_mem=torch.tensor(draw.between(4e-3, 20e-3, count)),
                          threshold=torch.tensor(draw.between(1.0, 2.0, count)), bias=torch.zeros(count), dt=DT)


def cuba(draw, count, w_rec=None):
    # The shortest is the same in every layer, and so is the importer's dt.
    tau_mem = draw.between(4e-3, 20e-3, count)
    tau_mem[0] = 4e-3
    loop = {} if w_rec is None else {"has_rec": True, "w_rec": torch.tensor(w_rec)}
    return LIFTorch(count, tau_mem=torch.tensor(tau_mem),
                    tau_syn=torch.tensor(draw.between(2e-3, 10e-3, count)[:, None]),
                    threshold=torch.tensor(draw.between(2.0, 4.0, count)), bias=torch.zeros(count), dt=DT, **loop)


@torch.no_grad()
def run(net):
    spikes, _, _ = net(torch.tensor(spikes_in()[None], dtype=torch.float32))
    return spikes[0].numpy()


def exported(net):
    """`to_nir` counts batch and steps into the shapes of Input and Output, [1, 6] and [1, 1, 4], which NIR's reader refuses."""
    graph = to_nir(net)
    for name, node in graph.nodes.items():
        if isinstance(node, (nir.Input, nir.Output)):
            graph.nodes[name] = type(node)(np.array([int(next(iter(node.input_type.values()))[-1])]))
    return graph


@torch.no_grad()
def imported(graph):
    out = from_nir(graph)(torch.tensor(spikes_in()[None], dtype=torch.float32))
    return out[0][0].numpy()


def make(records):
    # `from_nir` (42cee1c) looks for tau_mem in a LIF, where NIR has tau: it reads no LIF.
    net = Sequential(linear(draw := Draw(40), OUTPUTS, INPUTS, 2.0), lif(draw, OUTPUTS))
    spikes = run(net)  # before the export, which runs a step and leaves its state
    records.write("lif", exported(net))
    records.save("lif", None, spikes)

    # `from_nir` takes the least tau_mem / (1 + r) of a layer as its dt, here 0.0009720056 in all layers.
    net = Sequential(linear(draw := Draw(41), HIDDEN, INPUTS, 1.0), cuba(draw, HIDDEN),
                     linear(draw, OUTPUTS, HIDDEN, 0.5), cuba(draw, OUTPUTS))
    spikes = run(net)
    graph = exported(net)
    records.save("feed-forward", imported(records.write("feed-forward", graph)), spikes)

    # What `to_nir` never writes: w_in and v_reset, which are dropped.
    draw = Draw(44)
    tau_mem = draw.between(4e-3, 20e-3, OUTPUTS)
    tau_mem[0] = 4e-3
    graph = records.write("parameters", nir.NIRGraph.from_list(
        nir.Affine(draw.weight(OUTPUTS, INPUTS, 1.0), draw.bias(OUTPUTS)),
        nir.CubaLIF(tau_syn=draw.between(2e-3, 10e-3, OUTPUTS), tau_mem=tau_mem, r=tau_mem * np.exp(-DT / tau_mem) / DT,
                    v_leak=np.zeros(OUTPUTS, np.float32), v_threshold=draw.between(2.0, 4.0, OUTPUTS),
                    w_in=draw.between(0.5, 2.0, OUTPUTS), v_reset=draw.between(0.1, 0.5, OUTPUTS))))
    records.save("parameters", imported(graph))

    # `to_nir` leaves out the weights of a loop: the subgraph that `from_nir` looks for, around the exporter's nodes.
    weight = Draw(42).weight(HIDDEN, HIDDEN, 0.3)
    layers = [linear(draw := Draw(43), HIDDEN, INPUTS, 1.0), cuba(draw, HIDDEN, weight.T)]
    net = Sequential(*layers)
    spikes = run(net)
    graph = exported(net)
    name = next(key for key, node in graph.nodes.items() if isinstance(node, nir.CubaLIF))
    graph.nodes[name] = nir.NIRGraph(
        {"input": nir.Input(np.array([HIDDEN])), "lif": graph.nodes[name], "w_rec": nir.Linear(weight),
         "output": nir.Output(np.array([HIDDEN]))},
        [("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")])
    graph = records.write("recurrent", nir.NIRGraph(graph.nodes, graph.edges, type_check=False))
    records.save("recurrent", imported(graph), spikes)
