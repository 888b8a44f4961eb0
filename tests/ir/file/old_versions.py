"""Files as every version of the official library wrote them, made with h5py alone, pass through nirc unchanged.

usage: old_versions.py NIR_ROUNDTRIP FOLDER

What each version wrote is from neuromorphs/NIR: nir/write.py of v0.1, v0.2, v1.0 and v1.0.1, then nir/serialization.py.
"""

import os
import subprocess
import sys

import h5py
import numpy as np

from hdf5_trees import same

TOOL, FOLDER = sys.argv[1], sys.argv[2]
TEXT = h5py.string_dtype()


def put(group, name, value, **options):
    if isinstance(value, dict):
        inner = group.create_group(name, track_order=options.get("track_order"))
        for key, member in value.items():
            put(inner, key, member, **options)
    elif isinstance(value, str):
        group.create_dataset(name, data=value.encode(), dtype=TEXT)
    elif name == "edges" and value and h5py.check_string_dtype(TEXT).length:
        group.create_dataset(name, data=np.array(value, "S24"))
    elif isinstance(value, np.ndarray) and value.ndim > 0 and value.size > 0:
        filters = {k: v for k, v in options.items() if k != "track_order"}
        group.create_dataset(name, data=value, dtype=value.dtype, **filters)
    else:
        group.create_dataset(name, data=value)


def write(name, node, version=None, fixed=False, **options):
    """A file as the library writes it; `fixed` makes all texts ones of fixed length."""
    path = os.path.join(FOLDER, name + ".nir")
    global TEXT
    with h5py.File(path, "w", track_order=options.get("track_order")) as f:
        if version:
            f.create_dataset("version", data=np.bytes_(version) if fixed else version)
        TEXT = h5py.string_dtype("utf-8", 24) if fixed else h5py.string_dtype()
        put(f, "node", node, **options)
    return path


def vector(n, value=1.0, dtype=np.float32):
    return np.full(n, value, dtype)


def nodes(version):
    """One node of every primitive that the version knew, with the parameters that it wrote."""
    v = tuple(int(x) for x in version.split("."))
    reset = {"v_reset": vector(3, 0.0)} if v >= (1, 0, 6) else {}
    w_in = {"w_in": vector(3)} if v >= (1, 0) else {}
    conv = {"stride": 1, "padding": "same", "dilation": 1, "groups": 1, "bias": vector(2)}
    pair = {"stride": (1, 2), "padding": (0, 1), "dilation": (1, 1), "groups": 1, "bias": vector(2)}
    shape1 = {"input_shape": 7} if v >= (1, 0) else {}
    shape2 = {"input_shape": (7, 5)} if v >= (1, 0) else {}
    flatten = {"input_type": np.array([2, 3, 4])} if v >= (0, 2) else {}
    found = {
        "input": {"type": "Input", "shape": np.array([3])},
        "output": {"type": "Output", "shape": np.array([3])},
        "affine": {"type": "Affine", "weight": np.eye(3), "bias": vector(3, dtype=np.float64)},
        "linear": {"type": "Linear", "weight": np.ones((3, 3), np.int8)},
        "scale": {"type": "Scale", "scale": np.ones((2, 3, 4), np.float16)},
        "conv1d": {"type": "Conv1d", "weight": np.ones((2, 1, 3), np.float32), **conv, **shape1},
        "conv2d": {"type": "Conv2d", "weight": np.ones((2, 1, 3, 3), np.float32), **pair, **shape2},
        "conv2d_scalar": {"type": "Conv2d", "weight": np.ones((2, 1, 3, 3), ">f4"), **conv, **shape2},
        "flatten": {"type": "Flatten", "start_dim": 1, "end_dim": -1, **flatten},
        "delay": {"type": "Delay", "delay": vector(3, 1e-3)},
        "threshold": {"type": "Threshold", "threshold": vector(3)},
        "i": {"type": "I", "r": vector(3)},
        "if": {"type": "IF", "r": vector(3), "v_threshold": vector(3), **reset},
        "li": {"type": "LI", "tau": vector(3), "r": vector(3), "v_leak": vector(3)},
        "lif": {"type": "LIF", "tau": vector(3), "r": vector(3), "v_leak": vector(3), "v_threshold": vector(3), **reset},
        "cubalif": {
            "type": "CubaLIF", "tau_mem": vector(3), "tau_syn": vector(3), "r": vector(3), "v_leak": vector(3),
            "v_threshold": vector(3), **w_in, **reset,
        },
    }
    if v >= (1, 0):
        pool = {"kernel_size": np.array([2, 2]), "stride": np.array([2, 2]), "padding": np.array([0, 0])}
        found["sumpool"] = {"type": "SumPool2d", **pool}
    if v >= (1, 0, 2):
        found["avgpool"] = {"type": "AvgPool2d", **pool}
        found["lif"]["metadata"] = {"text": "größe", "number": 3, "list": np.arange(3), "texts": ["a", "bc"],
                                    "deep": {"truth": True, "empty": {}}}
    if v >= (1, 0, 5):
        found["cubali"] = {"type": "CubaLI", "tau_mem": vector(3), "tau_syn": vector(3), "r": vector(3),
                           "v_leak": vector(3), **w_in}
    return found


