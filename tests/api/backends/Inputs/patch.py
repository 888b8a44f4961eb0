"""Another library: patch.py [--name] FROM OLD NEW TO. Of texts what they begin with is replaced; with --name, a symbol's name."""
import sys

arguments = sys.argv[1:]
is_name = arguments[0] == "--name"
source, old, new, to = arguments[is_name:]
old, new = old.encode(), new.encode()
if is_name:
    old, new = b"\0" + old + b"\0", b"\0" + new + b"\0"
new = new[:len(old)] if len(new) == len(old) else new
with open(source, "rb") as file:
    data = file.read()
place = data.index(old)
data = data[:place] + new + data[place + len(new):]
with open(to, "wb") as file:
    file.write(data)
