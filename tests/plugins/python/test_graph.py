"""Graphs: read, built, changed and written."""

import os
import sys

import numpy as np
import pytest

import nirc
from conftest import chain, lif


def test_parameters_are_views_of_what_was_read(two_layers):
    graph = nirc.read(two_layers[0])
    weight = graph["fc1"].weight
    assert weight.base is not None and not weight.flags.owndata
    with pytest.raises(ValueError):
        weight[0, 0] = 1
    del graph
    assert np.isfinite(weight).all()  # the array keeps the memory


def test_what_is_written_reads_back_equal(tmp_path, examples):
    for path in sorted(examples.glob("**/*.nir")):
        graph = nirc.read(path)
        nirc.write(tmp_path / "out.nir", graph)
        again = nirc.read(tmp_path / "out.nir")
        assert again == graph, path
        assert again.version == graph.version


def test_a_graph_is_a_dict(two_layers):
    graph = nirc.read(two_layers[0])
    assert list(graph) == [name for name, _ in graph.items()]
    assert "lif1" in graph and len(graph) == len(graph.nodes)
    with pytest.raises(KeyError, match="no node is called 'lif9', there are"):
        graph["lif9"]
    with pytest.raises(AttributeError, match="LIF has no 'weight', it has"):
        graph["lif1"].weight
    with pytest.raises(TypeError, match="expected a nirc.Node"):
        graph["lif1"] = 3


def test_dtypes_metadata_and_subgraphs_stay(tmp_path):
    inner = chain(2, np.eye(2, dtype="f4"), lif(2))
    outer = nirc.Graph(
        {
            "input": nirc.Node("Input", shape=[2]),
            "encoder": nirc.Node("NIRGraph", graph=inner),
            "output": nirc.Node("Output", shape=[2]),
        },
        [("input", "encoder"), ("encoder", "output")],
        {"author": "Ä", "numbers": np.arange(3, dtype="i2"), "nested": {"deep": 1.5, "names": np.array(["a", "b"])}},
    )
    outer["encoder"].graph["lif0"].metadata["seed"] = 7
    outer.save(tmp_path / "outer.nir")
    again = nirc.read(tmp_path / "outer.nir")
    assert again["encoder.fc"].weight.dtype == np.float32
    assert again.metadata["author"] == "Ä" and again.metadata["numbers"].dtype == np.int16
    assert again.metadata["nested"]["names"].tolist() == ["a", "b"]
    assert int(again["encoder.lif0"].metadata["seed"]) == 7
    run = nirc.compile(again, dt=1e-3)(np.ones((50, 2)))
    assert run.output.shape == (50, 2)


def test_a_change_is_computed_and_leaves_the_file(two_layers):
    path, x = two_layers
    graph = nirc.read(path)
    before = nirc.compile(path, dt=1e-3)(x).output.sum()
    graph["lif2"].v_threshold = graph["lif2"].v_threshold * 100
    assert nirc.compile(graph, dt=1e-3)(x).output.sum() == 0
    assert nirc.compile(path, dt=1e-3)(x).output.sum() == before > 0


@pytest.mark.parametrize(
    "change, error, said",
    [
        (lambda g: g["lif0"].params.pop("tau"), "MissingParameter", "LIF lacks 'tau'"),
        (lambda g: g["lif0"].params.update(taus=np.ones(1)), "UnknownParameter", "LIF has no 'taus', it has tau"),
        (lambda g: setattr(g["lif0"], "type", "LIFF"), "UnknownNodeType", "'LIFF'"),
        (lambda g: g.edges.append(("fc", "nowhere")), "UnknownEdge", "nowhere"),
        (lambda g: setattr(g["fc"], "weight", np.ones((3, 5))), "SignalShape", ""),
        (lambda g: setattr(g["lif0"], "tau", [0.0, 0.02]), "WrongValue", "tau"),
        (lambda g: setattr(g["fc"], "weight", np.array([["a", "b"]] * 2)), "InputFormat", "expected numbers"),
    ],
)
def test_what_is_no_network_is_an_error(change, error, said):
    graph = chain(2, np.eye(2), lif(2))
    change(graph)
    with pytest.raises(getattr(nirc.errors, error), match=said):
        nirc.compile(graph, dt=1e-3)


def test_a_circle_of_graphs_is_an_error(tmp_path):
    graph = chain(2, np.eye(2), lif(2))
    graph["loop"] = nirc.Node("NIRGraph", graph=graph)
    with pytest.raises(RecursionError):
        nirc.compile(graph, dt=1e-3)


