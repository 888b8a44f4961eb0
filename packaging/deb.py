"""The Debian packages nirc, python3-nirc and libnirc-dev, by CPack. They depend on Debian's libraries."""
import glob
import gzip
import os
import shutil
import subprocess
import tempfile

import elf
import tree as trees

COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: nirc

Files: *
Copyright: {year} the authors of nirc
License: Apache-2.0 WITH LLVM-exception
 The text of the Apache License, version 2.0, is in /usr/share/common-licenses/Apache-2.0 on Debian.
 .
{exceptions}"""
PACKAGES = [
    {"name": "nirc", "component": "runtime", "section": "science", "depends": "",
     "recommends": "gcc | lld-22",  # nirc compile --emit=shared
     "summary": "compiler and runtime of spiking neural networks in NIR",
     "about": "This package has the command line, and the library libnirc for C."},
    {"name": "python3-nirc", "component": "python", "section": "python",
     "depends": "nirc (= {version}), python3 (>= 3.11), python3 (<< 3.12), python3-numpy",
     "suggests": "python3-brian, python3-matplotlib, python3-torch",
     "summary": "compiler and runtime of spiking neural networks in NIR (Python)",
     "about": "This package has the Python package nirc."},
    {"name": "libnirc-dev", "component": "development", "section": "libdevel",
     "depends": "nirc (= {version}), libfmt-dev, nlohmann-json3-dev", "recommends": "libmlir-22-dev",  # for backends
     "summary": "compiler and runtime of spiking neural networks in NIR (development)",
     "about": "This package has the headers and libraries for programs in C and C++."},
]
# What lintian need not say, and why.
OVERRIDES = {
    "nirc": [
        "custom-library-search-path",  # Debian's libMLIR lies in a folder of LLVM
        "lacks-ldconfig-trigger", "maintscript-calls-ldconfig",  # CPack calls ldconfig instead
        "no-manual-page",  # of nirc-read, nir-opt and nir-lsp-server, which have --help
        "package-name-doesnt-match-sonames",  # the library comes with the program
    ],
    "python3-nirc": [],
    "libnirc-dev": ["pkg-config-unavailable-for-cross-compilation"],  # it is where `cmake --install` puts it
}


def compress_pages(stage):
    for page in glob.glob(os.path.join(stage, "usr/share/man/man*/*")):
        with open(page, "rb") as stream, open(page + ".gz", "wb") as raw, \
                gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as packed:
            packed.write(stream.read())
        os.remove(page)


def place_for_debian(stage):
    """zsh looks elsewhere than upstream programs install to; a page of man is compressed."""
    functions = os.path.join(stage, "usr/share/zsh/site-functions")
    if os.path.exists(functions):
        os.rename(functions, os.path.join(stage, "usr/share/zsh/vendor-completions"))
    compress_pages(stage)


def keep_runpath(stage):
    """Of RUNPATHs what no default of the loader has."""
    for path in elf.elf_files(stage):
        folders = [one for one in ":".join(elf.dynamic(path, "RUNPATH")).split(":") if "llvm" in one]
        elf.set_runpath(path, folders)


def write_documents(source, stage, package, version, date):
    folder = os.path.join(stage, "usr/share/doc", package)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(source, "LICENSE"), encoding="utf-8") as stream:
        exceptions = stream.read().partition("---- LLVM Exceptions")[2]
    with open(os.path.join(folder, "copyright"), "w", encoding="utf-8") as stream:
        lines = ("---- LLVM Exceptions" + exceptions).rstrip("\n").split("\n")
        stream.write(COPYRIGHT.format(year=date.split()[3], exceptions="".join(f" {line or '.'}\n" for line in lines)))
    changes = (f"nirc ({version}) unstable; urgency=medium\n\n  * This version.\n\n"
               f" -- nirc developers <developers@nirc.invalid>  {date}\n")
    with open(os.path.join(folder, "changelog.gz"), "wb") as raw, \
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as packed:
        packed.write(changes.encode())
    if OVERRIDES[package]:
        folder = os.path.join(stage, "usr/share/lintian/overrides")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, package), "w", encoding="utf-8") as stream:
            stream.writelines(f"{package}: {tag}\n" for tag in OVERRIDES[package])


def dependencies(stage, libraries):
    """What dpkg-shlibdeps says that the binaries need, of which `libraries` has some; and the packages of what they are linked with."""
    binaries = elf.elf_files(stage)
    if not binaries:
        return []
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "debian"))
        with open(os.path.join(folder, "debian/control"), "w", encoding="utf-8") as stream:
            stream.write("Source: nirc\n\nPackage: nirc\nArchitecture: any\n")
        # Before RUNPATHs, where links of -dev packages hide who has a library.
        found = subprocess.run(["dpkg-shlibdeps", f"-l{libraries}", "-l/usr/lib/x86_64-linux-gnu", "--ignore-missing-info", "-O", *binaries],
                               cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env={**os.environ, "LC_ALL": "C", "PERL_HASH_SEED": "0"}).stdout
    needed = found.partition("Depends=")[2].strip().split(", ")
    # A symbol that two libraries have counts for one of them, by chance: libLLVM can be left out.
    machine = elf.Libraries()
    for binary in binaries:
        for name in elf.dynamic(binary, "NEEDED"):
            if not elf.OF_GLIBC.match(name) and not os.path.exists(os.path.join(libraries, name)):
                package = trees.package_of(machine.path_of(name, binary))
                if package not in [one.split(" ")[0] for one in needed]:
                    needed.append(package)
    return sorted(needed)


def settle(stage, epoch):
    """Modes and times that do not depend on who builds, and when."""
    for here, folders, names in os.walk(stage, topdown=False):
        for name in names + folders:
            path = os.path.join(here, name)
            if not os.path.islink(path):
                runs = os.path.isdir(path) or os.path.dirname(path).endswith("/usr/bin")
                os.chmod(path, 0o755 if runs else 0o644)
            os.utime(path, (epoch, epoch), follow_symlinks=False)


def write(source, build, version, work, out, epoch):
    """Writes the packages that this build has into `out`, and returns their paths."""
    date = subprocess.run(["date", "-u", "-R", "-d", f"@{epoch}"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    written = []
    for package in PACKAGES:
        stage = os.path.join(work, package["name"])
        shutil.rmtree(stage, ignore_errors=True)
        trees.install(build, os.path.join(stage, "usr"), package["component"])
        if not trees.files_below(stage):
            continue  # the build has no such component
        place_for_debian(stage)
        keep_runpath(stage)
        write_documents(source, stage, package["name"], version, date)
        settle(stage, epoch)
        depends = [one for one in package["depends"].format(version=version).split(", ") if one]
        depends += dependencies(stage, os.path.join(work, "nirc/usr/lib"))
        values = {"NAME": package["name"], "VERSION": version, "SECTION": package["section"], "STAGE": stage,
                  "SUMMARY": package["summary"], "ABOUT": package["about"], "DEPENDS": ", ".join(depends),
                  "RECOMMENDS": package.get("recommends", ""), "SUGGESTS": package.get("suggests", ""),
                  "BINARIES": "ON" if elf.elf_files(stage) else "OFF"}
        target = os.path.join(work, "cpack", package["name"])
        os.makedirs(target, exist_ok=True)
        config = os.path.join(target, "config.cmake")
        with open(config, "w", encoding="utf-8") as stream:
            stream.writelines(f"set({name} [=[{value}]=])\n" for name, value in values.items())
            stream.write(f"include([=[{os.path.join(source, 'packaging/deb.cmake')}]=])\n")
        done = subprocess.run(["cpack", "-G", "DEB", "--config", config, "-B", target], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)})
        found = glob.glob(os.path.join(target, "*.deb"))
        if done.returncode != 0 or len(found) != 1:
            raise RuntimeError(f"cpack made no package {package['name']}:\n{done.stdout}")
        path = os.path.join(out, os.path.basename(found[0]))
        shutil.move(found[0], path)
        written.append(path)
    return written
