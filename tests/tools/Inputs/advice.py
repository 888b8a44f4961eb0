"""Runs every command on a model for every advice, and writes the table of docs/advice.md. usage: advice.py NIRC PAGE [--write]

Without --write it ends with 1 where the page has another table. Works in the current folder."""

import json
import re
import struct
import subprocess
import sys

import h5py
import numpy as np

SIZE = 4  # neurons; images have as many pixels


def save(name, nodes, edges, dt=None, **metadata):
    """Nodes as {name: {"type": ..., parameter: values}}."""
    with h5py.File(name + ".nir", "w") as file:
        file["version"] = "1.0.8"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        graph.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
        for node, parameters in nodes.items():
            group = graph.create_group("nodes/" + node)
            for parameter, value in parameters.items():
                group[parameter] = value
        for entry, value in (metadata | ({"dt": dt} if dt else {})).items():
            graph["metadata/nirc/" + entry] = value


def port(kind, shape=(SIZE,)):
    return {"type": kind, "shape": np.array(shape)}


def all_of(value, dtype="float32"):
    return np.array([value] * SIZE if np.isscalar(value) else value, dtype=dtype)


def lif(tau=0.01, r=1.0, leak=0.0, threshold=1.0, reset=0.0, dtype="float64"):
    return {"type": "LIF", "tau": all_of(tau, dtype), "r": all_of(r, dtype), "v_leak": all_of(leak, dtype),
            "v_threshold": all_of(threshold, dtype), "v_reset": all_of(reset, dtype)}


def integrate_and_fire(r=1.0):
    return {"type": "IF", "r": all_of(r), "v_threshold": all_of(1.0), "v_reset": all_of(0.0)}


def chain(name, *neurons, ends=("in", "out"), shape=(SIZE,), **metadata):
    """Input, neurons and Output in a row. Inputs called `in` are of no exporter."""
    first, last = ends
    nodes = {first: port("Input")} | {f"n{i}": neuron for i, neuron in enumerate(neurons)} | {last: port("Output", shape)}
    names = list(nodes)
    save(name, nodes, list(zip(names, names[1:])), **metadata)


def cuba():
    """As snnTorch exports it, for steps of 0.1 ms."""
    alpha, beta = np.array([0.55, 0.61, 0.67, 0.71]), np.array([0.9, 0.87, 0.83, 0.81])
    return {"type": "CubaLIF", "tau_mem": 1e-4 / (1 - beta), "tau_syn": 1e-4 / (1 - alpha), "r": 1 / (1 - beta),
            "w_in": 1 / (1 - alpha), "v_leak": all_of(0.0), "v_threshold": all_of(1.0), "v_reset": all_of(0.0)}


