"""Networks: compiled, run, saved; what can be wrong; threads and signals."""

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import nirc
from conftest import EXAMPLES, chain, lif


@pytest.fixture
def network(two_layers):
    return nirc.compile(two_layers[0], dt=1e-3, record=["lif1:v,spikes"])


def test_gives_what_the_command_line_gives(two_layers, command, tmp_path):
    path, x = two_layers
    for choices, flags in (
        ({}, ()),
        ({"semantics": "snntorch"}, ("--semantics", "snntorch")),
        ({"target": "reference", "dtype": "f64"}, ("--target", "reference", "--dtype", "f64")),
        ({"format": "int8", "calibrate": x}, ("--format", "int8", "--calibrate", two_layers[0].with_suffix(".npy"))),
    ):
        command("run", path, "--dt", "1ms", "--input", path.with_suffix(".npy"), "-o", tmp_path / "o.npy", *flags)
        output = nirc.compile(path, dt=1e-3, **choices)(x).output
        assert np.array_equal(output, np.load(tmp_path / "o.npy")), flags
        assert output.sum() > 0


def test_arrays_of_every_layout_and_dtype_give_the_same(network, two_layers):
    x = two_layers[1]
    expected = network(x)
    for dtype in ("f4", "f8", "f2", "i4", "u1", "?", ">f4", "i8"):
        assert np.array_equal(network(x.astype(dtype)).output, network(x.astype(dtype).astype("f4")).output)
    spread = np.zeros((len(x), 24), x.dtype)
    spread[:, ::2] = x
    assert np.array_equal(network(spread[:, ::2]).output, expected.output)
    assert np.array_equal(network({"input": x}).output, expected.output)
    assert np.array_equal(network(x.tolist()).output, expected.output)
    batch = np.stack([x, x[::-1], 0 * x])
    both = network(batch)
    assert both.output.shape == (3, *expected.output.shape)
    assert np.array_equal(both.output[0], expected.output)
    assert np.array_equal(both["lif1.v"][0], expected["lif1.v"])
    steps_first = network(batch.swapaxes(0, 1), layout="TBN")
    assert np.array_equal(steps_first.output, both.output.swapaxes(0, 1))
    assert np.array_equal(steps_first.by_sample("lif1.v"), both.by_sample("lif1.v"))


def test_results_are_arrays_that_can_be_written(network, two_layers):
    result = network(two_layers[1])
    result.output[0, 0] = 7
    assert result["output"][0, 0] == 7
    assert set(result) == {"output", "lif1.v", "lif1.spikes"}
    assert np.asarray(result).shape == result.output.shape
    with pytest.raises(KeyError, match="no 'lif2.v' was recorded, there are output, lif1.v"):
        result["lif2.v"]


def test_events_are_the_spikes(network, two_layers):
    result = network(np.stack([two_layers[1], two_layers[1][::-1]]))
    events = result.events("lif1.spikes")
    dense = np.zeros_like(result["lif1.spikes"], dtype="i8")
    dense[events.sample, events.step, events.neuron] = events.spikes
    assert np.array_equal(dense, result["lif1.spikes"])
    assert np.allclose(events.time, events.step * 1e-3)
    assert result.spike_counts()["lif1.spikes"] == len(events.step)


def test_spikes_between_steps_have_their_times():
    """A LIF with tau 20 ms under a current of 2 crosses 1 after tau ln 2, and again after as long."""
    graph = chain(1, [[2.0]], lif(1))
    events = nirc.compile(graph, "reference", dt=1e-3, semantics="exact")(np.ones((60, 1))).events()
    assert np.allclose(events.time[:4], 0.02 * np.log(2) * np.arange(1, 5))


def test_dataframes(network, two_layers):
    pandas = pytest.importorskip("pandas")
    one, two = network(two_layers[1]), network(np.stack([two_layers[1]] * 2))
    frame = one.to_dataframe()
    assert frame.shape == (len(two_layers[1]), sum(one.by_sample(key).shape[2] for key in one))
    assert np.array_equal(frame["output"].to_numpy(), one.output)
    assert np.array_equal(two.to_dataframe().loc[1]["lif1.v"].to_numpy(), one["lif1.v"])
    spikes = two.to_dataframe(events=True)
    assert spikes["spikes"].sum() == 2 * sum(one.spike_counts().values())
    assert isinstance(spikes, pandas.DataFrame)


def test_inputs_that_do_not_fit(network):
    for x, error in (
        (np.ones((5, 11)), "InputShape"),
        (np.ones(()), "InputShape"),
        (np.array(["a"]), "InputFormat"),
        ({"nowhere": np.ones((5, 12))}, "UnknownNode"),
        ({}, "NircError"),
        (np.ones((0, 12)), "NircError"),
        (object(), "NircError"),
        (None, "NircError"),
        (np.full((5, 12), 1e39), "NircError"),
        (np.ones((5, 12), "complex64"), "InputFormat"),
    ):
        with pytest.raises(getattr(nirc.errors, error)):
            network(x)
    assert network(np.ones((5, 12))).output.shape == (5, 3)


