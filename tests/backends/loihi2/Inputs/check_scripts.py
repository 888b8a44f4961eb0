"""check_scripts.py [--stand-in] FOLDER: runs every NAME.py in it on NAME.in.npz, and compares what comes out with NAME.want.npz.

With --stand-in by the stand-in for Lava, else by Lava.
"""
import pathlib
import runpy
import subprocess
import sys

import numpy as np

import lava_stand_in


def run(script, arguments):
    if "--stand-in" in options:
        sys.argv = [str(script), *map(str, arguments)]
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        subprocess.run([sys.executable, script, *arguments], check=True)


*options, folder = sys.argv[1:]
if "--stand-in" in options:
    lava_stand_in.install()
scripts = sorted(pathlib.Path(folder).glob("*.py"))
for script in scripts:
    out = script.with_suffix(".out.npz")
    run(script, [script.with_suffix(".in.npz"), out])
    got, want = np.load(out), np.load(script.with_suffix(".want.npz"))
    if sorted(got.files) != sorted(want.files):
        sys.exit(f"{script.name}: has {got.files}, expected {want.files}")
    for name in want.files:
        if got[name].shape != want[name].shape or got[name].dtype != want[name].dtype:
            sys.exit(f"{script.name}: {name} is {got[name].dtype} {got[name].shape}, "
                     f"expected {want[name].dtype} {want[name].shape}")
        differs = np.argwhere(got[name] != want[name])
        if len(differs):
            sys.exit(f"{script.name}: {name} differs {len(differs)} times, first at {differs[0]}")
print(f"{len(scripts)} scripts")
