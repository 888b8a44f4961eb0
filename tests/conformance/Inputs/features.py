"""The table of features in docs/conformance.md is what nirc prints.

    features.py PAGE [--write]
"""
import pathlib
import re
import subprocess
import sys

page = pathlib.Path(sys.argv[1])
text = page.read_text()
made = subprocess.check_output(["nirc", "conformance", "features", "--markdown"], text=True)
wanted = re.sub(r"(?<=<!-- features -->\n).*?(?=<!-- end -->)", lambda _: made, text, flags=re.S)
if made not in wanted:
    sys.exit(f"{page} has no place for the table: <!-- features --> ... <!-- end -->")
if "--write" in sys.argv:
    page.write_text(wanted)
elif wanted != text:
    sys.exit(f"{page} has another table: features.py {page} --write")
