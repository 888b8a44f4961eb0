#!/usr/bin/env python3
"""Compares the C API with the list of it that is committed, plugins/c/nirc.abi: functions, structs with the places of their
members, constants, types.

    scripts/abi.py                     says what is other than in the list, and ends with 1
    scripts/abi.py --library FILE      also: what a library exports is what the header declares
    scripts/abi.py --write             adds what is new to the list; refuses to change or drop a line
    scripts/abi.py --write --break     writes the list anew, for a libnirc.so of the next number

Structs that the header lets grow may have new members at their end: those that a program gets by pointer ("Grows at its
end"), and options, which carry their size.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HEADER = os.path.join(ROOT, "plugins/c/nirc.h")
LIST = os.path.join(ROOT, "plugins/c/nirc.abi")
NODE = "NIRC_1"
VERSION = "NIRC_API_VERSION"  # of the header: it is meant to grow


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


def find(name):
    for candidate in (name, name.removesuffix("-22")):
        for folder in os.environ["PATH"].split(os.pathsep):
            if os.access(os.path.join(folder, candidate), os.X_OK):
                return candidate
    sys.exit(f"{name} is missing: scripts/packages.txt lists it")


def constant(node):
    """The value of an enumerator, which stands in some node below it."""
    for inner in node.get("inner", []):
        if "value" in inner:
            return inner["value"]
        found = constant(inner)
        if found is not None:
            return found
    return None


def declarations(header):
    """What clang reads in the header: {kind: {name: ...}}."""
    tree = json.loads(run(find("clang-22"), "-x", "c", "-std=c11", "-fsyntax-only", "-Xclang", "-ast-dump=json", header))
    found = {"function": {}, "struct": {}, "type": {}, "constant": {}}
    for node in tree["inner"]:
        name = node.get("name", "")
        if node["kind"] == "EnumDecl":
            for enumerator in node["inner"]:
                found["constant"][enumerator["name"]] = constant(enumerator)
        elif not name.startswith("nirc_"):
            continue
        elif node["kind"] == "FunctionDecl":
            found["function"][name] = node["type"]["qualType"]
        elif node["kind"] == "TypedefDecl":
            found["type"][name] = node["type"]["qualType"]
        elif node["kind"] == "RecordDecl" and node.get("completeDefinition"):
            found["struct"][name] = [(field["name"], field["type"]["qualType"]) for field in node["inner"]
                                     if field["kind"] == "FieldDecl"]
    return found


def layouts(header, structs):
    """Where a compiler puts the members: [(struct, size, alignment)], [(struct, member, place)]."""
    lines = ['#include <stdio.h>', f'#include "{header}"', "int main(void) {"]
    for name, fields in structs.items():
        lines.append(f'printf("{name} - %zu %zu\\n", sizeof({name}), _Alignof({name}));')
        for field, _ in fields:
            lines.append(f'printf("{name} {field} %zu\\n", offsetof({name}, {field}));')
    lines.append("return 0; }")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "layout")
        run(find("clang-22"), "-x", "c", "-std=c11", "-o", program, "-", input="\n".join(lines))
        return run(program).splitlines()


def describe(header):
    """The lines of the list, by what they are of; and the structs that may grow."""
    found = declarations(header)
    with open(header, encoding="utf-8") as stream:
        text = stream.read()
    lines = {}
    for kind in ("constant", "type", "function"):
        for name, what in found[kind].items():
            lines[f"{kind} {name}"] = f"{kind} {name}: {what}"
    lines["constant NIRC_ALL_SAMPLES"] = "constant NIRC_ALL_SAMPLES: " + re.search(
        r"#define NIRC_ALL_SAMPLES (.*)", text).group(1)
    types = {(name, field): what for name, fields in found["struct"].items() for field, what in fields}
    growing = {name for name, fields in found["struct"].items() if fields[0] == ("size", "size_t")}
    for comment, name in re.findall(r"((?:^///.*\n)+)typedef struct (\w+) \{", text, re.MULTILINE):
        if "Grows at its end" in comment.replace("\n/// ", " "):
            growing.add(name)
    for line in layouts(header, found["struct"]):
        name, field, *numbers = line.split()
        if field == "-":
            grows = ", may grow" if name in growing else ""
            lines[f"struct {name}"] = f"struct {name}: {numbers[0]} bytes, aligned to {numbers[1]}{grows}"
        else:
            lines[f"member {name}.{field}"] = f"member {name}.{field}: {types[name, field]} at {numbers[0]}"
    return lines


def committed():
    with open(LIST, encoding="utf-8") as stream:
        lines = [line.rstrip("\n") for line in stream if not line.startswith("#")]
    return {line.split(":")[0]: line for line in lines if line}


def size(line):
    return int(re.search(r": (\d+) bytes", line).group(1))


def is_growth(old, new):
    """Whether a line says that a struct which may grow has grown."""
    def rest(line):
        return re.sub(r"\d+ bytes", "", line)
    return old.startswith("struct") and old.endswith("may grow") and rest(old) == rest(new) and size(new) > size(old)


def compare(old, new):
    """What breaks programs, and what is new."""
    broken = [f"is gone: {line}" for key, line in old.items() if key not in new]
    added = [line for key, line in new.items() if key not in old]
    for key, line in old.items():
        if key in new and new[key] != line:
            if is_growth(line, new[key]):
                added.append(new[key])
            else:
                broken.append(f"was: {line}\n  is:  {new[key]}")
    for line in added:
        if line.startswith("member"):
            struct = old.get("struct " + line.split()[1].split(".")[0])
            place = int(line.split()[-1])
            if struct and (not struct.endswith("may grow") or place < size(struct)):
                # What fills up a struct is not cleared by who sets its members.
                broken.append(f"a member within what was there: {line}\n  in {struct}")
    return broken, added


def write(lines):
    with open(LIST + ".new", "w", encoding="utf-8") as stream:
        stream.write("# The C API as programs see it (x86-64), written by scripts/abi.py. Lines are only ever added.\n")
        stream.writelines(line + "\n" for line in lines.values())
    os.replace(LIST + ".new", LIST)


def exported(library):
    """{symbol: version node} of what the library defines."""
    found = {}
    for line in run("nm", "-D", "--defined-only", "--with-symbol-versions", library).splitlines():
        symbol = line.split()[-1]
        name, _, node = symbol.partition("@")
        found[name] = node.lstrip("@")
    return found


def check_library(library, functions):
    symbols = exported(library)
    faults = []
    for name in functions:
        if symbols.get(name) != NODE:
            faults.append(f"{library}: {name} is " + (f"under {symbols[name] or 'no node'}" if name in symbols
                                                      else "not exported") + f", expected under {NODE}")
    for name, node in symbols.items():
        if name == NODE:  # the node itself
            continue
        if node == NODE and name not in functions:
            faults.append(f"{library}: {name} is under {NODE} and not in nirc.h")
        if name.startswith("nirc_") and node != NODE and name not in functions:
            faults.append(f"{library}: {name} is under {node or 'no node'}, and not in nirc.h")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--header", default=HEADER)
    parser.add_argument("--library")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--break", dest="breaks", action="store_true")
    arguments = parser.parse_args()
    new = describe(arguments.header)
    old = committed() if os.path.exists(LIST) else {}
    broken, added = compare(old, new)
    faults = [] if arguments.breaks else [f"{arguments.header}: {fault}" for fault in broken]
    if arguments.write and not faults:
        kept = {key: new[key] for key in old if key in new}
        write(new if arguments.breaks else {**kept, **new})
    elif added:
        faults += [f"{arguments.header}: is not in {LIST}, scripts/abi.py --write adds it: {line}" for line in added]
    if arguments.library:
        functions = {key.split()[1] for key in new if key.startswith("function")}
        faults += check_library(arguments.library, functions)
    print("\n".join(faults) or f"{len(new)} lines as they were" + (f", {len(added)} added" if added else ""))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
