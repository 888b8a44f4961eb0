"""Compiles every graph of a folder in every way that there is, runs the program and the graph, and compares the bits.

    programs.py NIRC FOLDER WORK
"""

import filecmp
import pathlib
import subprocess
import sys

nirc, folder, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
signal, length = "poisson:1000Hz", ["--seed", "3", "--steps", "100"]
loihi2 = ["--target", "loihi2", "--semantics", "loihi2", "--format", "loihi2"]
ways = {"f32": [], "f64": ["--dtype", "f64"], "int8": ["--format", "int8"], "loihi2": loihi2}
same = refused = 0


def call(*arguments):
    return subprocess.run([nirc, *arguments], capture_output=True, text=True)


for graph in sorted(folder.glob("*.nir")):
    for name, options in ways.items():
        out = work / f"{graph.stem}-{name}"
        choices = ["--dt", "1e-4", *options]
        # The ranges of a number format are found from one signal for both.
        ranges = ["--calibrate", signal] if "--format" in options else []
        written = call("compile", graph, *choices, *ranges, *(length if ranges else []), "--name", "network", "-o", out / "program")
        direct = call("run", graph, *choices, *ranges, "--input", signal, *length, "-o", f"{out}/direct/")
        # What cannot be compiled cannot be run either, and for the same reason.
        assert (written.returncode == 0) == (direct.returncode == 0), (graph, name, written.stderr, direct.stderr)
        if written.returncode != 0:
            refused += 1
            continue
        program = next(p for p in (out / "program").iterdir() if p.suffix in (".so", ".loihi2"))
        loaded = call("run", program, "--input", signal, *length, "-o", f"{out}/loaded/")
        assert loaded.returncode == 0, (graph, name, loaded.stderr)
        files = sorted(p.name for p in (out / "direct").glob("*.npy"))
        assert files and files == sorted(p.name for p in (out / "loaded").glob("*.npy")), files
        for file in files:
            assert filecmp.cmp(out / "direct" / file, out / "loaded" / file, shallow=False), (graph, name, file)
        same += 1
print(f"{same} programs give the bits of their direct runs, {refused} are refused as their runs are")