def models():
    """By advice: the model that brings it, and its step in seconds."""
    exported = ("input", "output")
    chain("unstable-step", lif())
    chain("overshooting-step", lif())
    chain("coarse-step", lif())
    chain("uneven-delay", {"type": "Delay", "delay": all_of(0.0014)}, lif())
    chain("other-step", lif(), dt=1e-4)
    chain("other-semantics", cuba(), ends=exported)
    chain("starts-above-threshold", lif(leak=-65.0, threshold=-50.0, reset=-65.0))
    chain("reset-above-threshold", lif(reset=1.0))
    chain("fires-at-rest", lif(leak=1.5))
    chain("mixed-neurons", integrate_and_fire(), lif())
    save("no-input", {"n0": lif(), "out": port("Output")}, [("n0", "out")])
    save("no-output", {"in": port("Input"), "n0": lif()}, [("in", "n0")])
    save("duplicate-edges", {"in": port("Input"), "n0": lif(), "out": port("Output")},
         [("in", "n0"), ("in", "n0"), ("n0", "out")])
    chain("output-shape", lif(), shape=(2, 2))
    chain("silent-network", lif(threshold=5.0))
    # One weight of 40 and many of 0.01: all but the one are 0 in 8 bits.
    weights = np.full((SIZE, SIZE), 0.01, dtype="float32")
    weights[0, 0] = 40.0
    save("vanished-numbers", {"in": port("Input"), "fc": {"type": "Linear", "weight": weights}, "n0": lif(),
                              "out": port("Output")}, [("in", "fc"), ("fc", "n0"), ("n0", "out")])
    # Two that are alike in all but their names, and drive each other.
    save("undecided-loop", {"in": port("Input"), "a": lif(), "b": lif(), "out": port("Output")},
         [("in", "a"), ("in", "b"), ("a", "b"), ("b", "a"), ("a", "out"), ("b", "out")])
    # Weights of 0.3 beside one of 400: what drives three of the neurons is 0 in 8 bits.
    weights = np.full((SIZE, SIZE), 0.3, dtype="float32")
    weights[0] = [400.0, 0.0, 0.0, 0.0]
    save("silent-integers", {"in": port("Input"), "fc": {"type": "Linear", "weight": weights}, "n0": lif(threshold=0.05),
                             "rest": {"type": "Linear", "weight": np.eye(SIZE)[1:]}, "n1": {k: v if k == "type" else v[1:] for k, v in lif(threshold=0.05).items()},
                             "out": port("Output", (SIZE - 1,))},
         [("in", "fc"), ("fc", "n0"), ("n0", "rest"), ("rest", "n1"), ("n1", "out")])
    chain("ignored-parameters", lif(leak=0.25))
    # A ring with a late edge in the file, and a semantics in which neurons read the step before.
    save("dropped-late", {"in": port("Input"), "a": lif(), "b": lif(), "out": port("Output")},
         [("in", "a"), ("a", "b"), ("b", "a"), ("b", "out")], dt=1e-3, semantics="nir,late=a:b")
    chain("assumed-ranges", lif())
    chain("own-ranges", lif())
    # Written by a nirc whose norse was another.
    chain("name-drift", lif(), semantics="norse[v1,reset=subtract]")
    steps = {"unstable-step": 1.0, "overshooting-step": 0.015, "coarse-step": 0.006, "other-semantics": 1e-4}
    return {name: steps.get(name, 1e-3) for name in ADVICE}


