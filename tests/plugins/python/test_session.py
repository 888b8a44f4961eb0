"""Sessions: steps, states, snapshots, arrays that are bound."""

import numpy as np
import pytest

import nirc


@pytest.fixture
def network(two_layers):
    return nirc.compile(two_layers[0], dt=1e-3, record=["lif1:v"])


def test_steps_are_a_run(network, two_layers):
    x = two_layers[1]
    whole, session = network(x), network.session()
    for t, row in enumerate(x):
        assert np.array_equal(session.step(row), whole.output[t])
        assert np.array_equal(session.state("lif1.v"), whole["lif1.v"][t])
    assert session.steps_done == len(x) and session.time == pytest.approx(len(x) * 1e-3)
    assert np.array_equal(session.events(), np.flatnonzero(whole.output[-1]))


@pytest.mark.parametrize("dtype", ["f4", "f8", "u1", "i1", "i4", "i8", "?"])
def test_arrays_of_every_dtype(network, two_layers, dtype):
    x, session = two_layers[1].astype(dtype), network.session()
    out = np.empty(3, dtype)
    seen = [session.step(row, out).copy() for row in x]
    assert np.array_equal(np.array(seen), network(x).output.astype(dtype))
    assert session.step(x[0], out) is out


def test_several_samples_are_each_alone(network, two_layers):
    x = np.stack([two_layers[1], two_layers[1][::-1]])
    session, whole = network.session(2), network(x)
    for t in range(x.shape[1]):
        assert np.array_equal(session.step(np.ascontiguousarray(x[:, t])), whole.output[:, t])
    assert [list(found) for found in session.events()] == [list(np.flatnonzero(o)) for o in whole.output[:, -1]]


def test_what_is_bound_is_read_and_written(network, two_layers):
    session, x, y = network.session(), np.zeros(12, "f4"), np.zeros(3, "u1")
    v = np.zeros(network.states["lif1.v"].shape)
    session.bind({"input": x}, {"output": y}, {"lif1.v": v})
    whole = network(two_layers[1])
    for t, row in enumerate(two_layers[1]):
        x[:] = row
        session.advance()
        assert np.array_equal(y, whole.output[t]) and np.array_equal(v, whole["lif1.v"][t])
    del x, y  # which the session keeps
    session.advance(10)


def test_arrays_that_cannot_be_used_in_place(network):
    session = network.session()
    frozen = np.zeros(3, "u1")
    frozen.flags.writeable = False
    for output in (np.zeros(6, "u1")[::2], frozen, np.zeros(3, "u2"), np.zeros(4, "u1"), [0, 0, 0], np.zeros(3, ">f4")):
        with pytest.raises(nirc.errors.InputShape):
            session.bind({}, {"output": output})
        with pytest.raises(nirc.errors.InputShape):
            session.step(np.zeros(12), output)
    with pytest.raises(nirc.errors.InputShape):
        session.bind({"input": np.zeros(11)})
    with pytest.raises(nirc.errors.UnknownNode):
        session.bind({"nowhere": np.zeros(12)})
    with pytest.raises(nirc.NircError):
        session.step(np.zeros(11))
    with pytest.raises(KeyError, match="no state is called 'lif1.x', there are"):
        session.state("lif1.x")
    with pytest.raises(nirc.errors.InputFormat):
        session.step(["a"] * 12)
    assert session.step(np.zeros((4, 3))[:, :3].reshape(12)).shape == (3,)


def test_what_a_dtype_does_not_hold_is_clipped():
    from conftest import chain
    graph = chain(1, [[1.0]], nirc.Node("LI", tau=[1e-3], r=[1.0], v_leak=[0.0]))
    session = nirc.compile(graph, dt=1e-3).session()
    for value in (-1.5, 300.0, 1e10, 1e30):
        seen = {d: session.step([value], np.zeros(1, d))[0] for d in ("u1", "i1", "i4", "i8", "?", "f8")}
        assert seen["f8"] == np.float32(value)
        for dtype in ("u1", "i1", "i4"):
            limits = np.iinfo(dtype)
            assert seen[dtype] == np.clip(np.trunc(value), limits.min, limits.max), (value, dtype)
        assert seen["?"].tobytes() == b"\x01"