def graph(version):
    inner = {"type": "NIRGraph", "nodes": {k: nodes(version)[k] for k in ("input", "scale", "output")},
             "edges": [("input", "scale"), ("scale", "output"), ("scale", "output")]}
    found = {"type": "NIRGraph", "nodes": {**nodes(version), "inner": inner},
             "edges": [("input", "lif"), ("lif", "output"), ("input", "inner"), ("inner.output", "output")]}
    return found


def files():
    yield write("v0.1", graph("0.1"))
    for version in ("0.2", "1.0", "1.0.1", "1.0.2", "1.0.4", "1.0.5", "1.0.6", "1.0.7"):
        yield write("v" + version, graph(version), version)
    yield write("v1.0.8", graph("1.0.8"), "1.0.8", compression="gzip")
    yield write("fixed-texts", graph("1.0.8"), "1.0.8", fixed=True)
    yield write("shuffle", graph("1.0.8"), "1.0.8", compression="gzip", shuffle=True, fletcher32=True)
    yield write("lone-node", nodes("1.0.8")["lif"], "1.0.8")
    yield write("no-edges", {"type": "NIRGraph", "nodes": {}, "edges": []}, "1.0.8")
    odd = {name: nodes("1.0.8")["lif"] for name in
           ("a.b", "enc/lif", "enc/type", "enc/sub/lif", "ünï ☃", "\u202eabc", "node", "x'\"\n\\", "..", "metadata", "𝄞" * 40)}
    yield write("odd-names", {"type": "NIRGraph", "nodes": odd, "edges": [("a.b", "enc/type"), ("𝄞" * 40, "..")]}, "1.0.8")
    unsorted = {name: nodes("1.0.8")["lif"] for name in ("z", "b/2", "b/1", "a")}
    tracked = {"type": "NIRGraph", "nodes": unsorted, "edges": [("z", "a")], "metadata": {"y": 1, "x": 2}}
    yield write("tracked-order", tracked, "1.0.8", track_order=True)
    dtypes = {}
    for name in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
        for order in "<>":
            dtypes[f"{name}{order}"] = {"type": "Scale", "scale": np.arange(5).astype(order + name)}
    dtypes["bool"] = {"type": "Scale", "scale": np.array([True, False, True])}
    dtypes["empty"] = {"type": "Scale", "scale": np.zeros((3, 0, 2))}
    dtypes["scalar"] = {"type": "Scale", "scale": 0.5}
    dtypes["null"] = {"type": "Flatten", "start_dim": 0, "end_dim": -1, "input_type": h5py.Empty("f")}
    dtypes["big"] = {"type": "Linear", "weight": np.random.default_rng(1).random((700, 600))}
    yield write("dtypes", {"type": "NIRGraph", "nodes": dtypes, "edges": []}, "1.0.8")


def main():
    os.makedirs(FOLDER, exist_ok=True)
    failures = []
    for path in files():
        once, twice = path + ".once", path + ".twice"
        for source, target in ((path, once), (once, twice)):
            done = subprocess.run([TOOL, "graph", source, target], stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                failures.append(f"{source}: {done.stderr.strip()}")
                break
        else:
            different = same(path, once, "/node")
            if different:
                failures.append(f"{path}: {different}")
            with open(once, "rb") as a, open(twice, "rb") as b:
                if a.read() != b.read():
                    failures.append(f"{path}: written twice, the bytes differ")
    print("\n".join(failures) or "all files pass through unchanged")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