def write_inputs():
    np.save("x.npy", np.random.default_rng(1).random((20, SIZE), dtype=np.float32))
    np.save("y.npy", np.zeros((20, SIZE), dtype=np.float32))
    np.save("y2.npy", np.zeros((20, 2, 2), dtype=np.float32))
    np.save("y3.npy", np.zeros((20, SIZE - 1), dtype=np.float32))
    images, labels = np.eye(SIZE, dtype=np.uint8) * 255, np.arange(SIZE, dtype=np.uint8)
    with open("images", "wb") as file:
        file.write(struct.pack(">iiii", 0x803, SIZE, 2, SIZE // 2) + images.tobytes())
    with open("labels", "wb") as file:
        file.write(struct.pack(">ii", 0x801, SIZE) + labels.tobytes())


def commands(model, dt):
    """Of every command the arguments; each with --json where it has that."""
    step = ["--dt", repr(dt)]
    name = model[:-4]
    step += ["--ignore", "v_leak"] if name == "ignored-parameters" else []
    step += ["--schedule", "pipelined"] if name == "dropped-late" else []
    calibration = ["--calibrate", "x.npy"] if name == "silent-integers" else []
    expected = {"output-shape": "y2.npy", "silent-integers": "y3.npy"}.get(name, "y.npy")
    integers = ["--format", "int8"] if name in ("vanished-numbers", "own-ranges") else []
    return {
        "check": ["check", model, *step, "--json"],
        "run": ["run", model, "-i", "x.npy", *step, *integers],
        "eval": ["eval", model, "--images", "images", "--labels", "labels", "--steps", "5", *step, *integers, "--json"],
        "compare": ["compare", "--model", model, "-i", "x.npy", *step, *integers, "target=cpu", "target=reference", "--json"],
        "compile": ["compile", model, *step, "--format", "int8", "-o", "compiled"],
        "quantize": ["quantize", model, *step, *calibration, "--json"],
        "map": ["map", model, *step, "--target", "loihi2", *([] if name == "dropped-late" else ["--schedule", "pipelined"]), "--format", "loihi2", "--json"],
        "explore": ["explore", model, "-i", "x.npy", *step, "--weight-bits", "8", "--state-bits", "24", "--json"],
        "match": ["match", model, "-i", "x.npy", *step[:2], "--expect", expected, "--json"],
    }


def said(nirc, advice, arguments):
    """The severity with which the command gives the advice, each time that it does so, and whether it went on."""
    result = subprocess.run([nirc, *arguments], capture_output=True, text=True)
    if result.returncode not in (0, 1):
        sys.exit(f"nirc {' '.join(arguments)}: exit {result.returncode}\n{result.stderr}")
    lines = [line for line in result.stderr.splitlines() if re.match(r".*: (error|warning|note): ", line)]
    found = []
    if "--json" in arguments and result.stdout:
        report = json.loads(result.stdout)
        listed = report["diagnostics"] if "diagnostics" in report else report["advice"]
        found = [one["severity"] for one in listed if one["name"] == advice]
        if arguments[0] != "check":  # which prints one or the other
            messages = [one["message"] for one in listed if one["name"] == advice]
            for message in messages:
                times = sum(message in line for line in lines)
                if times != 1:
                    sys.exit(f"nirc {' '.join(arguments)}: {times} times on standard error: {message}\n{result.stderr}")
    else:
        found = [re.match(r".*?: (error|warning|note): ", line)[1] for line in lines if SIGNS[advice] in line]
    return found, result.returncode


SIGNS = {
    "unstable-step": "the state grows without bound",
    "overshooting-step": "each step overshoots rest",
    "coarse-step": "the decay of a step is far from",
    "uneven-delay": "expected a whole number",
    "other-step": "found steps of",
    "other-semantics": "since nothing names a semantics",
    "starts-above-threshold": "v starts at 0",
    "reset-above-threshold": "expected less than v_threshold",
    "fires-at-rest": "is above v_threshold",
    "mixed-neurons": "the graph has both",
    "no-input": "no edge enters it",
    "no-output": "no edge leaves it",
    "duplicate-edges": "2 edges come from",
    "output-shape": "declares shape",
    "silent-network": "no output has a spike",
    "silent-integers": "spikes in float64 and none in",
    "ignored-parameters": "reads v_leak as 0",
    "dropped-late": "late in the file, and not under",
    "undecided-loop": "carries the value of the step before",
    "own-ranges": "range of the inputs is that of this input",
    "vanished-numbers": "weights other than 0 are 0",
    "assumed-ranges": "inputs are taken as whole numbers",
    "name-drift": "which means another one here",
}
ADVICE = list(SIGNS)


def table(nirc):
    rows, columns = [], list(commands("", 0.0))
    for advice, dt in models().items():
        row = []
        for command, arguments in commands(advice + ".nir", dt).items():
            found, code = said(nirc, advice, arguments)
            if len(found) > 1:
                sys.exit(f"{command} gives {advice} {len(found)} times")
            severity = found[0] if found else "-"
            if severity == "error" and code != 1:
                sys.exit(f"{command} goes on after {advice}")
            if severity == "error" and command != "check":
                again = subprocess.run([nirc, *arguments, "--accept", advice], capture_output=True, text=True)
                if "goes on all the same" in again.stderr or SIGNS[advice] not in again.stderr:
                    sys.exit(f"{command} --accept {advice}: {again.stderr}")
            row.append(severity)
        rows.append(f"| `{advice}` | {' | '.join(row)} |")
    return "\n".join([f"| advice | {' | '.join(f'`{name}`' for name in columns)} |", "| --- " * (len(columns) + 1) + "|", *rows])


def between(text, marker, rows):
    """The page with those rows behind `<!-- marker -->`."""
    before, after = re.fullmatch(f"(?s)(.*<!-- {marker} -->\n).*?(<!-- end -->.*)", text).groups()
    return before + rows + "\n" + after


nirc, page = sys.argv[1:3]
write_inputs()
explained = subprocess.run([nirc, "explain", "--markdown"], capture_output=True, text=True, check=True).stdout
with open(page) as file:
    text = file.read()
wanted = between(between(text, "explain", explained.rstrip("\n")), "advice.py", table(nirc))
if "--write" in sys.argv:
    with open(page, "w") as file:
        file.write(wanted)
elif wanted != text:
    sys.exit(f"a table is another, advice.py --write writes it:\n{wanted}")
