"""What the standard FMI 3.0 asks of a unit and its XML schema cannot see.

    rules.py UNIT.fmu HEADERS       check; says each rule that is broken, and ends with 1
    rules.py --mutants UNIT.fmu     break each rule of the description once, and expect a complaint

Sections of the specification, version 3.0.2, stand behind the rules.
"""
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
import zipfile

FLOATS = ("Float32", "Float64")
INTEGERS = tuple(sign + bits for sign in ("Int", "UInt") for bits in ("8", "16", "32", "64"))
# 2.4.7.4: which variability a causality may have, and what `initial` can be with it; the first is the default.
ALLOWED = {
    ("independent", "continuous"): (None,),
    ("input", "discrete"): ("exact",), ("input", "continuous"): ("exact",),
    ("output", "constant"): ("exact",), ("local", "constant"): ("exact",),
    ("output", "discrete"): ("calculated", "exact", "approx"),
    ("output", "continuous"): ("calculated", "exact", "approx"),
    ("local", "discrete"): ("calculated", "exact", "approx"),
    ("local", "continuous"): ("calculated", "exact", "approx"),
    ("parameter", "fixed"): ("exact",), ("parameter", "tunable"): ("exact",),
}


def description_faults(root):
    faults = []

    def rule(holds, text):
        if not holds:
            faults.append(text)

    variables = list(root.find("ModelVariables"))
    names = [variable.get("name") for variable in variables]
    references = [variable.get("valueReference") for variable in variables]
    rule(root.get("fmiVersion") == "3.0", "fmiVersion is 3.0 (2.4.1)")
    rule(root.get("instantiationToken"), "there is a token (2.4.1)")
    rule(len(set(names)) == len(names), "names are unique (2.4)")
    rule(all(names), "names are not empty (2.4)")
    rule(not any(re.search(r"[\r\n\t]", name) for name in names), "flat names have no line breaks (2.4.7.5.1)")
    rule(len(set(references)) == len(references), "value references are unique (2.4.7.4)")
    units = [unit.get("name") for unit in root.iter("Unit")]
    for variable in variables:
        variable_faults(variable, units, faults)
    independent = [variable for variable in variables if variable.get("causality") == "independent"]
    rule(len(independent) == 1, "there is one independent variable (2.4.7.4)")
    rule(all(variable.tag in FLOATS for variable in independent), "it is a float (2.4.7.4)")
    categories = [category.get("name") for category in root.iter("Category")]
    rule(len(set(categories)) == len(categories), "log categories are unique (2.4.5)")
    kind = root.find("CoSimulation")
    rule(kind is not None and re.fullmatch(r"[A-Za-z_]\w*", kind.get("modelIdentifier"), re.ASCII),
         "modelIdentifier is a name of C (2.2.2)")
    rule(kind.get("canSerializeFMUState") != "true" or kind.get("canGetAndSetFMUState") == "true",
         "states that are written can be had (2.4.2)")
    rule(float(kind.get("fixedInternalStepSize", "1")) > 0, "a step takes time (4.4)")
    rule(kind.get("hasEventMode") == "true" or not list(root.iter("Clock")), "clocks need event mode (4.4)")
    structure_faults(root, variables, faults)
    return faults


def variable_faults(variable, units, faults):
    name = variable.get("name")

    def rule(holds, text):
        if not holds:
            faults.append(f"{name}: {text}")

    causality = variable.get("causality", "local")
    is_float = variable.tag in FLOATS
    default = "fixed" if causality == "parameter" else "continuous" if is_float else "discrete"
    variability = variable.get("variability", default)
    rule(variability != "continuous" or is_float, "only floats are continuous (2.4.7.4)")
    allowed = ALLOWED.get((causality, variability))
    rule(allowed, "causality and variability go together (2.4.7.4)")
    allowed = allowed or (None,)
    initial = variable.get("initial", allowed[0])
    rule(initial in allowed, "initial goes with them (2.4.7.5)")
    start = variable.get("start")
    rule((start is not None) == (initial in ("exact", "approx")), "start is there where it must, and only there (2.4.7.5)")
    sizes = [dimension.get("start") for dimension in variable.iter("Dimension")]
    rule(all(size is not None and int(size) > 0 for size in sizes), "dimensions are positive (2.4.7.2)")
    values = (start or "").split()
    rule(start is None or len(values) in (1, math.prod(int(size or 0) for size in sizes)),
         "start has a value, or one for each element (2.4.7.5)")
    rule(variable.get("unit") is None or variable.get("unit") in units, "its unit is defined (2.4.3)")
    low, high = variable.get("min"), variable.get("max")
    rule(low is None or high is None or float(low) <= float(high), "min is not above max (2.4.7.5)")
    rule(variable.tag in FLOATS + INTEGERS, "nirc writes no other type")
    rule(variable.get("intermediateUpdate") != "true" or variability == "continuous",
         "only continuous variables have intermediate updates (2.4.7.4)")


def structure_faults(root, variables, faults):
    structure = root.find("ModelStructure")

    def references(tag):
        return [element.get("valueReference") for element in structure.findall(tag)]

    outputs = [variable for variable in variables if variable.get("causality") == "output"]
    if sorted(references("Output")) != sorted(variable.get("valueReference") for variable in outputs):
        faults.append("each output is in ModelStructure, once, and nothing else (2.4.8)")
    unknowns = [variable.get("valueReference") for variable in outputs
                if variable.get("initial", "calculated") in ("calculated", "approx")]
    if sorted(references("InitialUnknown")) != sorted(unknowns):
        faults.append("InitialUnknown are the outputs that are calculated (2.4.8)")
    known = {variable.get("valueReference") for variable in variables}
    for element in structure:
        dependencies = (element.get("dependencies") or "").split()
        if not set(dependencies) <= known:
            faults.append("dependencies are of variables that there are (2.4.8)")
        kinds = element.get("dependenciesKind")
        if kinds is not None and len(kinds.split()) != len(dependencies):
            faults.append("dependenciesKind is as long as dependencies (2.4.8)")


