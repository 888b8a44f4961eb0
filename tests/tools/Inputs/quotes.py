"""Checks that a page quotes the sources as they are.

    quotes.py FOLDER PAGE.md...

A block ```LANGUAGE PATH is a quotation: its lines are in the file PATH of FOLDER, as they are here, one after the other.
"""
import pathlib
import re
import sys


def main():
    folder = pathlib.Path(sys.argv[1])
    for page in map(pathlib.Path, sys.argv[2:]):
        quotations = re.findall(r"^```\w+ (\S+/\S+)\n(.*?)^```$", page.read_text(), re.M | re.S)
        if not quotations:
            sys.exit(f"{page} quotes no file")
        for path, text in quotations:
            if text not in (folder / path).read_text():
                sys.exit(f"{page}: {path} has no longer these lines:\n{text}")
        print(f"{len(quotations)} quotations of {page.name} are what their files say")


main()
