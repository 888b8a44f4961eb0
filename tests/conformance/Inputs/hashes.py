"""Every hash that a suite states is that of the bytes, found without nirc; and no file is there that no hash is of.

    hashes.py SUITE
"""
import hashlib
import json
import pathlib
import sys


def digest(data):
    return hashlib.sha256(data).hexdigest()


root = pathlib.Path(sys.argv[1])
suite = json.loads((root / "suite.json").read_text())
lines, known = "", {root / "suite.json"}
for name in suite["cases"]:
    text = (root / name / "manifest.json").read_bytes()
    lines += f"{digest(text)}  {name}/manifest.json\n"
    known.add(root / name / "manifest.json")
    manifest = json.loads(text)
    assert manifest["name"] == name and manifest["expected"][0]["semantics"][0] == "nir", name
    assert {manifest["model"], manifest["input"], *(one["file"] for one in manifest["expected"])} == set(manifest["sha256"])
    for file, stated in manifest["sha256"].items():
        assert digest((root / name / file).read_bytes()) == stated, f"{name}/{file}"
        known.add(root / name / file)
assert digest(lines.encode()) == suite["sha256"]
found = {path for path in root.rglob("*") if path.is_file()}
assert found == known, sorted(map(str, found ^ known))[:10]
nodes = sum(name.startswith("nodes/") for name in suite["cases"])
print(f"{nodes} node cases and {len(suite['cases']) - nodes} models, {len(known)} files: the hashes are right")
