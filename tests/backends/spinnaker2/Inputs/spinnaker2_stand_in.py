"""Runs a script for py-spinnaker2 without py-spinnaker2: spinnaker2_stand_in.py SCRIPT ARGUMENT...

Stands in for the classes that scripts of --emit=py-spinnaker2 use, and refuses what the package is known to refuse. Its
neurons follow the recordings of the NIR paper: x = alpha x + sum (+ i_offset), a spike above the threshold, then the reset. A
spike of tick t is in v in tick t + 1 + delay. States are float32 on hardware, and float64 with float32 parameters in Brian2.
Excitatory and inhibitory currents are separate. Needs NumPy alone.
"""
import runpy
import sys
import types

import numpy as np

LIF = {"threshold", "alpha_decay", "i_offset", "v_init", "v_reset", "reset"}
MODELS = {  # parameters, largest weight, longest delay
    "lif": (LIF, 15, 7),
    "lif_no_delay": (LIF, 127, 0),
    "lif_curr_exp": (LIF | {"exc_decay", "inh_decay", "t_refrac"}, 15, 7),
    "lif_curr_exp_no_delay": (LIF | {"exc_decay", "inh_decay", "t_refrac"}, 127, 0),
}


def expect(holds, text):
    if not holds:
        sys.exit(f"stand-in: {text}")


class Population:
    def __init__(self, size, neuron_model, params, name, record=()):
        expect(size > 0, f"{name}: size {size}")
        self.size, self.neuron_model, self.params, self.name, self.record = size, neuron_model, params, name, record
        self.per_core = None
        if neuron_model == "spike_list":
            expect(set(params) <= set(range(size)), f"{name}: spikes of {sorted(params)[-1]}, size {size}")
            return
        expect(neuron_model in MODELS, f"{name}: no model {neuron_model}")
        expect(set(params) == MODELS[neuron_model][0], f"{name}: parameters {sorted(params)}")
        expect(params["reset"] in ("reset_by_subtraction", "reset_to_v_reset"), f"{name}: reset {params['reset']}")
        expect(params.get("t_refrac", 0) == 0, f"{name}: refractory")
        expect(set(record) <= {"spikes", "v"}, f"{name}: record {record}")
        for key, value in params.items():
            expect(key == "reset" or np.shape(value) in ((), (size,)), f"{name}: {key} of {np.shape(value)}")

    def set_max_atoms_per_core(self, count):
        self.per_core = count

    def get_spikes(self):
        expect("spikes" in self.record, f"{self.name}: spikes were not recorded")
        return {n: np.flatnonzero(fired).tolist() for n, fired in enumerate(np.array(self.fired).T)}

    def get_voltages(self):
        expect("v" in self.record, f"{self.name}: v was not recorded")
        return dict(enumerate(np.array(self.voltages).T))


class Projection:
    def __init__(self, pre, post, connections):
        _, largest, longest = MODELS[post.neuron_model]
        for source, target, weight, delay in connections:
            expect(all(isinstance(x, int) for x in (source, target, weight, delay)), "a synapse that is not of integers")
            expect(0 <= source < pre.size and 0 <= target < post.size, f"a synapse from {source} to {target}")
            expect(0 < abs(weight) <= largest, f"{post.name}: a weight of {weight}")
            expect(0 <= delay <= longest, f"{post.name}: a delay of {delay}")
        self.pre, self.post, self.connections = pre, post, np.array(connections)


class Network:
    def __init__(self, name):
        self.populations, self.projections = [], []

    def add(self, *parts):
        for part in parts:
            (self.populations if isinstance(part, Population) else self.projections).append(part)
        for projection in self.projections:
            expect(projection.pre in self.populations and projection.post in self.populations, "a projection of others")


