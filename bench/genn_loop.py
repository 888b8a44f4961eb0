#!/usr/bin/env python3
"""The networks of bench/Networks.h in GeNN, on its single-threaded CPU backend.

    genn_loop.py INPUTS NETWORK [--activities 0.01,0.05,0.2] [--steps 256] [--seconds 1]

INPUTS is the folder that bench-write filled, NETWORK is a file there without its ending: dense-1024. Prints one JSON
object a line: network, activity, steps, events_per_step, wall and cpu (seconds of the fastest run). Ends with status 77 where
GeNN's Python module or h5py is not installed.

The same neurons, synapses and kind of input as nirc's, and spikes are recorded, as nirc does; that those of every run are
the input's is checked. Compiled with what $CXX says, GeNN's own -O3 -ffast-math, and -march=native.
"""

import argparse
import json
import os
import sys
import tempfile
import time

try:
    import h5py
    import numpy as np
    import pygenn
except ImportError as missing:
    print(f"genn_loop.py: {missing}", file=sys.stderr)
    sys.exit(77)

# docs/semantics.md, "Update of a neuron": Euler, a held input, v_leak 0. Isyn is the sum of the weights.
LIF = pygenn.create_neuron_model(
    "LIF",
    params=["stays", "gain", "neurons"],
    vars=[("V", "scalar")],
    extra_global_params=[("x", "uint8_t*")],
    sim_code="V = (stays * V) + (gain * (Isyn + x[((unsigned int)round(t / dt) * (unsigned int)neurons) + id]));",
    threshold_condition_code="V > 1.0",
    reset_code="V = 0.0;",
)
DT = 1.0


def read(path):
    """The weights [from, to], and the factors of the neurons."""
    with h5py.File(path) as file:
        nodes = file["node/nodes"]
        k = 1e-3 / float(nodes["lif/tau"][0])
        return np.ascontiguousarray(nodes["recurrent/weight"][()].T), 1 - k, k * float(nodes["lif/r"][0])


def build(path, steps, folder):
    weights, stays, gain = read(path)
    neurons = len(weights)
    model = pygenn.GeNNModel("float", "recurrent", backend="single_threaded_cpu", optimize_code=True)
    model.dt = DT
    lif = model.add_neuron_population("lif", neurons, LIF, {"stays": stays, "gain": gain, "neurons": neurons}, {"V": 0.0})
    lif.spike_recording_enabled = True
    lif.extra_global_params["x"].set_init_values(np.zeros(steps * neurons, dtype=np.uint8))
    source, target = np.nonzero(weights)
    sparse = len(source) < 0.2 * neurons**2
    values = weights[source, target] if sparse else weights.ravel()
    synapses = model.add_synapse_population(
        "recurrent", "SPARSE" if sparse else "DENSE", lif, lif,
        pygenn.init_weight_update("StaticPulse", {}, {"g": values}), pygenn.init_postsynaptic("DeltaCurr"))
    if sparse:
        synapses.set_sparse_connections(source, target)
    # There is no option for flags of one's own, and GeNN's Makefile takes the compiler from the environment.
    os.environ["CXX"] = f"{os.environ.get('CXX', 'g++')} -march=native"
    model.build(folder)
    model.load(num_recording_timesteps=steps)
    return model, lif, len(source) / neurons


def run(model, lif, steps):
    model.timestep = 0
    lif.vars["V"].view[:] = 0.0
    lif.vars["V"].push_to_device()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(steps):
        model.step_time()
    return time.perf_counter() - wall, time.process_time() - cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs")
    parser.add_argument("network")
    parser.add_argument("--activities", default="0.01,0.05,0.2")
    parser.add_argument("--steps", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each activity")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nirc-genn-") as folder:
        model, lif, fan_out = build(f"{options.inputs}/{options.network}.nir", options.steps, folder)
        for activity in map(float, options.activities.split(",")):
            x = np.random.default_rng(3).random(options.steps * lif.num_neurons) < activity
            lif.extra_global_params["x"].view[:] = x
            lif.extra_global_params["x"].push_to_device()
            runs = [run(model, lif, options.steps)]
            while sum(wall for wall, _ in runs) < options.seconds:
                runs.append(run(model, lif, options.steps))
            model.pull_recording_buffers_from_device()
            times, ids = lif.spike_recording_data[0]
            if len(ids) != np.count_nonzero(x):
                sys.exit(f"genn_loop.py: {len(ids)} spikes, expected {np.count_nonzero(x)}")
            wall, cpu = (min(column) for column in zip(*runs))
            print(json.dumps({"network": options.network, "activity": activity, "steps": options.steps,
                              "events_per_step": fan_out * len(ids) / options.steps, "wall": wall, "cpu": cpu}), flush=True)


if __name__ == "__main__":
    main()
