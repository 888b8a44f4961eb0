"""The file protocol of `nirc conform` for a simulator in Python (docs/conformance.md). It needs h5py and numpy.

    import adapter
    def simulate(model, inputs, dt): ...
    adapter.main(simulate)

`model` is the graph as the file has it: {"nodes": {name: {"type": "LIF", "tau": array, ...}}, "edges": [(from, to), ...]};
a subgraph is a node with "nodes" and "edges" of its own. `inputs` is {name: array [samples, steps, elements]}; `dt` is in
seconds. The result is {name: {"spikes" or "value", and "v" and "i": array [samples, steps, elements]}} for every Output and,
where there is more, for other nodes; a subgraph is a dict of such nodes. `raise Unsupported(why)` is for what is not taken.
"""
import json
import sys

import h5py
import numpy as np


class Unsupported(Exception):
    pass


def read(item):
    if isinstance(item, h5py.Group):
        return {name: read(child) for name, child in item.items()}
    value = np.vectorize(lambda x: x.decode())(item[()]) if h5py.check_string_dtype(item.dtype) and item.size else item[()]
    return str(value) if value.ndim == 0 and value.dtype.kind == "U" else value


def read_input(group):
    grids = {name: next(iter(node["observables"].values())) for name, node in group["nodes"].items()}
    return {name: grid["data"][()].astype(float) for name, grid in grids.items()}, [grid.attrs["dt"] for grid in grids.values()]


def write(group, result, dt):
    is_node = any(isinstance(value, np.ndarray) for value in result.values())
    group.attrs["__type__"] = "NIRNodeData" if is_node else "NIRGraphData"
    for name, value in result.items():
        inner = group.create_group(("observables/" if is_node else "nodes/") + name)
        if is_node:
            inner.attrs.update({"__type__": "TimeGriddedData", "dt": dt})
            inner["data"] = value
        else:
            write(inner, value, dt)


def answer(simulate, model, given, output):
    with h5py.File(model) as graph, h5py.File(given) as data:
        inputs, steps = read_input(data)
        result = simulate(read(graph["node"]), inputs, steps[0])
    with h5py.File(output, "w") as file:
        write(file, result, steps[0])


def main(simulate, arguments):
    """MODEL INPUT OUTPUT, or a LIST of them in JSON."""
    if len(arguments) == 1:
        for task in json.load(open(arguments[0], encoding="utf-8")):
            try:
                answer(simulate, task["model"], task["input"], task["output"])
            except Unsupported as why:
                open(task["output"] + ".unsupported", "w", encoding="utf-8").write(f"{why}\n")
        return
    try:
        answer(simulate, *arguments)
    except Unsupported as why:
        sys.exit(print(f"unsupported: {why}", file=sys.stderr) or 3)
