#!/usr/bin/env python3
"""A loop through Brian2 and nirc: twenty neurons of Brian2 drive a network that nirc steps, and its spikes drive them.

The same network is then simulated by Brian2 alone. Both give the same spikes.

usage: loop.py
"""

import brian2
import numpy as np
from brian2 import ms

import nirc
import nirc.brian2

brian2.prefs.codegen.target = "numpy"
brian2.defaultclock.dt = 1 * ms
n, m, steps = 20, 30, 1000 * ms
random = np.random.default_rng(1)
ahead, back = random.uniform(0, 12, (m, n)), random.uniform(-0.4, 0.4, (n, m))


def neurons_of_brian2():
    group = brian2.NeuronGroup(n, "dv/dt = (drive - v)/(10*ms) : 1\ndrive : 1", threshold="v > 1", reset="v = 0", method="exact")
    group.drive = np.linspace(0.6, 1.8, n)
    return group


def closed(neurons, spikes, *others):
    """Both groups' spikes, when those of `spikes` drive the neurons."""
    synapses = brian2.Synapses(spikes, neurons, "w : 1", on_pre="v_post += w")
    synapses.connect()
    synapses.w = back.T.reshape(-1)
    monitors = [brian2.SpikeMonitor(neurons), brian2.SpikeMonitor(spikes)]
    brian2.Network(neurons, spikes, synapses, monitors, *others).run(steps)
    return [sorted(zip(np.rint(monitor.t / ms).astype(int), monitor.i)) for monitor in monitors]


# A graph of NIR: weights, then thirty LIF neurons of 20 ms.
ones = np.ones(m)
graph = nirc.Graph(
    {
        "input": nirc.Node("Input", shape=[n]),
        "fc": nirc.Node("Linear", weight=ahead),
        "lif": nirc.Node("LIF", tau=0.02 * ones, r=ones, v_leak=0 * ones, v_threshold=ones),
        "output": nirc.Node("Output", shape=[m]),
    },
    [("input", "fc"), ("fc", "lif"), ("lif", "output")],
)
neurons = neurons_of_brian2()
chip = nirc.brian2.Group(graph, drive={"input": neurons}, semantics="nir,integrator=exact", dtype="f64")
with_nirc = closed(neurons, chip.spikes, chip)

# The same in Brian2: the spikes of a step are a current through the next one.
neurons = neurons_of_brian2()
lif = brian2.NeuronGroup(m, "dv/dt = (current - v)/(20*ms) : 1\ncurrent : 1", threshold="v > 1", reset="v = 0", method="exact")
lif.run_regularly("current = 0", when="after_groups")
weights = brian2.Synapses(neurons, lif, "w : 1", on_pre="current_post += w")
weights.connect()
weights.w = ahead.T.reshape(-1)
alone = closed(neurons, lif, weights)

for name, a, b in zip(("neurons of Brian2", "neurons of nirc"), with_nirc, alone):
    print(f"{name}: {len(a)} spikes in a second; Brian2 alone: {len(b)}, {'the same' if a == b else 'others'}")
