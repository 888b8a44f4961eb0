"""Nengo: files of NIR's own library, read by `nir_to_nengo` of the NIR paper (paper/03_rnn of NIR's repository).

Nengo has no exporter. `nir_to_nengo` takes neurons whose time constants and r are those of their layer, and drops v_reset.
"""

import nengo
import nir
import numpy as np
from nir_to_nengo import nir_to_nengo

from common import HIDDEN, INPUTS, OUTPUTS, Draw, spikes_in

DT = 1e-3


def affine(draw, outputs, inputs, scale, bias=0.05):
    return nir.Affine(draw.weight(outputs, inputs, scale), draw.bias(outputs, bias))


def lif(draw, count):
    ones = np.ones(count, np.float32)
    return nir.LIF(tau=0.01 * ones, r=ones, v_leak=0 * ones, v_threshold=draw.between(0.05, 0.15, count),
                   v_reset=draw.between(0.01, 0.04, count))


def integrate_and_fire(draw, count):
    ones = np.ones(count, np.float32)
    return nir.IF(r=ones, v_threshold=draw.between(1.0, 2.0, count), v_reset=draw.between(0.1, 0.5, count))


def cuba(draw, count):
    ones = np.ones(count, np.float32)
    return nir.CubaLIF(tau_syn=0.004 * ones, tau_mem=0.01 * ones, r=2 * ones, v_leak=0 * ones, v_threshold=0.1 * ones,
                       w_in=draw.between(0.5, 1.5, count), v_reset=draw.between(0.01, 0.04, count))


def imported(graph):
    neurons = [name for name, node in graph.nodes.items() if isinstance(node, (nir.IF, nir.LIF, nir.CubaLIF))]
    with nengo.Network() as model:
        _, parts = nir_to_nengo(graph, dt=DT)
        source = nengo.Node(nengo.processes.PresentInput(spikes_in().astype(float), presentation_time=DT))
        nengo.Connection(source, parts["input"], synapse=None)
        probes = {name: nengo.Probe(parts[name]) for name in neurons}
    with nengo.Simulator(model, dt=DT, progress_bar=False) as simulator:
        simulator.run_steps(len(spikes_in()))
    last = next(start for start, end in graph.edges if end == "output")
    amplitude = simulator.data[probes[last]].max() or 1  # a LIF sends 1/dt for a spike, IF and CubaLIF 1
    return simulator.data[probes[last]] / amplitude


def chain(*nodes):
    names = ["input"] + [f"{index}" for index in range(len(nodes))] + ["output"]
    size = nodes[0].weight.shape[1], nodes[-1].v_threshold.size
    return nir.NIRGraph(dict(zip(names, [nir.Input(np.array([size[0]])), *nodes, nir.Output(np.array([size[1]]))])),
                        list(zip(names, names[1:])))


def make(records):
    networks = {
        "lif": lambda draw: chain(affine(draw, OUTPUTS, INPUTS, 1.0), lif(draw, OUTPUTS)),
        "if": lambda draw: chain(affine(draw, HIDDEN, INPUTS, 1.0), integrate_and_fire(draw, HIDDEN),
                                 affine(draw, OUTPUTS, HIDDEN, 2.0), integrate_and_fire(draw, OUTPUTS)),
        "feed-forward": lambda draw: chain(affine(draw, HIDDEN, INPUTS, 1.0), cuba(draw, HIDDEN),
                                           affine(draw, OUTPUTS, HIDDEN, 1.0), cuba(draw, OUTPUTS)),
        "recurrent": lambda draw: chain(affine(draw, HIDDEN, INPUTS, 1.0), cuba(draw, HIDDEN)),
    }
    for seed, (name, network) in enumerate(networks.items()):
        draw = Draw(60 + seed)
        graph = network(draw)
        if name == "recurrent":
            graph.nodes["feedback"] = affine(draw, HIDDEN, HIDDEN, 0.5, bias=0.2)
            graph = nir.NIRGraph(graph.nodes, graph.edges + [("1", "feedback"), ("feedback", "1")])
        records.save(name, imported(records.write(name, graph)))
