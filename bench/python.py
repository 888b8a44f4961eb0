#!/usr/bin/env python3
"""What nirc costs from Python: steps, runs beside `nirc run`, and PyTorch's own speed, in one run.

usage: PYTHONPATH=build/python PATH=build/bin:$PATH bench/python.py [steps|run|torch ...]
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

import nirc

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/plugins/python"))


def best(work, count, rounds=7):
    """Seconds a call takes, the least of some rounds: others use the machine, too."""
    least = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(count):
            work()
        least = min(least, (time.perf_counter() - start) / count)
    return least


def steps():
    for name, dt in (("lif", 1e-4), ("two-layers", 1e-3)):
        session = nirc.compile(ROOT / f"examples/{name}.nir", dt=dt).session()
        network = session.network
        x, y = (np.zeros(next(iter(ports.values())).shape, dtype)
                for ports, dtype in ((network.inputs, "f4"), (network.outputs, "u1")))
        both = best(lambda: session.step(x, y), 50_000)
        session.bind({next(iter(network.inputs)): x}, {next(iter(network.outputs)): y})
        bound = best(session.advance, 50_000)
        alone = best(lambda: session.advance(50_000), 1) / 50_000
        print(f"{name:12} step(x, y) {1e6 * both:.2f} us, advance() {1e6 * bound:.2f} us, "
              f"a step of advance(50000) {1e6 * alone:.3f} us, an empty call {1e6 * best(lambda: None, 50_000):.3f} us")


def run():
    """The time in the run itself, as both profiles have it: 64 samples of 100 steps."""
    x = (np.random.default_rng(1).random((64, 100, 784)) < 0.1).astype("f4")
    path = ROOT / "examples/fashion-mnist/mlp.nir"
    network = nirc.compile(path)
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/x.npy", x)
        ours, theirs, whole = [], [], []
        for _ in range(9):
            start = time.perf_counter()
            network(x)
            whole.append(time.perf_counter() - start)
            ours.append(network.report()["profile"]["seconds"])
            command = ["nirc", "run", path, "--input", f"{folder}/x.npy", "-o", f"{folder}/o.npz", "--json"]
            said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            theirs.append(said["seconds"])
    print(f"64 samples of 100 steps: nirc run {1e3 * min(theirs):.2f} ms, from Python {1e3 * min(ours):.2f} ms "
          f"(ratio {min(ours) / min(theirs):.3f}); the whole call {1e3 * min(whole):.2f} ms")


def torch():
    import torch

    import fashion
    import nirc.torch

    torch.set_grad_enabled(False)
    path = ROOT / "examples/fashion-mnist/mlp.nir"
    module, plain = nirc.torch.Module(path, carry=False, layout="TBN"), fashion.Plain(path)
    for batch, count in ((1, 20), (100, 2)):
        x = fashion.shown(fashion.images(batch)).transpose(0, 1).contiguous()
        ours, theirs = [], []
        for _ in range(7):  # by turns
            ours.append(best(lambda: module(x), count, 1))
            theirs.append(best(lambda: plain(x), count, 1))
        same = torch.equal(module(x).sum(0).argmax(1), plain(x).sum(0).argmax(1))
        print(f"batch {batch}: PyTorch {1e3 * min(theirs):.2f} ms, nirc.torch.Module {1e3 * min(ours):.3f} ms, "
              f"{min(theirs) / min(ours):.0f} times as fast; the same classes: {same}; "
              f"{torch.get_num_threads()} threads of PyTorch {torch.__version__}, {os.cpu_count()} cores")


for part in sys.argv[1:] or ["steps", "run", "torch"]:
    {"steps": steps, "run": run, "torch": torch}[part]()
