"""check, compare and match."""

import numpy as np
import pytest

import nirc
from conftest import chain, lif


def test_check_says_what_the_command_line_says(examples, command):
    import json

    for path in (examples / "two-layers.nir", examples / "fashion-mnist/cnn.nir"):
        report, said = nirc.check(path), json.loads(command("check", path, "--json"))
        assert bool(report) == said["ok"]
        assert [one.message for one in report] == [one["message"] for one in said["diagnostics"]]
        assert report.totals["neurons"] == said["totals"]["neurons"]
        assert nirc.check(nirc.read(path)).totals == report.totals


def test_check_finds_faults(tmp_path):
    graph = chain(2, np.eye(2), lif(2))
    graph["lif0"].tau = [0.02, -1.0]
    report = nirc.check(graph)
    assert not report and report.errors[0].code == "wrong-value" and report.errors[0].node == "lif0"
    assert "not ok" in str(report)
    one = nirc.check(chain(1, [[1.0]], lif(1)), semantics="sinabs")
    assert ", 1 neuron," in str(one) and "as the file states" not in str(one)
    (tmp_path / "bad.nir").write_bytes(b"no model")
    assert nirc.check(tmp_path / "bad.nir").errors[0].code == "damaged-file"


def test_compare_finds_where_runs_part(two_layers):
    path, x = two_layers
    a = nirc.compile(path, dt=1e-3)(x)
    b = nirc.compile(path, dt=1e-3, semantics="nir,reset=subtract")(x)
    found = nirc.compare(a, b)
    step = np.flatnonzero((a.output != b.output).any(1))[0]
    assert not found and found.traces[0].first.step == step
    assert found.traces[0].unequal == (a.output != b.output).sum()
    assert found.traces[0].spikes == (a.output.sum(), b.output.sum())
    assert nirc.compare(a.output, a.output) and not nirc.compare(a.output, b.output)
    assert nirc.compare({"lif.v": x + 0.5}, {"lif.v": x + 0.5 + 1e-7}, tolerance=1e-3)
    with pytest.raises(nirc.errors.ResultError):
        nirc.compare(a.output, a.output[:5])
    with pytest.raises(nirc.errors.ResultError):
        nirc.compare({"a.v": x, "b.v": x}, {"c.v": x, "d.v": x})


def test_compare_reads_results(two_layers, command, tmp_path):
    path, x = two_layers
    result = nirc.compile(path, dt=1e-3)(x)
    command("run", path, "--dt", "1ms", "--input", path.with_suffix(".npy"), "-o", tmp_path / "o.npz")
    assert nirc.compare(tmp_path / "o.npz", result)


@pytest.mark.parametrize("platform", ["norse", "snntorch", "spyx", "sinabs"])
def test_match_finds_the_platform(two_layers, platform):
    path, x = two_layers
    spikes = nirc.compile(path, dt=1e-3, semantics=platform)(x).output
    found = nirc.match(path, x, spikes, dt=1e-3, vary=0)
    assert found and platform in found.best
    assert found.candidates[0].agree == found.candidates[0].expected == spikes.sum()
    late = np.roll(spikes, 1, axis=0)
    late[0] = 0
    assert nirc.match(nirc.read(path), x, {"output": late}, dt=1e-3, vary=0).candidates[0].shift == 1


def test_match_says_what_a_recording_cannot_tell(two_layers):
    path, x = two_layers
    with pytest.warns(nirc.AdviceWarning, match="nothing but zeros"):
        nirc.match(path, 0 * x, np.zeros((len(x), 3)), dt=1e-3, vary=0)
    report = nirc.match(path, x, nirc.compile(path, dt=1e-3, semantics="norse")(x).output, dt=1e-3, vary=0)
    said = str(report).splitlines()[-1]
    assert "norse" in said and ("cannot tell these apart" in said) == (len(report.best) > 1)


def test_match_refuses_what_cannot_be(two_layers):
    path, x = two_layers
    with pytest.raises(nirc.errors.UnknownNode):
        nirc.match(path, x, {"lif9.v": x}, dt=1e-3)
    with pytest.raises(nirc.NircError):
        nirc.match(path, x, x, dt=1e-3)
    with pytest.raises(nirc.errors.NoStep):
        nirc.match(path, x, np.zeros((len(x), 3)))


def test_tables():
    assert {"cpu", "reference", "loihi2", "spinnaker2", "fpga"} <= set(nirc.targets())
    assert {"nir", "norse", "snntorch"} <= set(nirc.semantics())
    assert "int8" in nirc.formats()
