"""A simulator for `nirc conform --external` that breaks in the way that is asked for.

    broken-simulator.py HOW MODEL INPUT OUTPUT
    broken-simulator.py HOW LIST
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import h5py
import numpy as np


def write(path, dt, **nodes):
    with h5py.File(path, "w") as file:
        file.attrs["__type__"] = "NIRGraphData"
        for name, data in nodes.items():
            node = file.create_group("nodes/" + name)
            node.attrs["__type__"] = "NIRNodeData"
            grid = node.create_group("observables/spikes")
            grid.attrs.update({"__type__": "TimeGriddedData", "dt": dt})
            grid["data"] = data


how, files = sys.argv[1], sys.argv[2:]
if len(files) == 1:  # a list: of its cases the first has an answer, the second is refused, the third breaks all
    tasks = json.loads(pathlib.Path(files[0]).read_text(encoding="utf-8"))
    write(tasks[0]["output"], 1.0, output=np.zeros((1, 1, 1)))
    pathlib.Path(tasks[1]["output"] + ".unsupported").write_text("no such thing\n", encoding="utf-8")
    sys.exit(5 if how == "crash" else 0)
model, given, output = files
with h5py.File(given) as file:
    grid = next(iter(next(iter(file["nodes"].values()))["observables"].values()))
    dt, (samples, steps, elements) = grid.attrs["dt"], grid["data"].shape
if how == "crash":
    print("about to divide by zero", flush=True)
    os.kill(os.getpid(), signal.SIGFPE)
elif how == "exit":
    sys.exit("Traceback: <no> & \"none\"")
elif how == "hang":  # and so does what it starts
    subprocess.Popen(["sleep", "4321"])
    time.sleep(4321)
elif how == "garbage":
    pathlib.Path(output).write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 40)
elif how == "unsupported":
    print("noise\nunsupported: no delays", file=sys.stderr)
    sys.exit(3)
elif how == "shape":
    write(output, dt, output=np.zeros((samples, steps + 1, elements)))
elif how == "step":
    write(output, 2 * dt, output=np.zeros((samples, steps, elements)))
elif how == "names":
    write(output, dt, out=np.zeros((samples, steps, elements)))
elif how == "nan":
    write(output, dt, output=np.full((samples, steps, elements), np.nan))
elif how == "silent":
    write(output, dt, output=np.zeros((samples, steps, elements)))