@pytest.mark.parametrize("edges", [[("a",)], [("a", "b", "c")], [1]])
def test_edges_are_pairs(edges):
    with pytest.raises((ValueError, TypeError)):
        nirc.Graph({}, edges)


def test_arrays_of_any_kind_are_taken():
    x = np.ones((60, 2))
    expected = nirc.compile(chain(2, np.array([[1.0, 2.0], [3.0, 4.0]]), lif(2)), dt=1e-3)(x).output
    for weight in (
        [[1, 2], [3, 4]],
        np.array([[1, 3], [2, 4]], "f8").T,
        np.array([[1, 0, 2], [3, 0, 4]], ">f4")[:, ::2],
        np.array([[1, 2], [3, 4]], "i8"),
        np.array([[1, 2], [3, 4]], "f2"),
    ):
        graph = chain(2, weight, lif(2))
        assert np.array_equal(nirc.compile(graph, dt=1e-3)(x).output, expected)


def test_metadata_may_be_no_circle(tmp_path):
    graph = chain(2, np.eye(2), lif(2))
    graph.metadata["a"] = graph.metadata
    with pytest.raises(nirc.errors.Limit):
        nirc.write(tmp_path / "o.nir", graph)
    graph.metadata = deep = {}
    for _ in range(150):
        deep["a"] = deep = {}
    nirc.write(tmp_path / "o.nir", graph)
    assert nirc.read(tmp_path / "o.nir").metadata == graph.metadata
    graph.metadata = None
    with pytest.raises(TypeError, match="expected a dict"):
        nirc.check(graph)


def test_nodes_that_are_none():
    for bad in (nirc.Node("NIRGraph"), 3, nirc.Node("NIRGraph", graph=3), lif(2, graph=nirc.Graph())):
        graph = chain(2, np.eye(2), lif(2))
        graph.nodes["bad"] = bad
        with pytest.raises(TypeError, match="bad"):
            nirc.check(graph)


def test_paths_of_any_bytes(tmp_path):
    graph, path = chain(2, np.eye(2), lif(2)), os.fsdecode(bytes(tmp_path) + b"/\xff.nir")
    graph.save(path)
    assert nirc.read(path) == graph and nirc.check(path).ok and nirc.compile(path, dt=1e-3)
    with pytest.raises(ValueError, match="NUL"):
        nirc.read(path + "\0.junk")
    with pytest.raises(ValueError, match="NUL"):
        graph.save(str(tmp_path / "o.nir\0"))
    assert not (tmp_path / "o.nir").exists()


def test_slips_of_the_pen_are_found_at_once():
    node = lif(2)
    with pytest.raises(AttributeError, match="LIF has no parameter 'v_treshold'; did you mean 'v_threshold'"):
        node.v_treshold = [1.0]
    with pytest.raises(AttributeError, match="tua"):
        nirc.Node("LIF", tua=[1.0])
    with pytest.raises(ValueError, match="no node of type 'LIFF'; did you mean 'LIF'"):
        nirc.Node("LIFF")
    del node.tau
    with pytest.raises(AttributeError):
        del node.tau
    node.v_reset = [0.0, 0.0]
    node.v_reset = None
    assert set(node.params) == {"r", "v_leak", "v_threshold"}


def test_html_escapes_names():
    graph = nirc.Graph({"<script>": lif(1)}, [])
    assert "<script>" not in graph._repr_html_()


def test_graphs_of_the_official_library(tmp_path, examples):
    if folder := os.environ.get("NIRC_NIR_PYTHON"):
        sys.path.insert(0, folder)
    nir = pytest.importorskip("nir", reason="the official library is not there")
    if not hasattr(nir, "version"):
        nir.version = "1.0.8"  # a package that is not installed does not know its version
    for path in sorted(examples.glob("**/*.nir")):
        official = nir.read(str(path))
        ours = nirc.Graph.from_nir(official)
        back = ours.to_nir()
        nir.write(str(tmp_path / "a.nir"), official)
        nir.write(str(tmp_path / "b.nir"), back)
        a, b = nirc.read(tmp_path / "a.nir"), nirc.read(tmp_path / "b.nir")
        assert a.nodes == b.nodes and sorted(a.edges) == sorted(b.edges), path
        nirc.check(official)
