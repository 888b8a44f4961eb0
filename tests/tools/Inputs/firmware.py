"""What was said of programs of a Cortex-M, and what they gave.

    firmware.py sizes INT8.txt INT4.json SIZES.txt NET.txt
    firmware.py same GOT.npz WANT.npz ...
"""
import json
import re
import sys

import numpy


def sizes(int8, int4, linked, net):
    said = open(int8).read()
    printed = {"int8": tuple(map(int, re.search(r"linked: (\d+) bytes of flash, (\d+) bytes of RAM", said).groups()))}
    memory = json.load(open(int4))["memory"]
    printed["int4"] = (memory["program"]["flash_bytes"], memory["program"]["ram_bytes"])
    assert sum(node["flash_bytes"] for node in memory["nodes"]) == memory["flash_bytes"]
    for line in open(linked).read().splitlines()[1:]:
        text, data, bss, _, _, name = line.split()
        name = name.split("/")[0]
        assert printed[name] == (int(text) + int(data), int(data) + int(bss)), (name, printed[name], line)
        print(f"{name}: flash and RAM as printed")
    network = int(open(net).read().split()[1], 16)  # sizeof, as the linker has it
    assert re.search(rf"^all +\d+ +{network}$", said, re.M), network
    assert printed["int8"][1] <= 0.4 * 53000 and printed["int4"][0] < printed["int8"][0]
    print("int8 takes at most 40 % of 53 kB, int4 less flash than int8")


def same(got, want):
    got, want = numpy.load(got), numpy.load(want)
    assert sorted(got.files) == sorted(want.files), (got.files, want.files)
    for name in got.files:
        assert got[name].dtype == want[name].dtype and numpy.array_equal(got[name], want[name]), name
        assert name.endswith(".v") or got[name].any(), f"{name} is silent"
    print(f"{len(got.files)} traces are the same")


if sys.argv[1] == "sizes":
    sizes(*sys.argv[2:])
else:
    for pair in zip(sys.argv[2::2], sys.argv[3::2]):
        same(*pair)