def test_arrays_that_are_resized_are_refused(network):
    session, y = network.session(2000), np.zeros((2000, 3))
    session.bind({}, {"output": y})
    y.resize((0,), refcheck=False)
    with pytest.raises(nirc.NircError, match="resized"):
        session.advance(10)
    with pytest.raises(nirc.NircError):
        session.advance(-1)


def test_others_run_while_it_advances(network):
    import threading
    import time

    session, done = network.session(), []
    thread = threading.Thread(target=lambda: done.append(session.advance(3_000_000)))
    thread.start()
    ticks = 0
    while thread.is_alive():
        time.sleep(1e-3)
        ticks += 1
    thread.join()
    assert done == [None] and ticks > 5 and session.steps_done == 3_000_000


def test_states_are_written(network, two_layers):
    session = network.session()
    for row in two_layers[1][:40]:
        session.step(row)
    v = {key: session.state(key) for key in network.states}
    other = network.session()
    for key, value in v.items():
        other.set_state(key, value)
    for row in two_layers[1][40:]:
        assert np.array_equal(session.step(row), other.step(row))
    other.set_state("lif1.v", 0.25)
    assert (other.state("lif1.v") == 0.25).all()
    with pytest.raises(ValueError, match="expected"):
        other.set_state("lif1.v", np.zeros(5))
    for bad in (np.nan, np.inf, 1e39):
        with pytest.raises(nirc.errors.InputValue):
            other.set_state("lif1.v", bad)
        with pytest.raises(nirc.errors.InputValue):
            other.step(np.full(12, bad))
    assert (other.state("lif1.v") == 0.25).all()


def test_snapshots(network, two_layers):
    session = network.session()
    for row in two_layers[1][:40]:
        session.step(row)
    kept = session.snapshot()
    after = [session.step(row) for row in two_layers[1][40:]]
    session.restore(kept)
    assert session.steps_done == 40
    assert all(np.array_equal(a, session.step(row)) for a, row in zip(after, two_layers[1][40:]))
    session.reset()
    assert session.steps_done == 0 and (session.state("lif1.v") == 0).all()
    other = nirc.compile(two_layers[0], dt=2e-3).session()
    assert len(other.snapshot()) == len(kept)
    for bad in (b"", b"abc", kept + b"x", b"\x7f" * len(kept), kept[:-1] + b"\x7f", other.snapshot()):
        with pytest.raises(nirc.NircError):
            session.restore(bad)
    with pytest.raises(nirc.NircError):
        network.session(2).restore(kept)


def test_runs_go_on(network, two_layers):
    x = np.stack([two_layers[1], two_layers[1][::-1]])
    whole, session = network(x), network.session(2)
    first = session.run(x[:, :100], record=["lif1.v"])
    second = session.run(x[:, 100:].swapaxes(0, 1), layout="TBN", record=["lif1.v"])
    assert np.array_equal(np.concatenate([first.output, second.output.swapaxes(0, 1)], 1), whole.output)
    assert np.array_equal(
        np.concatenate([first["lif1.v"], second["lif1.v"].swapaxes(0, 1)], 1), whole["lif1.v"]
    )
    with pytest.raises(nirc.errors.InputShape, match="expected the session's 2"):
        session.run(x[0])


def test_a_session_outlives_its_network(two_layers):
    session = nirc.compile(two_layers[0], dt=1e-3).session()
    assert session.network.dt == 1e-3
    session.network = None
    import gc

    gc.collect()
    assert session.step(two_layers[1][0]).shape == (3,)


@pytest.mark.parametrize("batch", [0, -1])
def test_a_batch_is_one_or_more(network, batch):
    with pytest.raises(nirc.NircError):
        network.session(batch)


def test_networks_that_have_no_steps(two_layers):
    network = nirc.compile(two_layers[0], "reference", dt=1e-3, semantics="exact")
    with pytest.raises(nirc.errors.UnsupportedByTarget):
        network.session()
