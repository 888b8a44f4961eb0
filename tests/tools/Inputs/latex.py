"""Looks for what would stop LaTeX: every bracket and environment is closed, and lines of equations have their columns."""
import re
import sys

text = sys.stdin.read()
body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
stack = []
for token in re.findall(r"\\begin\{[a-z*]+\}|\\end\{[a-z*]+\}|\\left[.(|]|\\right[.)|]|\\left\\l\w+|\\right\\r\w+|\\.|[{}]", body):
    if token.startswith(("\\begin", "\\left", "{")):
        stack.append(token)
    elif token.startswith(("\\end", "\\right", "}")):
        opened = stack.pop() if stack else ""
        fits = {"e": opened == token.replace("end", "begin"), "r": opened.startswith("\\left"), "}": opened == "{"}
        if not fits[token[0] if token == "}" else token[1]]:
            sys.exit(f"{opened!r} is closed by {token!r}")
if stack:
    sys.exit(f"{stack!r} are left open")
known = {"begin", "end", "left", "right", "frac", "tau", "Delta", "mathrm", "leftarrow", "text", "geq", "max", "min", "lfloor",
         "rfloor", "lceil", "rceil", "log"}
for command in re.findall(r"\\([A-Za-z]+)", body):
    if command not in known:
        sys.exit(f"\\{command} is not one of amsmath's that are known here")
if not re.search(r"\\begin\{align\*\}", body):
    sys.exit("no equations")
for block in re.findall(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", body, re.DOTALL):
    plain = re.sub(r"\\begin\{cases\}.*?\\end\{cases\}", "C", block, flags=re.DOTALL)
    for line in plain.split("\\\\"):
        if plain and line.replace("&&", "").count("&") != 1:
            sys.exit(f"a line with other columns than one: {line!r}")
    for inner in re.findall(r"\\begin\{cases\}(.*?)\\end\{cases\}", block, re.DOTALL):
        if [row.count("&") for row in inner.split("\\\\")] != [1, 1]:
            sys.exit(f"cases with other columns than two: {inner!r}")
print("sound")
