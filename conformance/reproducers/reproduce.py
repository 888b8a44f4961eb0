"""What every reproducer shares: a network of a neuron or two, what a platform makes of it, and what nirc does.

A make.py describes one divergence and calls `main`:

    python3 NAME/make.py -o DIR                       # writes DIR/model.nir and DIR/input.nir
    python3 NAME/make.py -o DIR --source DIR ...      # and runs the platform and nirc on them

--source is as for the adapters (../adapters). `nirc` has to be on the PATH.
"""

import argparse
import pathlib
import subprocess
import sys

ADAPTERS = pathlib.Path(__file__).resolve().parent.parent / "adapters"
sys.path.append(str(ADAPTERS))
import protocol  # noqa: E402


def arrays(values, count):
    """Parameters as the exporters write them: one float32 a neuron."""
    import numpy as np
    return {name: np.full(count, value, np.float32) if not isinstance(value, (list, np.ndarray)) else np.array(value, np.float32)
            for name, value in values.items()}


def lif(count=1, **given):
    import nir
    return nir.LIF(**arrays({"tau": 0.01, "r": 1, "v_leak": 0, "v_threshold": 0.25, "v_reset": 0, **given}, count))


def integrate_and_fire(count=1, **given):
    import nir
    return nir.IF(**arrays({"r": 1, "v_threshold": 3, "v_reset": 0, **given}, count))


def cuba(count=1, **given):
    import nir
    return nir.CubaLIF(**arrays({"tau_syn": 0.005, "tau_mem": 0.01, "r": 1, "v_leak": 0, "v_threshold": 0.25, "v_reset": 0, "w_in": 1,
                                 **given}, count))


def chain(*nodes, size=1, out=None, names=("input", "output")):
    """input → node0 → node1 … → output."""
    import nir
    import numpy as np
    keys = [names[0]] + [f"node{index}" for index in range(len(nodes))] + [names[1]]
    ends = nir.Input(np.array(np.atleast_1d(size))), nir.Output(np.array(np.atleast_1d(out or size)))
    return nir.NIRGraph(dict(zip(keys, [ends[0], *nodes, ends[1]])), list(zip(keys, keys[1:])))


def write(graph, drive, dt, folder):
    import h5py
    import nir
    import numpy as np
    nir.version = getattr(nir, "version", "1.0.8")  # the library knows it only where it is installed
    folder.mkdir(parents=True, exist_ok=True)
    nir.write(folder / "model.nir", graph)
    name = next(key for key, node in graph.nodes.items() if isinstance(node, nir.Input))
    with h5py.File(folder / "input.nir", "w") as file:
        file.attrs["__type__"] = "NIRGraphData"
        node = file.create_group(f"nodes/{name}")
        node.attrs["__type__"] = "NIRNodeData"
        grid = node.create_group("observables/value")
        grid.attrs.update({"__type__": "TimeGriddedData", "dt": dt})
        grid["data"] = np.asarray(drive, float).reshape(1, len(drive), -1)


def recorded(path):
    """{node.observable: array [steps, elements]}."""
    import h5py
    found = {}
    with h5py.File(path, "r") as file:
        for name, node in file["nodes"].items():
            for key, grid in node["observables"].items():
                found[f"{name}.{key}"] = grid["data"][()][0]
    return found


def by_platform(adapter, extra, sources, folder):
    """Its recording, or the line that it says instead."""
    command = [sys.executable, "-W", "ignore", ADAPTERS / f"with_{adapter}.py", *extra,
               *(word for source in sources for word in ("--source", source)),
               folder / "model.nir", folder / "input.nir", folder / f"{adapter}.nir"]
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300)
    return recorded(folder / f"{adapter}.nir") if run.returncode == 0 else run.stderr.strip().splitlines()[-1]


def by_nirc(semantics, nodes, dt, folder):
    run = subprocess.run(["nirc", "run", folder / "model.nir", "--input", folder / "input.nir", "--dt", repr(dt), "--semantics", semantics, "--target",
                          "reference", "--dtype", "float32", *(f"--record={node}" for node in nodes), "-o", folder / "nirc.nird"],
                         capture_output=True, text=True, timeout=100)
    return recorded(folder / "nirc.nird") if run.returncode == 0 else run.stderr.strip().splitlines()[0]


def shown(found, key):
    if isinstance(found, str):
        return found
    import numpy as np
    rows = found.get(key)
    return "not exposed" if rows is None else "  ".join(" ".join(f"{x:.4g}" for x in np.atleast_1d(row)) for row in rows[:12])


def are_same(left, right, key):
    import numpy as np
    if isinstance(left, str) or isinstance(right, str) or key not in left or key not in right:
        return False
    return left[key].shape == right[key].shape and np.allclose(left[key], right[key], rtol=1e-5, atol=1e-6)


def main(platform, says, graph, drive, dt=1e-3, show=("output.spikes",), explained_by="", as_dt=None, place="",
         extra=()):
    """`graph()` makes the network. `explained_by`: the choices under which nirc gives the same, or "" where none does, at `as_dt` where
    that is another step; `place`: of the platform's source that does it."""
    parser = argparse.ArgumentParser(description=says)
    parser.add_argument("-o", dest="folder", required=True, type=pathlib.Path, metavar="DIR", help="where model.nir and input.nir go")
    parser.add_argument("--source", action="append", default=[], metavar="DIR", help="import packages from here, and run the platform")
    options = parser.parse_args()
    sys.path[1:1] = options.source
    made = graph()
    write(made, drive, dt, options.folder)
    print(says)
    if place:
        print(f"  where: {place}")
    if not options.source:
        return
    nodes = {key.split(".")[0] for key in show} - {"output"}
    there = by_platform(platform, extra, options.source, options.folder)
    here = by_nirc("nir", nodes, dt, options.folder)
    then = None
    if explained_by:
        write(made, drive, as_dt or dt, options.folder)
        then = by_nirc(explained_by, nodes, as_dt or dt, options.folder)
        write(made, drive, dt, options.folder)
        explained_by += f" at dt {as_dt:g}" if as_dt else ""
    for key in show:
        print(f"  {key}\n    {platform:<14}{shown(there, key)}\n    {'nirc, nir':<14}{shown(here, key)}")
        if then is not None:
            print(f"    {'nirc, with it':<14}{shown(then, key)}")
    differs = any(not are_same(there, here, key) for key in show)
    same = then is not None and all(are_same(there, then, key) for key in show)
    print("  differs" if differs else "  does not differ any more",
          f"and is explained by {explained_by}" if same else "and no choice explains it" if not explained_by else
          f"and is not explained by {explained_by}", sep=", ")
    sys.exit(0 if differs and (same or not explained_by) else 1)
