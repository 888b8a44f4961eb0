"""What the adapters share: the file protocol of `nirc conform --external`, and a network with its input as NIR's library reads them.

    with_NAME.py [--source DIR]... MODEL INPUT OUTPUT
    with_NAME.py [--source DIR]... LIST

LIST is a JSON file of [{"model", "input", "output"}]: importing a platform takes seconds, so one process runs many cases. --source is
a folder to import Python packages from, as a clone of a platform's repository; leave it out for what is installed.

One case: exit 0, or 3 and a line on stderr where the platform says that it does not take the network, or 1 where it breaks. A list:
the same as files beside OUTPUT, OUTPUT.unsupported and OUTPUT.failed, which hold the line.
"""

import argparse
import contextlib
import dataclasses
import io
import json
import os
import signal
import sys
import traceback

LONGEST = 10  # seconds for one case


class Unsupported(Exception):
    """The platform says that it does not take this network."""


class TooLong(Exception):
    pass


@dataclasses.dataclass
class Task:
    """A network and what goes into it."""
    path: str
    graph: object  # nir.NIRGraph
    inputs: dict  # name of an Input: array [samples, steps, *shape]
    dt: float  # seconds

    def only_input(self):
        """The array of the one Input, for platforms whose importers take one."""
        if len(self.inputs) != 1:
            raise Unsupported(f"{len(self.inputs)} inputs, the importer takes one")
        return next(iter(self.inputs.values()))

    def only_output(self):
        import nir
        names = [name for name, node in self.graph.nodes.items() if isinstance(node, nir.Output)]
        if len(names) != 1:
            raise Unsupported(f"{len(names)} outputs, the importer takes one")
        return names[0]

    def in_steps_of(self, seconds):
        """The same network with another unit of time, in which a step is so long: for importers that cannot be told dt."""
        import nir
        scale = seconds / self.dt

        def scaled(node):
            for name in ("tau", "tau_syn", "tau_mem", "delay"):
                if hasattr(node, name):
                    value = getattr(node, name)
                    setattr(node, name, (value * scale).astype(value.dtype))
            for inner in getattr(node, "nodes", {}).values() if isinstance(node, nir.NIRGraph) else ():
                scaled(inner)

        scaled(self.graph)
        self.dt = seconds
        return self


def read_input(path):
    """Of each node [samples, steps, elements], and dt."""
    import h5py
    import numpy as np
    arrays, steps = {}, set()
    with h5py.File(path, "r") as file:
        for name, node in file["nodes"].items():
            grid = next(iter(node["observables"].values()))
            arrays[name] = np.asarray(grid["data"][()], dtype=np.float64)
            steps.add(float(grid.attrs["dt"]))
    return arrays, steps.pop()


def read_task(model, given):
    import nir
    arrays, dt = read_input(given)
    try:
        graph = nir.read(model)
    except Exception:  # its checks refuse some networks that are sound; its users then leave them out
        try:
            graph = nir.read(model, type_check=False)
        except Exception as error:  # what NIR's own library cannot read, no platform can
            raise Unsupported(f"nir.read: {last_line(error)}") from error
    inputs = {}
    for name, array in arrays.items():
        shape = tuple(int(size) for size in next(iter(graph.nodes[name].input_type.values())))
        inputs[name] = array.reshape(*array.shape[:2], *shape)
    return Task(model, graph, inputs, dt)


def write_output(path, result, dt):
    """`result`: {node: {"spikes", "value", "v" or "i": array [samples, steps, ...]}}."""
    import h5py
    import numpy as np
    temporary = path + ".part"
    with h5py.File(temporary, "w") as file:
        file.attrs["__type__"] = "NIRGraphData"
        for node, observables in result.items():
            group = file.create_group(f"nodes/{node}")
            group.attrs["__type__"] = "NIRNodeData"
            for name, array in observables.items():
                array = np.asarray(array)
                grid = group.create_group(f"observables/{name}")
                grid.attrs.update({"__type__": "TimeGriddedData", "dt": dt})
                grid["data"] = array.reshape(*array.shape[:2], -1)
    os.replace(temporary, path)


@contextlib.contextmanager
def limited(seconds):
    def stop(_signal, _frame):
        raise TooLong(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def last_line(error):
    """The error in a line, with the place in the platform's source that it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    text = " ".join(str(error).split())[:300]
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {text}{place}"


def is_refusal(error):
    """Whether the platform's own code says no, by a raise or an assert. Anything else is something that broke."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and not isinstance(error, TooLong) and (frames[-1].line or "").startswith(("raise ", "assert "))


def answer(simulate, model, given, output):
    """Returns "" or ("unsupported" or "failed", why). What the platform prints is not shown."""
    try:
        with limited(LONGEST), contextlib.redirect_stdout(io.StringIO()):
            task = read_task(model, given)
            dt = task.dt
            write_output(output, simulate(task), dt)
    except Unsupported as why:
        return "unsupported", " ".join(str(why).split())
    except Exception as error:  # pylint: disable=broad-except
        if os.environ.get("NIRC_ADAPTER_TRACE"):
            traceback.print_exc()
        return "unsupported" if is_refusal(error) else "failed", last_line(error)
    return ""


def main(load):
    """`load()` imports the platform and returns simulate(task): {node: {observable: array}}."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", action="append", default=[], metavar="DIR", help="import packages from here too")
    parser.add_argument("files", nargs="+", help="MODEL INPUT OUTPUT, or LIST")
    options = parser.parse_args()
    sys.path[1:1] = options.source
    if len(options.files) not in (1, 3):
        parser.error("expected MODEL INPUT OUTPUT, or LIST")
    with contextlib.redirect_stdout(io.StringIO()):
        simulate = load()
        import h5py  # noqa: F401  before the first case, whose time is limited
    if len(options.files) == 3:
        said = answer(simulate, *options.files)
        if said:
            print(f"{said[0]}: {said[1]}", file=sys.stderr)
            sys.exit(3 if said[0] == "unsupported" else 1)
        return
    with open(options.files[0], encoding="utf-8") as stream:
        tasks = json.load(stream)
    for each in tasks:
        said = answer(simulate, each["model"], each["input"], each["output"])
        if said:
            with open(f"{each['output']}.{said[0]}", "w", encoding="utf-8") as stream:
                stream.write(said[1] + "\n")
