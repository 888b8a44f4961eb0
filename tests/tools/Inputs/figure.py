"""What an SVG holds, for tests: figure.py FILE, or figure.py FILE CLASS for the marks of each group of the class, and its data."""
import re
import sys
import xml.etree.ElementTree as tree

SVG = "{http://www.w3.org/2000/svg}"
root = tree.parse(sys.argv[1]).getroot()
texts = ["".join(text.itertext()) for text in root.iter(SVG + "text")]
if len(sys.argv) == 2:
    print(root.get("width"), "|".join(texts))
else:
    for group in root.iter(SVG + "g"):
        if sys.argv[2] in group.get("class").split():
            marks = sum(len(re.findall("M", path.get("d"))) for path in group.iter(SVG + "path"))
            data = " ".join(f"{name[5:]}={value}" for name, value in group.items() if name.startswith("data-"))
            print(f"{data}: {marks} marks, {len(list(group.iter(SVG + 'image')))} images")
