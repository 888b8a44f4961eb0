"""The official Python library as judge: what it writes and nirc passes on, it reads back equal; for graphs and for data.

usage: official_roundtrip.py NIR_ROUNDTRIP FOLDER

The library is looked for in the folder $NIRC_NIR_PYTHON and where Python finds its packages. Without it the exit code is
77, which ctest reports as skipped.
"""

import os
import subprocess
import sys

import h5py
import numpy as np

from hdf5_trees import same

TOOL, FOLDER = sys.argv[1], sys.argv[2]
if os.environ.get("NIRC_NIR_PYTHON"):
    sys.path.insert(0, os.environ["NIRC_NIR_PYTHON"])
try:
    import nir
except ImportError:
    print("skipped: no official nir package; set NIRC_NIR_PYTHON to the folder that holds it")
    sys.exit(77)
if not hasattr(nir, "version"):
    nir.version = "1.0.8"  # a package that is not installed does not know its version


def ones(*shape, dtype=np.float32):
    return np.random.default_rng(len(shape)).random(shape).astype(dtype)


def primitives():
    v = ones(3)
    meta = {"note": "größe", "count": 3, "values": np.arange(4), "deep": {"truth": True, "list": ["a", "bb"]}}
    return {
        "in": nir.Input({"input": np.array([3])}, metadata=meta),
        "out": nir.Output({"output": np.array([3])}),
        "affine": nir.Affine(ones(3, 3), ones(3)),
        "linear": nir.Linear(ones(3, 3, dtype=np.float16)),
        "scale": nir.Scale(ones(3, dtype=np.float64)),
        "conv1d": nir.Conv1d(7, ones(2, 1, 3), 1, "same", 1, 1, ones(2)),
        "conv2d": nir.Conv2d((7, 5), ones(2, 1, 3, 3), (1, 2), (0, 1), 1, 1, ones(2)),
        "sumpool": nir.SumPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
        "avgpool": nir.AvgPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
        "flatten": nir.Flatten({"input": np.array([2, 3])}, 0, -1),
        "delay": nir.Delay(v),
        "threshold": nir.Threshold(v),
        "i": nir.I(v),
        "if": nir.IF(v, v, v),
        "li": nir.LI(v, v, v),
        "lif ünï.code": nir.LIF(v, v, v, v, v, metadata=meta),
        "cubali": nir.CubaLI(v, v, v, v),
        "cubalif": nir.CubaLIF(v, v, v, v, v, v, 2.0),
    }


def graphs():
    inner = nir.NIRGraph({"i": nir.Input({"input": np.array([3])}), "s": nir.Scale(ones(3)),
                          "o": nir.Output({"output": np.array([3])})}, [("i", "s"), ("s", "o")], type_check=False)
    everything = {**primitives(), "inner": inner}
    edges = [("in", "affine"), ("in", "affine"), ("affine", "lif ünï.code"), ("lif ünï.code", "out"), ("in", "inner"),
             ("inner", "out")]
    yield "everything", nir.NIRGraph(everything, edges, metadata={"dt": 1e-4}, type_check=False)
    yield "empty", nir.NIRGraph({}, [], type_check=False)
    yield "large", nir.NIRGraph({"w": nir.Linear(ones(500, 700))}, [], type_check=False)
    yield "lone", nir.LIF(ones(3), ones(3), ones(3), ones(3))
    for name, node in primitives().items():
        yield f"only {name}", nir.NIRGraph({name: node}, [], type_check=False)


def data():
    spikes = np.random.default_rng(1).random((2, 10, 3)) < 0.3
    grid = nir.TimeGriddedData(spikes, 1e-4)
    events = grid.to_event(12)
    valued = nir.ValuedEventData(idx=events.idx, time=events.time, value=np.ones_like(events.time), n_neurons=3,
                                 t_max=1e-3)
    node = nir.NIRNodeData({"spikes": grid, "v": nir.TimeGriddedData(ones(2, 10, 3), 1e-4), "events": events,
                            "valued": valued})
    yield "flat", nir.NIRGraphData({"lif": node, "input": node})
    yield "none", nir.NIRGraphData({})


def equal(a, b, path):
    if isinstance(a, dict):
        assert isinstance(b, dict) and list(a) == list(b), f"{path}: {list(a)} and {list(b)}"
        for key in a:
            equal(a[key], b[key], f"{path}/{key}")
    elif isinstance(a, (list, tuple)):
        assert isinstance(b, (list, tuple)) and len(a) == len(b), f"{path}: {a} and {b}"
        for i, (x, y) in enumerate(zip(a, b)):
            equal(x, y, f"{path}/{i}")
    elif hasattr(a, "__dict__") and not isinstance(a, np.generic):
        assert type(a) is type(b), f"{path}: {type(a)} and {type(b)}"
        equal(vars(a), vars(b), path)
    elif isinstance(a, (np.ndarray, np.generic)):
        assert a.dtype == b.dtype and np.array_equal(a, b), f"{path}: {a!r} and {b!r}"
    else:
        assert type(a) is type(b) and a == b, f"{path}: {a!r} and {b!r}"


def through_nirc(kind, source, target):
    done = subprocess.run([TOOL, kind, source, target], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr.strip()
    different = same(source, target)
    assert not different, different


def read_graph(path):
    with h5py.File(path) as f:
        if f["node/type"][()] != b"NIRGraph":  # `read` itself cannot: it passes type_check on to the node
            return nir.dict2NIRNode(nir.serialization.hdf2dict(f["node"]))
    # The library's own types do not infer through every one of these graphs.
    if "type_check" in nir.read.__code__.co_varnames:
        return nir.read(path, type_check=False)
    return nir.read(path)


def nested_data(name):
    """Nested data, which the library's own writer cannot write, are read by it from nirc."""
    source, target = os.path.join(FOLDER, name), os.path.join(FOLDER, name + ".nirc")
    with h5py.File(source, "w") as f:
        f.attrs["__type__"] = "NIRGraphData"
        inner = f.create_group("nodes/sub")
        inner.attrs["__type__"] = "NIRGraphData"
        lif = inner.create_group("nodes/lif")
        lif.attrs["__type__"] = "NIRNodeData"
        grid = lif.create_group("observables/v")
        grid.attrs["__type__"] = "TimeGriddedData"
        grid.attrs["dt"] = 1e-4
        grid.create_dataset("data", data=np.ones((1, 2, 3)))
    through_nirc("data", source, target)
    equal(nir.read_data(source), nir.read_data(target), name)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    failures = 0
    for kind, cases, write, read in (("graph", graphs(), nir.write, read_graph),
                                     ("data", data(), nir.write_data, nir.read_data)):
        for name, value in cases:
            source = os.path.join(FOLDER, f"{kind} {name}.nir")
            target = source + ".nirc"
            try:
                write(source, value)
                through_nirc(kind, source, target)
                equal(read(source), read(target), name)
            except Exception as failure:
                failures += 1
                print(f"{kind} {name}: {type(failure).__name__}: {failure}")
    nested_data("nested data.nird")
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
