"""Runs the commands of a page and compares what they print.

    readme.py PAGE.md FOLDER [--data DATA] [--kind KIND] [--update]

A block ```console holds commands, "$ nirc ...", each followed by its output, stdout and stderr together. They run in a
temporary folder that shows the members of FOLDER. --data runs the blocks ```console reference-data instead, which also see
the members of DATA; --kind runs the blocks ```console KIND. --update writes what they print into the page.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def run_block(block, folder):
    shown = []
    for line in block.splitlines():
        if line.startswith("$ "):
            done = subprocess.run(line[2:], shell=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            shown.append(line + "\n" + done.stdout.decode())
    return "".join(shown)


def main():
    readme = pathlib.Path(sys.argv[1])
    text = readme.read_text()
    with tempfile.TemporaryDirectory() as folder:
        data = sys.argv[sys.argv.index("--data") + 1] if "--data" in sys.argv else None
        for seen in filter(None, (data, sys.argv[2])):
            for member in pathlib.Path(seen).resolve().iterdir():
                if not (pathlib.Path(folder) / member.name).exists():
                    os.symlink(member, pathlib.Path(folder) / member.name)
        kind = "console reference-data" if data else "console"
        kind = "console " + sys.argv[sys.argv.index("--kind") + 1] if "--kind" in sys.argv else kind
        pattern = re.compile(rf"(?<=^```{kind}\n).*?(?=^```$)", re.M | re.S)
        blocks = len(pattern.findall(text))
        fresh = pattern.sub(lambda match: run_block(match.group(), folder), text)
    if blocks == 0:
        sys.exit(f"{readme} shows no command")
    if "--update" in sys.argv:
        readme.write_text(fresh)
    elif fresh != text:
        sys.stdout.writelines(difflib.unified_diff(text.splitlines(True), fresh.splitlines(True), str(readme), "now"))
        sys.exit(1)
    print(f"{blocks} blocks print what {readme.name} shows")


main()
