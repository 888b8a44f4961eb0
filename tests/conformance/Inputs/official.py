"""NIR's own library reads every file of a suite, but for what is listed here, with the reason.

    official.py NIRC FOLDER

Exports the suite to FOLDER first. The library is looked for in the folder $NIRC_NIR_PYTHON and where Python finds its
packages. Without it the exit code is 77, which ctest reports as skipped.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

if os.environ.get("NIRC_NIR_PYTHON"):
    sys.path.insert(0, os.environ["NIRC_NIR_PYTHON"])
try:
    import nir
except ImportError:
    print("skipped: no official nir package; set NIRC_NIR_PYTHON to the folder that holds it")
    sys.exit(77)

# By what the check of types says. It is done where it is not switched off, and finds fault with these:
KNOWN = {
    "rank-0 parameters: their neurons count as a signal of rank 0": r"(node|threshold|neuron|layer)\.input: \[\]",
    "groups: the weights' own channels count as all of them": r"(nodes|layers)/conv\dd[/-](depthwise|groups)|depthwise-separable",
    "Conv2d: the kernel counts as having as many columns as rows": r"(nodes|layers)/conv2d[/-]",
    "subgraphs: each node without an edge counts as a port": r"nodes/edges/(no-edge|bias-without)",
    "subgraphs: a port is called 'input' or 'output'": r"KeyError",
}


def reason(text):
    return next((why for why, pattern in KNOWN.items() if re.search(pattern, text)), None)


def main():
    tool, root = sys.argv[1], pathlib.Path(sys.argv[2])
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run([tool, "conformance", "export", root, "-q"], check=True)
    read = recordings = 0
    refused, faults = collections.Counter(), []
    for case in json.loads((root / "suite.json").read_text())["cases"]:
        manifest = json.loads((root / case / "manifest.json").read_text())
        nir.read(root / case / manifest["model"], type_check=False)
        try:
            nir.read(root / case / manifest["model"])
            read += 1
        except (ValueError, KeyError) as error:
            text = f"{case}: {type(error).__name__}: {error}"
            refused[reason(text)] += 1
            faults += [] if reason(text) else [text]
        for file in [manifest["input"], *(one["file"] for one in manifest["expected"])]:
            nir.read_data(root / case / file)
            recordings += 1
    print(f"{read + sum(refused.values())} models read without a check of types, {read} with it; {recordings} recordings read")
    for why, count in refused.most_common():
        print(f"{count:4} {why}")
    sys.exit("\n".join(faults))


main()
