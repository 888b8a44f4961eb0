#!/usr/bin/env python3
"""Makes packages of a build of nirc.

    packaging/build.py OUT                           deb, tarball and wheel, as a release has them
    packaging/build.py OUT deb tarball               those alone
    packaging/build.py OUT --build FOLDER --fast     of another build folder than build/, with the quickest compression

The build folder must be built: all its targets. Packages that are needed here: scripts/packages.txt. Times in the packages are
$SOURCE_DATE_EPOCH, or else the last commit's.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import deb
import tarball
import tree as trees
import wheel

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KINDS = ("deb", "tarball", "wheel")
MOST_BYTES = 90_000_000  # of the tarball


def version_of(source):
    with open(os.path.join(source, "CMakeLists.txt"), encoding="utf-8") as stream:
        return re.search(r"project\(nirc VERSION ([\d.]+)", stream.read()).group(1)


def epoch_of(source):
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    found = subprocess.run(["git", "-C", source, "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False)
    return int(found.stdout) if found.returncode == 0 and found.stdout.strip() else 1_700_000_000


def say(path, seconds):
    print(f"{path}: {os.path.getsize(path) / 1e6:.1f} MB, {seconds:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", help="the folder for the packages")
    parser.add_argument("kinds", nargs="*", default=KINDS, help="deb, tarball, wheel, or all")
    parser.add_argument("--build", default=os.path.join(SOURCE, "build"), help="the build folder")
    parser.add_argument("--fast", action="store_true", help="compress quickly: for tests")
    options = parser.parse_args()
    kinds = KINDS if "all" in options.kinds else options.kinds
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        parser.error(f"found {unknown[0]}, expected {', '.join(KINDS)} or all")
    out = os.path.abspath(options.out)
    work = os.path.join(out, "work")
    os.makedirs(work, exist_ok=True)
    version, epoch = version_of(SOURCE), epoch_of(SOURCE)
    level = 6 if options.fast else 9

    if "deb" in kinds:
        start = time.time()
        for path in deb.write(SOURCE, options.build, version, work, out, epoch):
            say(path, time.time() - start)
    if "tarball" in kinds or "wheel" in kinds:
        start = time.time()
        tree = trees.Tree(SOURCE, options.build, os.path.join(work, "tree"))
        tree.make()
        print(f"{tree.folder}: {trees.size(tree.folder) / 1e6:.1f} MB in {len(trees.files_below(tree.folder))} files, "
              f"{time.time() - start:.0f} s", flush=True)
    if "tarball" in kinds:
        start = time.time()
        name = f"nirc-{version}-linux-x86_64"
        path = os.path.join(out, name + ".tar.gz")
        tarball.write(tree.folder, name, path, epoch, level)
        say(path, time.time() - start)
        if os.path.getsize(path) > MOST_BYTES:
            sys.exit(f"error: found a tarball of {os.path.getsize(path)} bytes, expected {MOST_BYTES} at most")
    if "wheel" in kinds:
        start = time.time()
        say(wheel.write(tree.folder, version, out, epoch, level), time.time() - start)
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