def test_networks_of_several_inputs(examples):
    left, right = (np.load(examples / f"coincidence-{side}.npy") for side in ("left", "right"))
    network = nirc.compile(examples / "coincidence.nir", dt=1e-3)
    assert set(network.inputs) == {"left", "right"}
    result = network({"left": left, "right": right})
    assert result.output.sum() > 0
    with pytest.raises(nirc.errors.MissingInput, match="found one array, expected a dict"):
        network(left)
    with pytest.raises(nirc.NircError):
        network({"left": left})
    with pytest.raises(nirc.errors.InputShape):
        network({"left": left, "right": right[:5]})


def test_errors_are_a_tree():
    with pytest.raises(nirc.errors.NoStep) as caught:
        nirc.compile(chain(1, [[1.0]], lif(1)))
    error = caught.value
    assert isinstance(error, (nirc.errors.TimeError, nirc.NircError)) and error.code == "no-step"
    assert "dt=" in str(error) and "--dt" not in str(error)
    assert "fix" in error.explain() and error.kind == "usage"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)
    for bad in ({"target": "cpuu"}, {"semantics": "nors"}, {"format": "int"}, {"fold": "some"}):
        with pytest.raises(nirc.errors.UsageError):
            nirc.compile(chain(1, [[1.0]], lif(1)), dt=1e-3, **bad)
    with pytest.raises(nirc.errors.UnsupportedByTarget, match="no lanes=\n"):
        nirc.compile(chain(1, [[1.0]], lif(1)), dt=1e-3, lanes=3)
    assert issubclass(nirc.errors.UsageError, ValueError)
    with pytest.raises(TypeError, match="no choice is called 'sematics'; did you mean 'semantics'"):
        nirc.compile(chain(1, [[1.0]], lif(1)), dt=1e-3, sematics="norse")
    with pytest.raises(TypeError, match="expected a path, a nirc.Graph"):
        nirc.compile(3)
    with pytest.raises(AttributeError):
        nirc.errors.NoSuchError


def test_advice_is_a_warning():
    graph = chain(1, [[1.0]], lif(1, tau=1e-3))
    with pytest.warns(nirc.AdviceWarning):
        network = nirc.compile(graph, dt=1e-3, semantics="nir,integrator=euler")
    names = [one.code for one in network.advice if one.severity == "warning"]
    assert names
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nirc.compile(graph, dt=1e-3, semantics="nir,integrator=euler", accept=names)


def test_silence_is_explained_once():
    graph = chain(2, np.eye(2) * 0.5, lif(2))
    network = nirc.compile(graph, dt=1e-3)
    with pytest.warns(nirc.AdviceWarning, match="silent-network"):
        assert not network(np.ones((50, 2))).output.any()
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network(np.ones((50, 2)))
        nirc.compile(graph, dt=1e-3, accept=["silent-network"])(np.ones((50, 2)))
        nirc.compile(graph, dt=1e-3)(np.ones((50, 2)) * 5)


def test_records_are_named_as_results_have_them(two_layers):
    a = nirc.compile(two_layers[0], dt=1e-3, record=["lif1.v", "lif2:spikes"])
    assert set(a.records) == {"lif1.v", "lif2.spikes"}
    with pytest.raises(nirc.errors.UnknownNode):
        nirc.compile(two_layers[0], dt=1e-3, record="lif9.v")


def test_too_much_is_an_error(network, two_layers):
    x = two_layers[1]
    for steps in (-1, 2**41, 2**62, 2**63 - 1):
        with pytest.raises(nirc.errors.UsageError):
            network(x, steps=steps)
    with pytest.raises(nirc.errors.NoMemory):
        network(x, steps=2**40)
    with pytest.raises(nirc.errors.UsageError):
        network(x, threads=-1)
    for batch in (2**24 + 1, 2**60, 2**63 - 1):
        with pytest.raises(nirc.errors.NoMemory):
            network.session(batch)


def test_calibration_is_of_numbers(two_layers):
    for bad in (np.nan, np.inf):
        with pytest.raises(nirc.errors.InputValue):
            nirc.compile(two_layers[0], dt=1e-3, format="int8", calibrate=two_layers[1] * bad)


def test_what_a_conversion_raises_is_its_own(network):
    class Stubborn:
        def __array__(self, dtype=None):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        network(Stubborn())
    with pytest.raises(ZeroDivisionError):
        network.session().step(Stubborn())
    with pytest.raises(TypeError):
        nirc.compile(EXAMPLES / "two-layers.nir", target=3, dt=1e-3)


def test_sessions_of_a_profiled_network(two_layers):
    network, x = nirc.compile(two_layers[0], dt=1e-3, profile=True), two_layers[1]
    expected = network(x).output
    got = [None] * 3

    def work(i):
        got[i] = network.session().run(x).output

    threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(one, expected) for one in got)


