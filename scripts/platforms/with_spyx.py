"""Spyx: layers of spyx.nn, `spyx.nir.to_nir`, `spyx.nir.from_nir`."""

import jax.numpy as jnp
import nir
import numpy as np
from flax import nnx
from spyx import nir as exchange
from spyx import nn

from common import HIDDEN, INPUTS, OUTPUTS, Draw, spikes_in

DT = 1e-3


def linear(draw, outputs, inputs, scale):
    layer = nnx.Linear(inputs, outputs, rngs=nnx.Rngs(0))
    layer.kernel[...] = jnp.array(draw.weight(outputs, inputs, scale).T)
    layer.bias[...] = jnp.array(draw.bias(outputs))
    return layer


def lif(draw, count, kind=nn.LIF):
    layer = kind((count,), beta=0.9, threshold=1.0, rngs=nnx.Rngs(0))
    layer.beta[...] = jnp.array(draw.between(0.7, 0.95, count))
    return layer


def cuba(draw, count):
    layer = nn.CuBaLIF((count,), alpha=0.8, beta=0.9, threshold=2.0, rngs=nnx.Rngs(0))
    layer.alpha[...] = jnp.array(draw.between(0.5, 0.9, count))
    layer.beta[...] = jnp.array(draw.between(0.7, 0.95, count))
    return layer


def loop(draw, count):
    layer = lif(draw, count, nn.RLIF)
    layer.recurrent_w[...] = jnp.array(draw.weight(count, count, 0.4).T)
    return layer


def train():
    return jnp.array(spikes_in()[:, None].astype(np.float32))


def run(net):
    return np.asarray(nn.run(net, train())[0])[:, 0]


def imported(graph):
    return np.asarray(exchange.from_nir(graph, train(), dt=DT)[1])[:, 0]


def make(records):
    networks = {
        "lif": lambda draw: (OUTPUTS, [linear(draw, OUTPUTS, INPUTS, 1.0), lif(draw, OUTPUTS)]),
        "feed-forward": lambda draw: (OUTPUTS, [linear(draw, HIDDEN, INPUTS, 1.0), lif(draw, HIDDEN),
                                                linear(draw, OUTPUTS, HIDDEN, 0.7), cuba(draw, OUTPUTS)]),
        "recurrent": lambda draw: (HIDDEN, [linear(draw, HIDDEN, INPUTS, 1.0), loop(draw, HIDDEN)]),
    }
    for seed, (name, layers_of) in enumerate(networks.items()):
        count, layers = layers_of(Draw(50 + seed))
        net = nn.Sequential(*layers)
        graph = exchange.to_nir(net, {"input": np.array([INPUTS])}, {"output": np.array([count])}, dt=DT)
        for node in graph.nodes.values():
            if isinstance(node, nir.NIRGraph):
                # to_nir (38374e9) draws the layer's input into the recurrent weights, though RLIF adds it to what they give.
                start, weights, neurons = (next(key for key, inner in node.nodes.items() if isinstance(inner, kind))
                                           for kind in (nir.Input, nir.Linear, nir.LIF))
                node.edges = [(start, neurons) if edge == (start, weights) else edge for edge in node.edges]
        records.save(name, imported(records.write(name, graph)), run(net))

    # What `to_nir` never writes: r, w_in, v_leak and v_reset of all kinds, which are dropped.
    draw = Draw(55)
    graph = nir.NIRGraph.from_list(
        nir.Affine(draw.weight(HIDDEN, INPUTS, 1.0), draw.bias(HIDDEN)),
        nir.LIF(tau=draw.between(4e-3, 20e-3, HIDDEN), r=draw.between(0.5, 2.0, HIDDEN), v_leak=draw.between(0.1, 0.3, HIDDEN),
                v_threshold=draw.between(0.5, 1.0, HIDDEN), v_reset=draw.between(0.1, 0.3, HIDDEN)),
        nir.Affine(draw.weight(HIDDEN, HIDDEN, 1.0), draw.bias(HIDDEN)),
        nir.IF(r=draw.between(0.5, 2.0, HIDDEN), v_threshold=draw.between(0.5, 1.0, HIDDEN),
               v_reset=draw.between(0.1, 0.3, HIDDEN)),
        nir.Affine(draw.weight(OUTPUTS, HIDDEN, 1.0), draw.bias(OUTPUTS)),
        nir.CubaLIF(tau_syn=draw.between(2e-3, 10e-3, OUTPUTS), tau_mem=draw.between(4e-3, 20e-3, OUTPUTS),
                    r=draw.between(0.5, 2.0, OUTPUTS), v_leak=draw.between(0.1, 0.3, OUTPUTS),
                    v_threshold=draw.between(2.0, 4.0, OUTPUTS), w_in=draw.between(0.5, 2.0, OUTPUTS),
                    v_reset=draw.between(0.1, 0.3, OUTPUTS)))
    records.save("parameters", imported(records.write("parameters", graph)))