def archive_faults(path, identifier):
    """2.5."""
    faults = []
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        for member in members:
            kind = member.external_attr >> 28
            if member.compress_type not in (0, 8):
                faults.append(f"{member.filename}: is stored or deflated")
            if member.flag_bits & 0x1 or (member.flag_bits & 0x8 and member.compress_type != 8):
                faults.append(f"{member.filename}: is not encrypted, and has a known size")
            if member.extract_version > 20:
                faults.append(f"{member.filename}: needs version 2.0 at most")
            if kind not in (0, 0x8):
                faults.append(f"{member.filename}: is a plain file")
            if "\\" in member.filename or member.filename.startswith("/") or ".." in member.filename:
                faults.append(f"{member.filename}: is a path below the archive")
        for needed in ("modelDescription.xml", f"binaries/{platform()}/{identifier}.so", "documentation/index.html",
                       "documentation/externalDependencies.txt", "documentation/licenses/license.txt"):
            if names.count(needed) != 1:
                faults.append(f"{needed} is there")
        if archive.testzip() is not None:
            faults.append("checksums are right")
    with open(path, "rb") as file:  # the heads before the members say the same as the directory at the end
        data = file.read()
    for member in members:
        sign, version, flags, method = struct.unpack_from("<IHHH", data, member.header_offset)
        if sign != 0x04034B50 or version > 20 or flags != member.flag_bits or method != member.compress_type:
            faults.append(f"{member.filename}: its two heads agree")
    return faults


def platform():
    return f"{os.uname().machine}-{os.uname().sysname.lower()}"


def library_faults(path, headers):
    with open(os.path.join(headers, "fmi3Functions.h"), encoding="utf-8") as file:
        declared = set(re.findall(r"FMI3_Export (fmi3\w+)TYPE", file.read()))
    output = subprocess.run(["nm", "-D", "--defined-only", path], capture_output=True, text=True, check=True).stdout
    exported = {line.split()[-1] for line in output.splitlines()}
    needed = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", needed))
    faults = []
    if len(declared) != 75 or exported != declared:
        faults.append(f"exports the functions of the header and nothing else: {exported ^ declared}")
    if not needed <= {"libc.so.6", "libm.so.6"}:
        faults.append(f"needs libc and libm alone: {needed}")
    segments = subprocess.run(["readelf", "-lW", path], capture_output=True, text=True, check=True).stdout
    if not re.search(r"GNU_STACK.* RW ", segments):  # which newer systems do not load
        faults.append("its stack cannot be executed")
    found = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    if "not found" in found:
        faults.append(f"finds what it needs: {found}")
    return faults


def faults_of(path, headers):
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        root = xml.parse(os.path.join(folder, "modelDescription.xml")).getroot()
        identifier = root.find("CoSimulation").get("modelIdentifier")
        library = os.path.join(folder, "binaries", platform(), identifier + ".so")
        return description_faults(root) + archive_faults(path, identifier) + library_faults(library, headers)


def mutants(path):
    """A description in which one rule is broken, and which."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read("modelDescription.xml")

    def broken(change):
        root = xml.fromstring(text)
        change(root)
        return root

    def of(root, causality):
        return next(variable for variable in root.find("ModelVariables") if variable.get("causality") == causality)

    def drop(root, tag):
        root.find("ModelStructure").remove(root.find("ModelStructure").find(tag))

    last = len(list(xml.fromstring(text).find("ModelVariables"))) - 1
    yield "a name twice", broken(lambda root: of(root, "output").set("name", of(root, "input").get("name")))
    yield "a reference twice", broken(lambda root: of(root, "output").set("valueReference", "0"))
    yield "two times", broken(lambda root: of(root, "output").set("causality", "independent"))
    yield "a time with a start", broken(lambda root: of(root, "independent").set("start", "0"))
    yield "an input without start", broken(lambda root: of(root, "input").attrib.pop("start"))
    yield "a short start", broken(lambda root: of(root, "input").set("start", "0 0 0"))
    yield "a start of an output", broken(lambda root: of(root, "output").set("start", "0"))
    yield "a dimension of 0", broken(lambda root: next(root.iter("Dimension")).set("start", "0"))
    yield "spikes that are continuous", broken(lambda root: of(root, "output").set("variability", "continuous"))
    yield "an output that is fixed", broken(lambda root: of(root, "output").set("variability", "fixed"))
    yield "an input that is calculated", broken(lambda root: of(root, "input").set("initial", "calculated"))
    yield "a unit that is not there", broken(lambda root: of(root, "input").set("unit", "parsec"))
    yield "no output in the structure", broken(lambda root: drop(root, "Output"))
    yield "no unknown in the structure", broken(lambda root: drop(root, "InitialUnknown"))
    yield "a dependency on nothing", broken(
        lambda root: next(root.iter("Output")).set("dependencies", str(last + 1)))
    yield "an identifier with a dot", broken(lambda root: root.find("CoSimulation").set("modelIdentifier", "a.b"))
    yield "a category twice", broken(lambda root: [each.set("name", "logAll") for each in root.iter("Category")])


def main():
    if sys.argv[1] == "--mutants":
        survivors = [name for name, root in mutants(sys.argv[2]) if not description_faults(root)]
        count = len(list(mutants(sys.argv[2])))
        print(f"{count - len(survivors)} of {count} broken descriptions are found out", *survivors)
        sys.exit(1 if survivors else 0)
    faults = faults_of(sys.argv[1], sys.argv[2])
    print("\n".join(faults) or "all rules hold")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
