#!/usr/bin/env python3
"""Reads every #include of the tree, and checks that all arrows between rooms go one way.

    scripts/includes.py             check; says each arrow that climbs, and ends with 1
    scripts/includes.py --picture   check, and write docs/house.svg
    scripts/includes.py --root DIR  the same for another tree

A room is a folder with sources. What lies in a folder has an order, which stands in the folder's README.md, and for the
whole tree in docs/architecture.md, as a line

    Order: `Error Wording < choices < graph`

from the ground up: a name is a folder, or a file without its ending, and `*` stands for all files that are not named. What
stands left may be included by what stands right. What stands between two `<` does not include each other.
"""
import argparse
import collections
import os
import re
import sys

sys.dont_write_bytecode = True
import house_picture

SOURCES = (".h", ".cpp", ".c", ".td", ".fbs")
GENERATED = (".inc", "_generated.h")
LIBRARIES = ("mlir", "llvm", "gtest", "gmock", "benchmark")
INCLUDE = re.compile(r'^\s*#?\s*include\s+"([^"]+)"')
ORDER = re.compile(r"^Order: `([^`]+)`\s*$", re.MULTILINE)
MAP = "docs/architecture.md"
PICTURE = "docs/house.svg"


class House:
    """The sources of a tree, their includes and the declared orders."""

    def __init__(self, root):
        self.root = root
        self.files = set()
        self.orders = {}  # folder -> [[name of a level]]
        self.arrows = []  # (file, line, included file)
        self.faults = []
        self.find_files()
        for folder in sorted({"", *map(os.path.dirname, self.files)}):
            while folder not in self.orders:
                self.orders[folder] = self.read_order(folder)
                folder = os.path.dirname(folder)
        for file in sorted(self.files):
            self.read_includes(file)

    def find_files(self):
        for folder, folders, names in os.walk(self.root):
            here = os.path.relpath(folder, self.root)
            here = "" if here == "." else here + "/"
            folders[:] = sorted(
                name for name in folders
                if not name.startswith(".") and here + name not in ("shared", "third_party")
                and not os.path.exists(os.path.join(folder, name, "CMakeCache.txt")))
            self.files.update(here + name for name in names if name.endswith(SOURCES))

    def text(self, file):
        with open(os.path.join(self.root, file), encoding="utf-8") as stream:
            return stream.read()

    def readme(self, folder):
        return os.path.join(folder, "README.md") if folder else MAP

    def read_order(self, folder):
        readme = self.readme(folder)
        if not os.path.exists(os.path.join(self.root, readme)):
            return None
        found = ORDER.search(self.text(readme))
        return [level.split() for level in found.group(1).split("<")] if found else None

    def read_includes(self, file):
        for number, line in enumerate(self.text(file).splitlines(), 1):
            found = INCLUDE.match(line)
            if not found or found.group(1).split("/")[0] in LIBRARIES:
                continue
            beside = os.path.normpath(os.path.join(os.path.dirname(file), found.group(1)))
            path = beside if beside in self.files else found.group(1)
            is_generated = path.endswith(GENERATED) and self.has_folder(os.path.dirname(path))
            if path in self.files or is_generated:
                self.arrows.append((file, number, path))
            elif path.split("/")[0] in self.top():
                self.faults.append(f"{file}:{number}: includes {path}, which is not there")

    def has_folder(self, folder):
        return os.path.isdir(os.path.join(self.root, folder))

    def top(self):
        return [name for level in self.orders[""] or [] for name in level]

    def level(self, folder, name):
        """The name in the order of the folder that `name` falls under, and its level."""
        for entry in (name, os.path.splitext(name)[0], "*"):
            is_folder = self.has_folder(os.path.join(folder, name))
            if is_folder and entry == "*":
                break
            for i, level in enumerate(self.orders[folder]):
                if entry in level:
                    return entry, i
        return None

    # Checks

    def check(self):
        self.check_rooms()
        for arrow in self.arrows:
            self.check_arrow(*arrow)
        self.check_circles()
        return self.faults

    def check_rooms(self):
        """Every file is in a room, every room has a README.md, and every name of an order is there."""
        for file in sorted(self.files):
            folder, name = "", file
            while "/" in name:
                child, name = name.split("/", 1)
                if not self.place(folder, child, file):
                    break
                folder = os.path.join(folder, child)
                if folder == "tests":
                    break
            else:
                self.place(folder, name, file)
        for folder, order in sorted(self.orders.items()):
            for entry in [name for level in order or [] for name in level]:
                path = os.path.join(folder, entry)
                if entry != "*" and not self.has_folder(path) and not any(
                        os.path.splitext(file)[0] == path for file in self.files):
                    self.faults.append(f"{self.readme(folder)}: names {entry}, which is not there")
            if folder and not folder.startswith("tests") and not os.path.exists(
                    os.path.join(self.root, folder, "README.md")):
                self.faults.append(f"{folder} is a room without a README.md")

    def place(self, folder, child, file):
        if self.orders[folder] is None:
            has_rooms = any(os.path.dirname(other) == folder for other in self.orders if other)
            if has_rooms:
                self.faults.append(f"{file} is in no room: {self.readme(folder)} has no line 'Order: `a < b`'")
            return not has_rooms
        if self.level(folder, child) is None:
            self.faults.append(f"{file} is in no room: {self.readme(folder)} does not name {child}")
            return False
        return True

    def check_arrow(self, file, line, target):
        folder, a, b = parting(file, target)
        if file.startswith("tests/") or self.orders[folder] is None:
            return  # tests include all, and the files of one room each other
        of, to = self.level(folder, a), self.level(folder, b)
        if of is None or to is None or of[0] == to[0] or of[1] > to[1]:
            return
        why = "stands beside it" if of[1] == to[1] else "stands above it"
        self.faults.append(f"{file}:{line}: includes {target}, but {os.path.join(folder, to[0])} {why} "
                           f"in {self.readme(folder)}")

    def check_circles(self):
        for kind, edges in (("rooms", self.between_rooms()), ("files", self.between_files())):
            for circle in circles(edges):
                self.faults.append(f"a circle of {kind}: {' -> '.join(circle + circle[:1])}")

    def between_files(self):
        edges = collections.defaultdict(set)
        for file, _, target in self.arrows:
            edges[file].add(target)
        return edges

    def room(self, file):
        """The folder of a file, or the file where its folder's order names it."""
        folder, name = os.path.split(file)
        if self.orders.get(folder) is None:
            return folder
        found = self.level(folder, name)
        return os.path.join(folder, found[0]) if found else folder

    def between_rooms(self):
        edges = collections.defaultdict(set)
        for file, _, target in self.arrows:
            a, b = self.room(file), self.room(target)
            if a != b and not a.startswith("tests"):
                edges[a].add(b)
        return edges

    def picture(self):
        files = collections.defaultdict(set)
        for file in self.files:
            room = self.room(file)
            if room.split("/")[0] in self.top() and not room.startswith("tests"):
                files[room].add(os.path.splitext(os.path.basename(file))[0])
        return house_picture.draw(self.between_rooms(), files, self.top()[:-1])