def simulate(net, ticks, real):
    """`real`: of states."""
    for p in net.populations:
        p.fired, p.voltages = [], []
        p.sums = np.zeros((2, ticks + 9, p.size), np.int64)  # excitatory, inhibitory
        if p.neuron_model != "spike_list":
            p.constants = {key: np.broadcast_to(np.asarray(value, np.float32), p.size).astype(real)
                           for key, value in p.params.items() if key != "reset"}
            p.v, p.currents = p.constants["v_init"].copy(), np.zeros((2, p.size), real)
    for tick in range(ticks):
        for p in net.populations:
            p.fired.append(update(p, tick, real))
        for projection in net.projections:
            source, target, weight, delay = projection.connections.T
            sent = projection.pre.fired[-1][source]
            place = ((weight < 0).astype(int)[sent], (tick + 1 + delay)[sent], target[sent])
            np.add.at(projection.post.sums, place, weight[sent])


def update(p, tick, real):
    if p.neuron_model == "spike_list":
        return np.array([tick in p.params.get(i, ()) for i in range(p.size)])
    c, sums = p.constants, p.sums[:, tick].astype(real)
    if "curr_exp" in p.neuron_model:
        p.currents = np.stack([c["exc_decay"], c["inh_decay"]]) * p.currents + sums
        drive = p.currents[0] + p.currents[1]
    else:
        drive = sums[0] + sums[1]
    v = c["alpha_decay"] * p.v + drive + c["i_offset"]
    fired = v > c["threshold"]
    after = v - c["threshold"] if p.params["reset"] == "reset_by_subtraction" else c["v_reset"]
    p.v = np.where(fired, after, v)
    assert p.v.dtype == real
    p.voltages.append(p.v.copy())
    return fired


class Brian2Backend:
    def run(self, net, timesteps):
        simulate(net, timesteps, np.float64)


class Hardware:
    def __init__(self, **addresses):
        self.addresses = addresses

    def run(self, net, timesteps, sys_tick_in_s):
        for p in net.populations:
            if p.neuron_model != "spike_list":
                expect(p.per_core is not None and 0 < p.per_core <= 250, f"{p.name}: {p.per_core} neurons in a core")
                self.expect_room(net, p, timesteps)
        print(f"{self.addresses}, ticks of {sys_tick_in_s} s, neurons in a core: {[p.per_core for p in net.populations]}")
        simulate(net, timesteps, np.float32)

    def expect_room(self, net, p, ticks):
        into = [each for each in net.projections if each.post is p]
        for first in range(0, p.size, p.per_core):
            neurons = min(p.per_core, p.size - first)
            used = neurons * (32 + 2 * 2 * (1 + MODELS[p.neuron_model][2]))
            for each in into:
                used += 2 * sum(first <= target < first + neurons for target in each.connections[:, 1])
                used += 4 * len(set(each.connections[:, 0]))
            used += ticks * (("v" in p.record) * 4 * neurons + ("spikes" in p.record) * -(-neurons // 8))
            expect(used <= 96 * 1024, f"{p.name}: {used} bytes in a core")


class SpiNNaker2Chip(Hardware):
    def __init__(self, eth_ip):
        super().__init__(eth_ip=eth_ip)


class SpiNNcloud48NodeBoard(Hardware):
    def __init__(self, stm_ip, eth_ip):
        super().__init__(stm_ip=stm_ip, eth_ip=eth_ip)


def install():
    package = types.ModuleType("spinnaker2")
    for name, content in {
        "snn": dict(Population=Population, Projection=Projection, Network=Network),
        "hardware": dict(SpiNNaker2Chip=SpiNNaker2Chip, SpiNNcloud48NodeBoard=SpiNNcloud48NodeBoard),
        "brian2_sim": dict(Brian2Backend=Brian2Backend),
    }.items():
        module = types.ModuleType(f"spinnaker2.{name}")
        vars(module).update(content)
        setattr(package, name, module)
        sys.modules[module.__name__] = module
    sys.modules["spinnaker2"] = package


if __name__ == "__main__":
    install()
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