def test_a_daemon_thread_may_be_at_work_at_the_end(two_layers, tmp_path):
    code = (
        f"import nirc, threading, time, numpy\n"
        f"network = nirc.compile({str(two_layers[0])!r}, dt=1e-3); x = numpy.ones((2000, 12))\n"
        "def work():\n"
        "    while True: network(x); nirc.read({path!r})\n"
        "threading.Thread(target=work, daemon=True).start(); time.sleep(0.2)\n"
    ).replace("{path!r}", repr(str(two_layers[0])))
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr


def test_results_are_pickled(network, two_layers):
    result = network(two_layers[1])
    again = pickle.loads(pickle.dumps(result))
    assert np.array_equal(again.output, result.output) and again.spike_counts() == result.spike_counts()
    assert again.network is None and again._repr_html_() == result._repr_html_()


def test_networks_are_not_pickled(network):
    with pytest.raises(TypeError, match="save"):
        pickle.dumps(network)


@pytest.mark.parametrize("target", ["cpu", "loihi2"])
def test_what_is_saved_is_loaded(two_layers, tmp_path, target):
    path, x = two_layers
    choices = {"format": "loihi2", "semantics": "loihi2"} if target == "loihi2" else {}
    network = nirc.compile(path, target, dt=1e-3, **choices)
    network.save(tmp_path / "program")
    loaded = nirc.load(tmp_path / "program")
    assert np.array_equal(loaded(x).output, network(x).output)
    assert loaded.semantics == network.semantics and loaded.dt == network.dt
    if target == "cpu":
        with pytest.raises(nirc.errors.WrongModel) as caught:
            nirc.compile(tmp_path / "program")
        assert "nirc.load" in caught.value.__notes__[0]
    with pytest.raises(TypeError, match="loaded"):
        loaded.emit()
    with pytest.raises(nirc.errors.NotAProgram):
        nirc.load(path.with_suffix(".npy"))


def test_artifacts_and_cores(two_layers, tmp_path):
    network = nirc.compile(two_layers[0], dt=1e-3)
    files = network.emit("c", tmp_path, name="net")
    assert all(os.path.exists(file) for file in files) and any(file.endswith(".c") for file in files)
    with pytest.raises(nirc.errors.UnsupportedByTarget, match="no emit=nothing"):
        network.emit("nothing", tmp_path)
    cores = nirc.compile(two_layers[0], "loihi2", dt=1e-3, semantics="loihi2", format="loihi2").map()
    neurons = sum(end - first for core in cores.cores for _, ranges in core["neurons"] for first, end in ranges)
    assert len(cores) >= 1 and neurons >= 23 - 3
    assert "core" in str(cores) and "<table" in cores._repr_html_()


def test_reports_and_reprs(network, two_layers):
    network(two_layers[1])
    report = network.report()
    assert report["plan"]["dt"] == 1e-3 and report["profile"]["steps"] == len(two_layers[1])
    for shown in (report, network, network(two_layers[1]), network.graph, nirc.check(two_layers[0])):
        assert repr(shown) and "<table" in shown._repr_html_()


def test_other_threads_run_meanwhile_and_runs_do_not_meet():
    """Four threads with networks of their own, each with its own answer, while a fifth counts."""
    graph = chain(64, np.random.default_rng(1).normal(size=(64, 64)), lif(64))
    x = (np.random.default_rng(2).random((4, 400, 64)) < 0.2).astype("f4")
    expected = [nirc.compile(graph, dt=1e-3)(one).output for one in x]
    ticks, stop, wrong = [0], threading.Event(), []

    def count():
        while not stop.is_set():
            ticks[0] += 1
            time.sleep(1e-4)

    def work(i):
        network = nirc.compile(graph, dt=1e-3, threads=1)
        for _ in range(20):
            if not np.array_equal(network(x[i]).output, expected[i]):
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    counter = threading.Thread(target=count)
    for thread in [counter, *threads]:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    counter.join()
    assert not wrong and ticks[0] > 3


@pytest.mark.parametrize("what", ["network(x, threads=1)", "network(x)", "session.run(x)", "session.advance(10**12)"])
def test_a_signal_ends_a_long_run(what, tmp_path):
    """In a process of its own, as Ctrl-C is the main thread's."""
    script = tmp_path / "long.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import sys, numpy as np, nirc
            sys.path.insert(0, {os.path.dirname(__file__)!r})
            from conftest import chain, lif
            network = nirc.compile(chain(400, np.ones((400, 400), "f4"), lif(400)), dt=1e-3)
            session, x = network.session(), np.ones((500_000, 400), "u1")
            print("ready", flush=True)
            try:
                {what}
            except KeyboardInterrupt:
                print("stopped", network(x[:3]).output.shape, flush=True)
            """
        )
    )
    child = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.3)
    start = time.monotonic()
    child.send_signal(signal.SIGINT)
    said = child.communicate(timeout=60)[0]
    assert said == "stopped (3, 400)\n"
    assert time.monotonic() - start < 20  # the run itself takes minutes


def test_a_session_goes_on_beside_a_run(network, two_layers):
    session = network.session()
    for row in two_layers[1][:50]:
        session.step(row)
        network(two_layers[1][:2])
    assert np.array_equal(session.state("lif1.v"), network(two_layers[1][:50])["lif1.v"][-1])
