"""Asks the solvers of a certificate again, and checks its digests; and those of an artifact's folder where one is given."""
import hashlib
import json
import pathlib
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])
manifest = json.loads((folder / "manifest.json").read_text())
COMMANDS = {"cvc5": ["cvc5", "--lang=smt2"], "z3": ["z3", "-smt2"]}


def is_right(entry, where):
    return hashlib.sha256((where / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


same = right = count = 0
for claim in manifest["claims"]:
    for asked in claim["asked"]:
        count += 1
        said = subprocess.run([*COMMANDS[asked["solver"]], folder / asked["text"]["file"]], stdout=subprocess.PIPE, text=True, timeout=60).stdout
        same += asked["answer"] in ("unsat", "sat") and said.splitlines()[0] == asked["answer"]
        right += is_right(asked["text"], folder) and is_right(asked["said"], folder)
print(f"{same} answers given again, {right} digests of texts right")
if same != count or right != count:
    print(f"expected {count}")
if len(sys.argv) > 2:
    files = manifest["artifact"]
    print(f"{sum(is_right(entry, pathlib.Path(sys.argv[2])) for entry in files)} files of the artifact are those that were proved")
