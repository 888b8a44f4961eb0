"""A relocatable tree of nirc: programs, libraries and what they need, which runs wherever it lies."""
import os
import re
import shutil
import subprocess
import tempfile

import elf

# Linked, and never called by nirc: libLLVM has readers of Windows' manifests and a solver for Clang, libhdf5 a driver for S3.
STUBBED = ("libcrypto.so.3", "libcurl.so.4", "libxml2.so.2", "libz3.so.4")
# Packages of which nirc has code inside, without a library of their own in the tree.
INSIDE = ("libaec0", "libcli11-dev", "libflatbuffers-dev", "libfmt-dev", "libhdf5-dev", "libstdc++6", "libsz2", "nlohmann-json3-dev",
          "pybind11-dev", "zlib1g")
# What libgvc loads to lay out a graph and to draw it as SVG; it looks in graphviz/ beside itself, by a file that lists what there is.
GRAPHVIZ = ("libgvplugin_core.so.6", "libgvplugin_dot_layout.so.6")
GRAPHVIZ_LIST = "config6a"
LINKER = "/usr/lib/llvm-22/bin/lld"
COMMON = "/usr/share/common-licenses"


def install(build, prefix, component):
    subprocess.run(["cmake", "--install", build, "--prefix", prefix, "--component", component, "--strip"], check=True,
                   stdout=subprocess.DEVNULL)


def package_of(path):
    """The Debian package that a file of this machine belongs to."""
    real = os.path.realpath(path)
    for name in (real, real.removeprefix("/usr"), path):
        found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    raise FileNotFoundError(f"{path} is of no package of this machine, so that its licence is not known")


class Tree:
    """The tree in `folder`, of the build folder `build` and the sources `source`."""

    def __init__(self, source, build, folder):
        self.source, self.build, self.folder = source, build, folder
        self.library_folder = os.path.join(folder, "lib")
        self.copied_from = {}  # file of the tree -> of this machine

    def make(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        install(self.build, self.folder, "runtime")
        install(self.build, self.folder, "python")
        self.take_interface_for_c()
        self.name_libraries_as_loaded()
        self.carry_graphviz()
        self.carry_linker()
        self.carry_libraries()
        self.set_runpaths()
        self.write_licences()

    def take_interface_for_c(self):
        """What a C program is compiled and linked with; the libraries for C++ stay behind."""
        with tempfile.TemporaryDirectory() as scratch:
            install(self.build, scratch, "development")
            for path in ("include/nirc.h", "lib/libnirc.so", "lib/pkgconfig/nirc.pc"):
                source, target = os.path.join(scratch, path), os.path.join(self.folder, path)
                if os.path.lexists(source):
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    shutil.copy(source, target, follow_symlinks=False)

    def name_libraries_as_loaded(self):
        """libnirc.so.1 is a file and no link, which a wheel cannot have."""
        for name in os.listdir(self.library_folder):
            path = os.path.join(self.library_folder, name)
            if os.path.islink(path) and elf.dynamic(path, "SONAME") == [name]:
                os.replace(os.path.realpath(path), path)

    def carry_graphviz(self):
        target = os.path.join(self.library_folder, "graphviz")
        os.makedirs(target)
        folder = os.path.join(os.path.dirname(elf.Libraries().cache["libgvc.so.6"]), "graphviz")
        for name in GRAPHVIZ:
            shutil.copyfile(os.path.join(folder, name), os.path.join(target, name))
            self.copied_from[os.path.join(target, name)] = os.path.join(folder, name)
        with open(os.path.join(folder, GRAPHVIZ_LIST), encoding="utf-8") as stream:
            entries = re.findall(r"^\S+ \w+ \{\n(?:\t.*\n)*\}\n", stream.read(), re.MULTILINE)
        with open(os.path.join(target, GRAPHVIZ_LIST), "w", encoding="utf-8") as stream:
            stream.writelines(entry for entry in entries if entry.startswith(GRAPHVIZ))

    def carry_linker(self):
        """For `nirc compile` where there is no compiler."""
        target = os.path.join(self.folder, "libexec/nirc/ld.lld")
        os.makedirs(os.path.dirname(target))
        shutil.copyfile(LINKER, target)
        os.chmod(target, 0o755)
        self.copied_from[target] = LINKER

    def carry_libraries(self):
        """Copies into lib/ what the programs and libraries need, and writes stubs of what they never call."""
        libraries, stubbed = elf.Libraries(), {}
        open_files = elf.elf_files(self.folder)
        while open_files:
            user = open_files.pop()
            origin = self.copied_from.get(user, user)
            for name in elf.dynamic(origin, "NEEDED"):
                target = os.path.join(self.library_folder, name)
                if elf.OF_GLIBC.match(name) or os.path.exists(target):
                    continue
                source = libraries.path_of(name, origin)
                if name in STUBBED:
                    stubbed.setdefault(source, []).append(user)
                    continue
                shutil.copyfile(source, target)
                self.copied_from[target] = source
                open_files.append(target)
        for source, users in stubbed.items():
            elf.write_stub(source, users, os.path.join(self.library_folder, elf.dynamic(source, "SONAME")[0]))

    def set_runpaths(self):
        for path in elf.elf_files(self.folder):
            relative = os.path.relpath(self.library_folder, os.path.dirname(path))
            elf.set_runpath(path, ["$ORIGIN" if relative == "." else "$ORIGIN/" + relative])

    def write_licences(self):
        folder = os.path.join(self.folder, "share/doc/nirc")
        os.makedirs(os.path.join(folder, "licenses"), exist_ok=True)
        shutil.copy(os.path.join(self.source, "LICENSE"), folder)
        packages = {package_of(source) for source in self.copied_from.values()}
        packages |= {one for one in INSIDE if os.path.exists(f"/usr/share/doc/{one}/copyright")}
        common = set()
        for package in sorted(packages):
            with open(f"/usr/share/doc/{package}/copyright", encoding="utf-8", errors="replace") as stream:
                text = stream.read()
            common.update(re.findall(COMMON + r"/([A-Za-z0-9.+-]*[A-Za-z0-9+])", text))
            with open(os.path.join(folder, "licenses", package), "w", encoding="utf-8") as stream:
                stream.write(text)
        for name in sorted(common):  # texts that the others refer to
            if os.path.exists(os.path.join(COMMON, name)):
                shutil.copy(os.path.join(COMMON, name), os.path.join(folder, "licenses"))


def files_below(folder):
    """All files and links, relative to the folder, in an order that is always the same."""
    found = []
    for here, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        found += [os.path.relpath(os.path.join(here, name), folder) for name in names + links]
    return sorted(found)


def size(folder):
    return sum(os.lstat(os.path.join(folder, name)).st_size for name in files_below(folder))
