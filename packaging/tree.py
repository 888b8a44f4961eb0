"""A relocatable tree of nirc: programs, libraries and what they need, which runs wherever it lies."""
import os
import re
import shutil
import subprocess
import tempfile

import elf
import rewrite

# Linked, and never called by nirc: libLLVM has readers of Windows' manifests and a solver for Clang, libhdf5 a driver for S3.
FORGOTTEN = ("libcrypto.so.3", "libcurl.so.4", "libxml2.so.2", "libz3.so.4")
# A process has one of each, which all its C++ shares: the programs bring theirs, a host of libnirc.so.1 has the platform's.
OF_PLATFORM = ("libgcc_s.so.1", "libstdc++.so.6")
FOR_PROGRAMS = "libexec/nirc/lib"
OWN = "libnirc.so.1"  # the one library that others load by its name
# By these texts libgvc finds its own path, and libomp another libomp of the process, at which it would end it.
CONSTANTS = {"libgvc.so.6": (b"/libgvc.\0", b"/nirgvc.\0"), "libomp.so.5": (b"__KMP_REGISTERED_LIB_%d_%d", b"__NIR_REGISTERED_LIB_%d_%d")}
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
        self.forget_libraries()
        self.name_libraries_privately()
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
        """Copies what the programs and libraries need: into lib/, and what the platform has for libraries beside the programs."""
        libraries = elf.Libraries()
        open_files = elf.elf_files(self.folder)
        os.makedirs(os.path.join(self.folder, FOR_PROGRAMS))
        while open_files:
            user = open_files.pop()
            origin = self.copied_from.get(user, user)
            for name in elf.dynamic(origin, "NEEDED"):
                folder = os.path.join(self.folder, FOR_PROGRAMS) if name in OF_PLATFORM else self.library_folder
                target = os.path.join(folder, name)
                if elf.OF_GLIBC.match(name) or name in FORGOTTEN or os.path.exists(target):
                    continue
                source = libraries.path_of(name, origin)
                shutil.copyfile(source, target)
                self.copied_from[target] = source
                open_files.append(target)

    def set_runpaths(self):
        programs = os.path.join(self.folder, FOR_PROGRAMS)
        for path in elf.elf_files(self.folder):
            folders = [self.library_folder]
            if path.startswith((os.path.join(self.folder, "bin/"), os.path.join(self.folder, "libexec/"))):
                folders.append(programs)
            relative = [os.path.relpath(folder, os.path.dirname(path)) for folder in folders]
            elf.set_runpath(path, ["$ORIGIN" if one == "." else "$ORIGIN/" + one for one in relative])

    def forget_libraries(self):
        """Takes away what is never called, and leaves nothing with its name, which others in a process would find."""
        libraries = elf.Libraries()
        for path in elf.elf_files(self.folder):
            for name in elf.dynamic(path, "NEEDED"):
                if name in FORGOTTEN:
                    offered = {symbol for symbol, _ in elf.Symbols(libraries.path_of(name, path)).defined}
                    with rewrite.Image(path) as image:
                        image.forget_library(name, offered)

    def name_libraries_privately(self):
        """lib... becomes nir...: the loader gives a library to all who ask for its name, and others ask for the platform's."""
        renamed = {name: "nir" + name.removeprefix("lib") for name in os.listdir(self.library_folder)
                   if name != OWN and elf.is_dynamic(os.path.join(self.library_folder, name))}
        plugins = {name: "nir" + name.removeprefix("lib") for name in GRAPHVIZ}  # their files are found by name
        for path in elf.elf_files(self.folder):
            with rewrite.Image(path) as image:
                image.rename_libraries(renamed | plugins)
                if os.path.basename(path) in CONSTANTS:
                    image.replace_constant(*CONSTANTS[os.path.basename(path)])
        for name, new in renamed.items():
            os.rename(os.path.join(self.library_folder, name), os.path.join(self.library_folder, new))

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