def parting(file, target):
    """The deepest folder that holds both, and the next name on the way to each."""
    a, b = file.split("/"), target.split("/")
    depth = 0
    while depth < min(len(a), len(b)) - 1 and a[depth] == b[depth]:
        depth += 1
    return "/".join(a[:depth]), a[depth], b[depth]


def circles(edges):
    """One circle of each group of nodes that reach each other, from its first name."""
    found, done = [], set()
    for start in sorted(edges):
        if start in done:
            continue
        paths, queue = {start: [start]}, collections.deque([start])
        while queue:
            node = queue.popleft()
            for following in sorted(edges.get(node, ())):
                if following == start:
                    found.append(paths[node])
                    done.update(paths[node])
                    queue.clear()
                    break
                if following not in paths:
                    paths[following] = paths[node] + [following]
                    queue.append(following)
    return found


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", default=here, help="the tree to read")
    parser.add_argument("--picture", action="store_true", help=f"write {PICTURE}")
    options = parser.parse_args()
    house = House(options.root)
    faults = house.check()
    if not faults:
        picture = house.picture()
        path = os.path.join(options.root, PICTURE)
        if options.picture:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(picture)
        elif not os.path.exists(path) or house.text(PICTURE) != picture:
            faults = [f"{PICTURE} is not of this tree: scripts/includes.py --picture draws it"]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
