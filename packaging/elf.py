"""What ELF files need and offer, as readelf says it, and what is changed in them."""
import os
import re
import subprocess

# Of every Linux with glibc, and never carried along.
OF_GLIBC = re.compile(r"(ld-linux-x86-64|libc|libm|libdl|libpthread|librt|libresolv|libutil)\.so\.\d+$")


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C"}).stdout


def is_elf(path):
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as stream:
        return stream.read(4) == b"\x7fELF"


def is_dynamic(path):
    """Whether it is a program or a shared library, and not an object or an archive of them."""
    if not is_elf(path):
        return False
    with open(path, "rb") as stream:
        return stream.read(17)[16] in (2, 3)


def elf_files(folder):
    found = []
    for here, _, names in os.walk(folder):
        found += [os.path.join(here, name) for name in names if is_dynamic(os.path.join(here, name))]
    return sorted(found)


def dynamic(path, tag):
    """The values of a tag of the dynamic section: NEEDED, SONAME, RUNPATH."""
    return re.findall(rf"\({tag}\).*\[(.*)\]", output_of("readelf", "-dW", path))


class Symbols:
    """Dynamic symbols of a file: (name, version) -> kind and size."""

    def __init__(self, path):
        self.defined, self.undefined = {}, {}
        for line in output_of("readelf", "--dyn-syms", "-W", path).splitlines():
            # Num: Value Size Type Bind Vis Ndx Name[@version or @@version]
            fields = line.split()
            if len(fields) < 8 or not re.match(r"\d+:$", fields[0]) or fields[4] == "LOCAL":
                continue
            name, _, version = fields[7].replace("@@", "@").partition("@")
            one = {"kind": fields[3], "size": int(fields[2], 0), "weak": fields[4] == "WEAK"}
            (self.undefined if fields[6] == "UND" else self.defined)[name, version] = one


def versions_of(path, name):
    """The versions of symbols that a file needs, of GLIBC or GLIBCXX: as (2, 36)."""
    return {tuple(map(int, found.split("."))) for found in re.findall(rf"Name: {name}_([\d.]+)", output_of("readelf", "-VW", path))}


def libraries_with_versions(path):
    """The libraries of which a file needs versions of symbols."""
    return set(re.findall(r"File: (\S+) ", output_of("readelf", "-VW", path)))


def set_runpath(path, folders):
    if folders:
        subprocess.run(["patchelf", "--set-rpath", ":".join(folders), path], check=True)
    else:
        subprocess.run(["patchelf", "--remove-rpath", path], check=True)


class Libraries:
    """Where the loader of this machine finds libraries."""

    def __init__(self):
        self.cache = {}
        for line in output_of("/sbin/ldconfig", "-p").splitlines():
            found = re.match(r"\s+(\S+) \(libc6,x86-64.*\) => (\S+)", line)
            if found:
                self.cache.setdefault(*found.groups())

    def path_of(self, name, needed_by):
        for folder in ":".join(dynamic(needed_by, "RUNPATH") + dynamic(needed_by, "RPATH")).split(":"):
            here = os.path.dirname(os.path.realpath(needed_by))
            path = os.path.join(folder.replace("$ORIGIN", here), name)
            if folder and os.path.exists(path):
                return path
        if name not in self.cache:
            raise FileNotFoundError(f"{name}, which {needed_by} needs, is not on this machine")
        return self.cache[name]
