#!/usr/bin/env python3
"""Runs two builds of nirc on every graph there is and keeps their outputs side by side.

    scripts/compare-builds.py OLD_NIRC NEW_NIRC FOLDER

Each command's standard output, errors, exit code and files go to FOLDER/old and FOLDER/new under the same name; the
summary lists the commands whose bytes differ. Graphs are those of examples/ and, where they lie beside the project,
of the reference data.
"""

import filecmp
import pathlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

root = pathlib.Path(__file__).resolve().parent.parent
data = root.parent / "shared" / "data"


def graphs():
    found = sorted(root.glob("examples/**/*.nir"))
    found += sorted(data.glob("**/*.nir")) if data.is_dir() else []
    return found


def commands():
    """(name, arguments); {out} is a folder for files."""
    for topic in (["targets"], ["semantics"], ["formats"], ["targets", "--json"], ["semantics", "--json"], ["formats", "--json"]):
        yield "-".join(topic), topic
    for graph in graphs():
        name = str(graph.relative_to(root.parent)).replace("/", "__")
        drive = ["--input", "poisson:100Hz", "--steps", "60", "--seed", "7", "--dt", "1ms"]
        path = str(graph)
        yield f"{name}.inspect", ["inspect", path]
        yield f"{name}.inspect-json", ["inspect", path, "--json"]
        yield f"{name}.check", ["check", path, "--dt", "1ms"]
        yield f"{name}.check-json", ["check", path, "--json"]
        yield f"{name}.convert", ["convert", path, "{out}/x.mlir"]
        for target in ("cpu", "reference"):
            yield f"{name}.run-{target}", ["run", path, *drive, "--target", target, "--raster", "-o", "{out}/"]
        yield f"{name}.run-f64", ["run", path, *drive, "--dtype", "f64", "-o", "{out}/x.nird"]
        yield f"{name}.run-norse", ["run", path, *drive, "--semantics", "norse", "-o", "{out}/x.csv"]
        yield f"{name}.run-int8", ["run", path, *drive, "--format", "int8", "-o", "{out}/"]
        yield f"{name}.run-loihi2", ["run", path, *drive, "--one-per-step", "--target", "loihi2", "--semantics", "loihi2",
                                     "--format", "loihi2", "-o", "{out}/"]
        yield f"{name}.run-no-dt", ["run", path, "--input", "constant:1", "--steps", "3"]
        yield f"{name}.quantize", ["quantize", path, "--dt", "1ms", "-o", "{out}/x.mlir"]
        yield f"{name}.compare", ["compare", "--model", path, *drive, "reset=to-value", "reset=subtract"]
        yield f"{name}.compile-c", ["compile", path, "--dt", "1ms", "--emit=c", "--name", "net", "-o", "{out}"]
        yield f"{name}.compile-object", ["compile", path, "--dt", "1ms", "--emit=object", "--cpu=x86-64-v3", "--name", "net", "-o", "{out}"]
        yield f"{name}.map", ["map", path, "--dt", "1ms", "--target", "loihi2", "--semantics", "loihi2", "--format", "loihi2",
                              "--svg", "{out}/x.svg", "-o", "{out}/x.mlir"]
        yield f"{name}.compile-lava", ["compile", path, "--dt", "1ms", "--target", "loihi2", "--semantics", "loihi2", "--format",
                                       "loihi2", "--emit=lava", "-o", "{out}"]


def run(nirc, folder, name, arguments):
    out = folder / name
    out.mkdir(parents=True)
    work = out / "files"
    work.mkdir()
    # Both write to the same place, which their messages name.
    scratch = pathlib.Path("/tmp/nirc-compare-builds") / name
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    done = subprocess.run([nirc, *[a.replace("{out}", str(scratch)) for a in arguments]], capture_output=True, timeout=600,
                          stdin=subprocess.DEVNULL)
    (out / "stdout").write_bytes(done.stdout)
    (out / "stderr").write_bytes(done.stderr)
    (out / "code").write_text(f"{done.returncode}\n")
    shutil.copytree(scratch, work, dirs_exist_ok=True)
    shutil.rmtree(scratch, ignore_errors=True)


def differences(old, new):
    """Names of files that are not the same, or there on one side only."""
    names = {p.relative_to(old) for p in old.rglob("*") if p.is_file()} | {p.relative_to(new) for p in new.rglob("*") if p.is_file()}
    return sorted(str(n) for n in names if not ((old / n).is_file() and (new / n).is_file() and filecmp.cmp(old / n, new / n, shallow=False)))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    builds = {"old": sys.argv[1], "new": sys.argv[2]}
    folder = pathlib.Path(sys.argv[3])
    todo = list(commands())

    def both(one):
        name, arguments = one
        for side, nirc in builds.items():
            if not (folder / side / name).exists():
                run(nirc, folder / side, name, arguments)
        return name, differences(folder / "old" / name, folder / "new" / name)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(both, todo))
    unlike = [(name, found) for name, found in results if found]
    for name, found in unlike:
        print(f"differs: {name}: {', '.join(found)}")
    codes = [(folder / "old" / name / "code").read_text().strip() for name, _ in results]
    print(f"{len(results)} commands, {codes.count('0')} of them with exit code 0 before; {len(results) - len(unlike)} the same, "
          f"{len(unlike)} not")
    sys.exit(1 if unlike else 0)


if __name__ == "__main__":
    main()
