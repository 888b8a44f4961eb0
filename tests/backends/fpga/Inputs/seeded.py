#!/usr/bin/env python3
"""Changes a text in a module of a copy of a design, and asks its formal/streams.py: seeded.py DESIGN MODULE TEXT INSTEAD."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

design, module, text, instead = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    copy = pathlib.Path(folder) / "design"
    shutil.copytree(design, copy)
    source = copy / "rtl" / f"{module}.v"
    verilog = source.read_text()
    if text not in verilog:
        sys.exit(f"{source} has no '{text}'")
    source.write_text(verilog.replace(text, instead, 1))
    subprocess.run([sys.executable, copy / "formal" / "streams.py", module], check=False)
