"""Runs commands that fail, each in its own way, and looks at the code behind the error.

    errors.py EXAMPLES              every error ends in a code that `nirc explain` knows, and in the one expected here
    errors.py --page PAGE [--write] whether the table of the page is that of `nirc explain`; --write puts it there
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import h5py
import numpy as np


def copy(model, name, change):
    """A copy of a model in which something is wrong."""
    shutil.copy(model, name)
    with h5py.File(name, "r+") as file:
        change(file)


def replace(group, name, value):
    del group[name]
    group[name] = value


def rename_edge(file):
    edges = file["node/edges"][()]
    edges[0] = [edges[0][0], b"nowhere"]
    replace(file["node"], "edges", edges)


def make_files(lif):
    node = "node/nodes/lif"
    copy(lif, "type.nir", lambda f: replace(f[node], "type", "Izhikevich"))
    copy(lif, "missing.nir", lambda f: f[node].__delitem__("tau"))
    copy(lif, "unknown.nir", lambda f: f[node].__setitem__("beta", 0.5))
    copy(lif, "text.nir", lambda f: replace(f[node], "tau", "fast"))
    copy(lif, "shape.nir", lambda f: replace(f[node], "tau", np.ones((7, 2))))
    copy(lif, "value.nir", lambda f: replace(f[node], "tau", 0 * f[node + "/tau"][()]))
    copy(lif, "edge.nir", rename_edge)
    copy(lif, "metadata.nir", lambda f: f["node"].__setitem__("metadata/nirc/dt", "soon"))
    pathlib.Path("cut.nir").write_bytes(pathlib.Path(lif).read_bytes()[:500])
    pathlib.Path("notes.txt").write_text("not a model\n")
    pathlib.Path("bad.mlir").write_text("nir.graph {\n  %0 = nir.what\n}\n")
    pathlib.Path("bad.npy").write_bytes(b"\x93NUMPY\x01\x00\x08\x00nonsense")
    pathlib.Path("cut.csv").write_text("1,2\n3\n")
    pathlib.Path("cut.gz").write_bytes(b"\x1f\x8b\x08")
    np.save("wide.npy", np.zeros((10, 99), dtype="float32"))
    np.save("nan.npy", np.full((10, 1), np.nan, dtype="float32"))
    np.save("one.npy", np.zeros((10, 1), dtype="float32"))
    os.mkdir("empty")
    os.mkdir("results")


RUN = "run {lif} --dt 1ms --input "
COMMANDS = {
    "": "unknown-command", "rum {lif}": "unknown-command", "--verbose": "unknown-option",
    "run {lif} --steppes 5": "unknown-option", "run {lif} 1ms": "unknown-option",
    "run": "missing-option", "run {lif} --dt": "missing-option", "eval {lif} --dt 1ms": "missing-option",
    "run {lif} --input {npy} --dt soon": "bad-option", "run {lif} --input {npy} --dt 1ms --steps many": "bad-option",
    "run {lif} --input {npy} --dt 1ms --steps 0": "bad-option", "run {lif} --layout XYZ": "bad-option",
    "compare {lif} {lif} --dt 1ms --tau x": None,
    "run {lif} --input {npy} --dt 1ms --format int8 --dtype f32": "option-conflict",
    "run {lif} --input {npy} --bin 1ms": "option-conflict",
    "run {lif} --input {npy} --dt 1ms --json -o -": "option-conflict",
    "run {lif} --input {npy} --dt 1ms --target gpu": "unknown-name",
    "run {lif} --input {npy} --dt 1ms --semantics spinaker": "unknown-name",
    "run {lif} --input {npy} --dt 1ms --format int9x": "unknown-name",
    "run {lif} --input {npy} --dt 1ms --reset sideways": "unknown-name",
    "check {lif} --accept everything": "unknown-name", "explain nothing-of-it": "unknown-name",
    "semantics nobody": "unknown-name", "formats nobody": "unknown-name",
    "run {lif} --input {npy} --dt 1ms --record nobody:v": "unknown-node",
    "run {lif} --input {npy} --dt 1ms --record lif:x": "unknown-node",
    "run {lif} --input nobody={npy} --dt 1ms": "unknown-node",
    "convert {lif} x.onnx": "file-ending", "run {lif} --input {npy} --dt 1ms -o x.png": "file-ending",
    "quantize {lif} --dt 1ms -o x.bin": "file-ending",
    "run clocked.mlirbc --input {npy} --dt 2ms": "settled-choice",
    "run {lif} --input {npy} --dt 1ms --format int8,kept-bits=9,state-bits=8": "choice-conflict",
    "run nowhere.nir": "cannot-read", "inspect empty": "not-a-model", RUN + "nowhere.npy": "cannot-read",
    "convert {lif} nowhere/x.nir": "cannot-write", "compile {lif} --dt 1ms -o notes.txt/x": "cannot-write",
    RUN + "{npy} -o nowhere/x.csv": "cannot-write",
    "check {lif} --max-nodes 1": "limit", "check {lif} --max-bytes 10": "limit",
    "check notes.txt": "not-a-model", "check wide.npy": "not-a-model", "inspect cut.gz": "unusable-file",
    "check cut.nir": "damaged-file",
    "check clocked.mlirbc": "wrong-model", "compare clocked.mlirbc clocked.mlirbc --input {npy}": None,
    "check bad.mlir": "mlir-syntax", "check type.nir": "unknown-node-type", "check missing.nir": "missing-parameter",
    "check unknown.nir": "unknown-parameter", "check text.nir": "wrong-type", "check shape.nir": "wrong-shape",
    "check value.nir": "wrong-value", "check edge.nir": "unknown-edge", "check metadata.nir": "file-metadata",
    "run {lif} --input {npy}": "no-step", "compile {lif} -o c": "no-step", "compare --model {lif} nir norse": None,
    "run {lif} --input {npy} --dt 1ms --bin 2ms": "step-conflict",
    "run {lif} --input {npy} --dt 1ms --late a:b": "late-edge",
    "run {lif} --dt 1ms": "missing-input", RUN + "notes.txt": "input-format", RUN + "events-film:{npy}": "unknown-name",
    RUN + "bad.npy": "damaged-input", RUN + "cut.csv": "damaged-input", RUN + "wide.npy": "input-shape",
    RUN + "nan.npy": "input-value", RUN + "poisson:5000Hz --steps 5": "input-value",
    RUN + "poisson:fast --steps 5": None,
    RUN + "constant:1": "run-length", RUN + "empty/": "empty-input",
    "compare results results": "cannot-read", "compare wide.npy one.npy": "not-comparable",
    RUN + "{npy} --target reference --profile": "unsupported-by-target",
    RUN + "{npy} --target loihi2 --dtype f32": None,
    "compile {lif} --dt 1ms --emit=film -o x": "unsupported-by-target",
    "map {lif} --dt 1ms --target cpu": "unsupported-by-target",
    "compile {lif} --dt 1ms --triple=pdp11 -o x": "toolchain", "compile {lif} --dt 1ms --cpu=z80 -o x": "toolchain",
    "match {lif} --input {npy} --dt 1ms --expect one.npy --node nobody": None,
    "explore {lif} --dt 1ms": None,
}


def check(examples):
    lif, npy = f"{examples}/lif.nir", f"{examples}/lif.npy"
    make_files(lif)
    subprocess.run(["nirc", "quantize", lif, "--dt", "1ms", "-o", "clocked.mlirbc", "-q"], check=True)
    known = {one["name"] for one in json.loads(subprocess.check_output(["nirc", "explain", "errors", "--json"]))}
    faults, seen = [], set()
    for command, expected in COMMANDS.items():
        words = command.format(lif=lif, npy=npy).split()
        done = subprocess.run(["nirc", *words], capture_output=True, text=True)
        line = next((line for line in done.stderr.splitlines() if "error: " in line), "")
        code = re.search(r" \[([a-z-]+)\]$", line)
        if done.returncode == 0 or not code or code[1] not in known or expected not in (None, code[1]):
            faults.append(f"nirc {command}: exit {done.returncode}, expected [{expected or 'any code'}]: {line or done.stderr}")
        else:
            seen.add(code[1])
    sys.exit("\n".join(faults) if faults else print(f"{len(COMMANDS)} commands, {len(seen)} of {len(known)} codes"))


def check_examples():
    """The options that the explanations name are options of the commands that they show."""
    for one in json.loads(subprocess.check_output(["nirc", "explain", "errors", "--json"])):
        for words in map(str.split, one["example"].split(";")):
            if words[0] == "nirc" and words[1] != "help" and not words[1].startswith("-"):
                text = subprocess.check_output(["nirc", "help", words[1]], text=True)
                unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in text]
                assert not unknown, f"{one['name']}: `{' '.join(words)}` has no {unknown}"


def table(page, write):
    text = pathlib.Path(page).read_text()
    made = subprocess.check_output(["nirc", "explain", "errors", "--markdown"], text=True)
    wanted = re.sub(r"(?<=<!-- explain -->\n).*?(?=<!-- end -->)", lambda _: made, text, flags=re.S)
    if write:
        pathlib.Path(page).write_text(wanted)
    elif wanted != text:
        sys.exit(f"{page} has another table: errors.py --page {page} --write")


if sys.argv[1] == "--page":
    table(sys.argv[2], "--write" in sys.argv)
else:
    check_examples()
    check(sys.argv[1])
