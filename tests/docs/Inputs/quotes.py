"""Checks that a page quotes the sources as they are.

    quotes.py PAGE.md ROOT

A block "```LANGUAGE path/of/file" is a piece of that file under ROOT, line by line; a line that holds "..." alone stands for
any lines that are left out.
"""
import pathlib
import re
import sys


def stands_in(pieces, text):
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


page, root = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
quotes = re.findall(r"^```(?!console)\w+ (\S+)\n(.*?)^```$", page.read_text(), re.M | re.S)
if not quotes:
    sys.exit(f"{page} quotes nothing")
for path, block in quotes:
    if not stands_in(re.split(r"^ *\.\.\.\n", block, flags=re.M), (root / path).read_text()):
        sys.exit(f"{page} quotes {path} otherwise than it is:\n{block}")
print(f"{len(quotes)} pieces of {page.name} stand in their files")
