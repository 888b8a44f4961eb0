"""A network of nirc in a simulation of Brian2."""

import numpy as np
import pytest

brian2 = pytest.importorskip("brian2")

import nirc
import nirc.brian2
from conftest import chain, lif

STEPS = 400


@pytest.fixture(autouse=True)
def fresh():
    brian2.prefs.codegen.target = "numpy"
    brian2.start_scope()
    brian2.defaultclock.dt = 1 * brian2.ms


def weights(seed, rows, columns, low, high):
    return np.random.default_rng(seed).uniform(low, high, (rows, columns))


def loop(make):
    """Twenty neurons of Brian2 drive thirty others and are driven by them; spikes of both."""
    n, m = 20, 30
    ahead, back = weights(1, m, n, 0.0, 12.0), weights(2, n, m, -0.4, 0.4)
    neurons = brian2.NeuronGroup(n, "dv/dt = (drive - v)/(10*ms) : 1\ndrive : 1", threshold="v > 1", reset="v = 0", method="exact")
    neurons.drive = np.linspace(0.6, 1.8, n)
    others, spikes = make(neurons, ahead)
    synapses = brian2.Synapses(spikes, neurons, "w : 1", on_pre="v_post += w")
    synapses.connect()
    synapses.w = back.T.reshape(-1)
    watch = [brian2.SpikeMonitor(neurons), brian2.SpikeMonitor(spikes)]
    network = brian2.Network(neurons, others, synapses, watch)
    if spikes is not others and not isinstance(others, nirc.brian2.Group):
        network.add(spikes)
    network.run(STEPS * brian2.ms)
    return [np.stack([np.rint(one.t / brian2.ms), one.i]) for one in watch]


def test_the_loop_is_that_of_brian2_alone():
    tau, threshold = 20e-3, 1.0

    def by_nirc(neurons, ahead):
        graph = chain(20, ahead, lif(30, tau, threshold))
        group = nirc.brian2.Group(graph, drive={"input": neurons}, semantics="nir,integrator=exact", dtype="f64")
        return group, group.spikes

    def by_brian2(neurons, ahead):
        """The same neurons: the spikes of a step are a current through the next, and then over."""
        others = brian2.NeuronGroup(
            30, "dv/dt = (current - v)/(20*ms) : 1\ncurrent : 1", threshold="v > 1", reset="v = 0", method="exact"
        )
        others.run_regularly("current = 0", when="after_groups")
        synapses = brian2.Synapses(neurons, others, "w : 1", on_pre="current_post += w")
        synapses.connect()
        synapses.w = ahead.T.reshape(-1)
        return [others, synapses], others

    ours, theirs = loop(by_nirc), loop(by_brian2)
    for a, b in zip(ours, theirs):
        assert a.shape[1] > 300
        assert np.array_equal(a, b)


def test_spikes_come_one_step_later_and_parts_of_groups_drive():
    fires = brian2.TimedArray(np.array([[0, 0, 0, 0, 0]] * 2 + [[0, 1, 0, 0, 0], [0] * 5, [0, 0, 0, 1, 1]] + [[0] * 5] * 9), 1 * brian2.ms)
    source = brian2.NeuronGroup(5, "", threshold="fires(t, i) > 0", namespace={"fires": fires})
    graph = chain(3, np.eye(3) * 100, lif(3))
    group = nirc.brian2.Group(graph, drive={"input": source[1:4]})
    watch = brian2.SpikeMonitor(group.spikes)
    brian2.Network(source, group, watch).run(10 * brian2.ms)
    assert list(zip(np.rint(watch.t / brian2.ms), watch.i)) == [(3, 0), (5, 2)]


def test_currents_from_a_function():
    graph = chain(2, np.eye(2), lif(2))
    group = nirc.brian2.Group(graph, drive={"input": lambda: np.full(2, 1.5)}, record="lif0:v")
    brian2.Network(group).run(30 * brian2.ms)
    whole = nirc.compile(graph, dt=1e-3, record="lif0:v")(np.full((30, 2), 1.5))
    assert np.array_equal(group.session.state("lif0.v"), whole["lif0.v"][-1])
    assert group.session.steps_done == 30
    group.reset()
    assert group.session.steps_done == 0


def test_store_and_restore():
    graph = chain(2, np.eye(2), lif(2))
    group = nirc.brian2.Group(graph, drive={"input": lambda: np.full(2, 1.5)})
    watch = brian2.SpikeMonitor(group.spikes)
    network = brian2.Network(group, watch)
    network.run(33 * brian2.ms)
    network.store()
    seen = []
    for _ in range(2):
        network.run(40 * brian2.ms)
        seen.append((group.session.steps_done, np.asarray(watch.t).tolist()))
        network.restore()
    assert seen[0] == seen[1] and seen[0][0] == 73 and len(seen[0][1]) > 2
    assert group.session.steps_done == 33


def test_what_does_not_fit_is_refused():
    graph = chain(3, np.eye(3), lif(3))
    source = brian2.PoissonGroup(4, 10 * brian2.Hz)
    with pytest.raises(ValueError, match="found a group of 4, expected 3"):
        nirc.brian2.Group(graph, drive={"input": source})
    with pytest.raises(KeyError, match="no input is called 'x'"):
        nirc.brian2.Group(graph, drive={"x": source})
    slow = brian2.NeuronGroup(3, "v : 1", threshold="v > 1", dt=4 * brian2.ms)
    group = nirc.brian2.Group(graph, drive={"input": slow})
    with pytest.raises(brian2.core.base.BrianObjectException) as caught:
        brian2.Network(slow, group).run(5 * brian2.ms)
    assert "its group has steps of" in str(caught.value.__cause__)
    brian2.set_device("cpp_standalone", build_on_run=False)
    try:
        with pytest.raises(NotImplementedError):
            nirc.brian2.Group(graph)
    finally:
        brian2.set_device("runtime")
    with pytest.raises(ValueError, match="steps of"):
        nirc.brian2.Group(nirc.compile(graph, dt=1e-4))


def test_the_example_says_that_both_are_the_same():
    import subprocess
    import sys

    from conftest import EXAMPLES

    said = subprocess.run([sys.executable, EXAMPLES / "python/loop.py"], capture_output=True, text=True, timeout=300)
    assert said.returncode == 0 and said.stdout.count("the same") == 2, said.stdout + said.stderr
