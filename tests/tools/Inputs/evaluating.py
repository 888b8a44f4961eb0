"""Runs `nirc eval` on what people have, and writes the table of docs/cli.md. usage: evaluating.py NIRC PAGE MODELS DATA
FASHION [--write], with the folder of the published models and recordings, and that of Debian's dataset-fashion-mnist.

Without --write it ends with 1 where the page has another table. Works in the current folder, and checks that three forms
of the same recordings give the same answers.
"""
import json
import os
import shutil
import subprocess
import sys

import numpy as np

from nmnist_as import events

DIGITS = [0, 1, 2, 5, 7]


def frames(path, steps):
    """The numbers of events [steps, 2, 34, 34] in steps of 1 ms."""
    with open(path, "rb") as stream:
        found = list(events(stream.read()))
    out = np.zeros((steps, 2, 34, 34), np.uint8)
    for t, x, y, p in found:
        out[t // 1000, p, y, x] += 1
    return out


def write_inputs(data):
    os.makedirs("N-MNIST/Test", exist_ok=True)
    for digit in DIGITS:
        os.makedirs(f"N-MNIST/Test/{digit}", exist_ok=True)
        shutil.copy(f"{data}/nmnist/{digit}.bin", f"N-MNIST/Test/{digit}/00001.bin")
    batch = np.stack([frames(f"{data}/nmnist/{digit}.bin", 309) for digit in DIGITS])
    np.save("x.npy", batch.swapaxes(0, 1))
    np.save("y.npy", np.array(DIGITS))
    np.savez("test.npz", x=batch, y=np.array(DIGITS))


def rows(nirc, data, fashion, models):
    """What each input is called, and the command that evaluates it."""
    cnn = f"{data}/nir-paper/cnn_sinabs.nir"
    images = ["--images", f"{fashion}/t10k-images-idx3-ubyte.gz", "--labels", f"{fashion}/t10k-labels-idx1-ubyte.gz"]
    yield "a folder of events, a folder a class", [cnn, "--input", "N-MNIST/Test", "--bin", "1ms"]
    yield "`[T, B, ...]`, as snnTorch and Norse have it", [cnn, "--input", "x.npy", "--layout", "TBN", "--labels", "y.npy",
                                                          "--dt", "1ms"]
    yield "`[B, T, ...]` in a `.npz` with its labels", [cnn, "--input", "test.npz:x", "--labels", "test.npz:y", "--dt", "1ms"]
    yield "images, IDX", [f"{models}/mlp.nir", *images]
    yield "the same as spikes at random", [f"{models}/mlp.nir", *images, "--count", "2000", "--encoding", "rate",
                                           "--steps", "16", "--seeds", "5"]


def shown(arguments, *folders):
    """The command line without the folders of this machine."""
    words = []
    for word in arguments:
        for folder in folders:
            word = word.replace(folder + "/", "").replace("nir-paper/", "")
        words.append(word)
    return "nirc eval " + " ".join(words)


def main(nirc, page, models, data, fashion, write):
    write_inputs(data)
    table = ["| input | command | samples | accuracy |", "| --- | --- | --- | --- |"]
    answers = []
    for what, arguments in rows(nirc, data, fashion, models):
        done = subprocess.run([nirc, "eval", *arguments, "--json"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        result = json.loads(done.stdout)
        accuracy = f"{100 * result['accuracy']:.2f} %"
        if result["deviation"] is not None:
            accuracy = f"{100 * result['accuracy']:.2f} ± {100 * result['deviation']:.2f} %"
        if "cnn_sinabs" in arguments[0]:
            answers.append(result["confusion"])
        table.append(f"| {what} | `{shown(arguments, data, fashion, models)}` | {result['batch']:,} | {accuracy} |")
    assert all(other == answers[0] for other in answers), answers
    text = open(page, encoding="utf-8").read()
    begin = text.index("| input | command |")
    end = text.index("\n\n", begin)
    new = text[:begin] + "\n".join(table) + text[end:]
    if write:
        open(page, "w", encoding="utf-8").write(new)
    elif new != text:
        sys.exit("the table of the page is another:\n" + "\n".join(table))


main(*sys.argv[1:6], write="--write" in sys.argv)
