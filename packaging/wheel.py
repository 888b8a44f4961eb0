"""nirc-VERSION-cp311-cp311-manylinux_2_36_x86_64.whl, of a relocatable tree: the same bytes for the same tree.

The Python package goes to the top of the wheel. Programs, libraries and nirc.h lie beside it in nirc_programs/, whose module
starts the programs; what shells and man read goes to share/ of the environment.
"""
import base64
import hashlib
import os
import re
import shutil
import tempfile
import time
import zipfile

import elf
import tree as trees

PYTHON = "cp311"
PLATFORM = "manylinux_2_36_x86_64"
PROGRAMS = "nirc_programs"
EXTRAS = (("brian2", "brian2"), ("plot", "matplotlib"), ("torch", "torch"))  # nirc.brian2, nirc.plot, nirc.torch
PACKAGES = "lib/python3/dist-packages/"

LAUNCHER = '''"""The programs of nirc: each function becomes one of them."""
import os
import sys


def _become(name):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", name)
    os.execv(path, [path, *sys.argv[1:]])
'''
FUNCTION = '''

def {function}():
    _become("{name}")
'''


def place_of(file, data):
    """Where a file of the tree goes in the wheel."""
    if file.startswith(PACKAGES):
        return file.removeprefix(PACKAGES)
    if file.startswith("share/") and not file.startswith("share/doc/"):
        return f"{data}/data/{file}"
    return f"{PROGRAMS}/{file}"


def metadata(version):
    return (f"Metadata-Version: 2.1\nName: nirc\nVersion: {version}\n"
            "Summary: Compiles and runs spiking neural networks in the Neuromorphic Intermediate Representation (NIR)\n"
            "License: Apache-2.0 WITH LLVM-exception\nRequires-Python: >=3.11,<3.12\nRequires-Dist: numpy>=1.24\n"
            + "".join(f'Provides-Extra: {extra}\nRequires-Dist: {needs}; extra == "{extra}"\n' for extra, needs in EXTRAS)
            +             "Classifier: Programming Language :: Python :: 3.11\nClassifier: Operating System :: POSIX :: Linux\n")


def content_of(source, file):
    """The bytes of a file of the tree; of a module that finds its libraries where a wheel has them."""
    with tempfile.TemporaryDirectory() as scratch:
        if file.startswith(PACKAGES) and elf.is_dynamic(source):
            above = os.path.relpath(".", os.path.dirname(file.removeprefix(PACKAGES)) or ".")
            source = shutil.copy(source, scratch)
            elf.set_runpath(source, [f"$ORIGIN/{above}/{PROGRAMS}/lib"])
        with open(source, "rb") as stream:
            return stream.read()


class Wheel:
    def __init__(self, path, epoch, level):
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level)
        self.date = time.gmtime(max(epoch, 315532800))[:6]  # zip begins in 1980
        self.records = []

    def add(self, name, content, executable=False):
        entry = zipfile.ZipInfo(name, self.date)
        entry.external_attr = (0o100755 if executable else 0o100644) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        self.archive.writestr(entry, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.records.append(f"{name},sha256={digest},{len(content)}\n")

    def finish(self, record):
        self.records.append(f"{record},,\n")
        text = "".join(self.records)
        self.records = []
        self.add(record, text.encode())
        self.archive.close()


def write(tree, version, folder, epoch, level):
    """Writes the wheel into `folder`, and returns its path."""
    name = f"nirc-{version}"
    path = os.path.join(folder, f"{name}-{PYTHON}-{PYTHON}-{PLATFORM}.whl")
    info, data = f"{name}.dist-info", f"{name}.data"
    wheel = Wheel(path, epoch, level)
    programs = []
    for file in trees.files_below(tree):
        source = os.path.join(tree, file)
        if os.path.islink(source) or file.startswith(trees.FOR_PROGRAMS + "/"):  # pip makes no links; manylinux has these
            continue
        content = content_of(source, file)
        executable = file.startswith(("bin/", "libexec/"))
        if file.startswith("bin/") and file != "bin/nirc-read":
            programs.append(os.path.basename(file))
        wheel.add(place_of(file, data), content, executable)
    functions = [(re.sub(r"\W", "_", one), one) for one in programs]
    launcher = LAUNCHER + "".join(FUNCTION.format(function=function, name=one) for function, one in functions)
    wheel.add(f"{PROGRAMS}/__init__.py", launcher.encode())
    wheel.add(f"{info}/METADATA", metadata(version).encode())
    wheel.add(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: nirc\nRoot-Is-Purelib: false\nTag: {PYTHON}-{PYTHON}-{PLATFORM}\n".encode())
    scripts = "".join(f"{one} = {PROGRAMS}:{function}\n" for function, one in functions)
    wheel.add(f"{info}/entry_points.txt", f"[console_scripts]\n{scripts}".encode())
    with open(os.path.join(tree, "share/doc/nirc/LICENSE"), "rb") as stream:
        wheel.add(f"{info}/LICENSE", stream.read())
    wheel.finish(f"{info}/RECORD")
    return path

