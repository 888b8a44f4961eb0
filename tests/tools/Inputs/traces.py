"""Runs every command of nirc where the home, the folder for temporary files and the current folder are empty, and the
model's folder has the model alone: nothing but what -o asks for may be there behind it, and machine code in the cache.
usage: traces.py NIRC EXAMPLES"""

import os
import re
import shutil
import subprocess
import sys

nirc, examples = sys.argv[1:]
PLACES = ("home", "temporary", "here", "models", "wanted")
MODEL, INPUT, OUT = "../models/two-layers.nir", "../models/two-layers.npy", "../wanted/"
STEP = ["--dt", "1ms"]
COMMANDS = [
    ["--help"], ["--version"], ["targets"], ["formats"], ["semantics"], ["semantics", "--markdown"],
    ["check", MODEL], ["inspect", MODEL],
    ["run", MODEL, "-i", INPUT, *STEP],
    ["run", MODEL, "-i", INPUT, *STEP, "--profile"],
    ["run", MODEL, "-i", INPUT, *STEP, "--target", "reference"],
    ["run", MODEL, "-i", INPUT, *STEP, "--target", "loihi2", "--semantics", "loihi2", "--format", "loihi2"],
    ["compare", "--model", MODEL, "-i", INPUT, *STEP, "target=cpu", "target=reference"],
    ["match", MODEL, "-i", INPUT, *STEP, "--expect", "../models/spikes.npy"],
    ["eval", "../models/quadrants.mlir", "--images", "../models/images", "--labels", "../models/labels", "--steps", "5", *STEP],
    ["explore", MODEL, "-i", INPUT, *STEP, "--weight-bits", "8", "--state-bits", "24"],
    ["quantize", MODEL, *STEP], ["map", MODEL, *STEP, "--target", "loihi2", "--semantics", "loihi2", "--format", "loihi2"],
    ["quantize", MODEL, *STEP, "-o", OUT + "q.mlirbc"],
    ["convert", MODEL, OUT + "model.mlir"],
    ["compile", MODEL, *STEP, "-o", OUT + "c/", "--emit", "c"],
    ["compile", MODEL, *STEP, "-o", OUT + "so/", "--emit", "shared"],
    # And what ends with an error.
    ["run", MODEL, "-i", "missing.npy", *STEP], ["check", "missing.nir"], ["run", MODEL, "-i", INPUT, *STEP, "-o", OUT],
    ["compile", MODEL, *STEP, "--format", "none-such", "-o", OUT + "never/"],
]


def files():
    found = set()
    for place in PLACES:
        for folder, folders, names in os.walk(place):
            found.update(os.path.join(folder, name) for name in folders + names)
    return found


for place in PLACES:
    os.makedirs(place)
for name in ("two-layers.nir", "two-layers.npy"):
    shutil.copy(os.path.join(examples, name), "models")
for name in ("quadrants.mlir", "images", "labels"):
    shutil.copy(name, "models")
environment = {"PATH": os.environ["PATH"], "HOME": os.path.abspath("home"), "TMPDIR": os.path.abspath("temporary")}
subprocess.run([nirc, "run", "models/two-layers.nir", "-i", "models/two-layers.npy", *STEP, "-q", "-o", "models/spikes.npy"],
               check=True)
KEPT = re.compile(r"home/\.cache(/nirc(/[0-9a-f]{64}\.code)?)?")
EXECUTING = ("run", "compare", "match", "eval", "explore")
failed = False
for command, cache in [(each, "0") for each in COMMANDS] + [(each, "4") for each in COMMANDS if each[0] in EXECUTING]:
    before = files()
    environment["NIRC_CACHE_MIB"] = cache
    result = subprocess.run([nirc, *command], cwd="here", env=environment, capture_output=True, text=True)
    behind = sorted(path for path in files() - before if not path.startswith("wanted")
                    and not (cache != "0" and KEPT.fullmatch(path)))
    if behind or before - files():
        failed = True
        print(f"nirc {' '.join(command)} (exit {result.returncode}, {cache} MiB) leaves {behind}, takes {sorted(before - files())}")
    if result.returncode not in (0, 1, 2):
        failed = True
        print(f"nirc {' '.join(command)} exits with {result.returncode}\n{result.stderr}")
if not os.path.exists("home/.cache/nirc"):
    failed = True
    print("no machine code is kept")
if os.path.exists("wanted/never"):
    failed = True
    print("a command that fails makes its folder")
sys.exit(failed)
