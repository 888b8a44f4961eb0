#!/usr/bin/env python3
"""Prints what `llvm-cov export -summary-only` says of ir/, dialects/ and passes/: lines of each folder, and the files below the bound.

usage: scripts/coverage.py FILE.json

Ends with 1 where one of the three is below it."""
import collections
import json
import pathlib
import sys

BOUND = 90.0
ROOT = pathlib.Path(__file__).resolve().parents[1]
LAYERS = ["ir", "dialects", "passes"]


def share(count, covered):
    return 100.0 * covered / count if count else 100.0


files = {}
for file in json.load(open(sys.argv[1]))["data"][0]["files"]:
    path = pathlib.Path(file["filename"])
    if path.is_relative_to(ROOT):
        name = path.relative_to(ROOT)
        if name.parts[0] in LAYERS:
            lines = file["summary"]["lines"]
            files[name] = (lines["count"], lines["covered"])

folders = collections.defaultdict(lambda: [0, 0])
for name, (count, covered) in files.items():
    for folder in name.parents:
        folders[str(folder)][0] += count
        folders[str(folder)][1] += covered
del folders["."]
for folder, (count, covered) in sorted(folders.items()):
    print(f"{share(count, covered):6.1f} %  {covered:6} of {count:6} lines  {folder}/")
print(f"files below {BOUND:.0f} %:")
for name, (count, covered) in sorted(files.items(), key=lambda item: share(*item[1])):
    if share(count, covered) < BOUND:
        print(f"{share(count, covered):6.1f} %  {covered:6} of {count:6} lines  {name}")
below = [layer for layer in LAYERS if share(*folders[layer]) < BOUND]
if below:
    print(f"error: below {BOUND:.0f} % of lines: {', '.join(below)}")
sys.exit(1 if below else 0)
