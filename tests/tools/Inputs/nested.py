"""nested.py FOLDER [NIRC]: writes *.mlir, text on which MLIR would call itself until its stack ends, in every way it has."""
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
texts = [
    "module {" * 20000 + "}" * 20000,
    "module attributes {a = " + "[" * 50000 + "]" * 50000 + "} {}",
    "module attributes {a = " + "tuple<" * 50000 + ">" * 50000 + "} {}",
    'module {} loc(' + 'callsite("a" at ' * 50000 + "unknown" + ")" * 50000 + ")",
    "module attributes {a = affine_map<(d0)->(" + "(" * 50000 + "d0" + ")" * 50000 + ")>} {}",
    "module attributes {a = affine_map<(d0)->(" + "-" * 50000 + "d0)>} {}",
    "module attributes {a = affine_map<(d0)->(d0" + " + d0" * 50000 + ")>} {}",
    "module attributes {a = " + "() -> (" * 50000 + ")" * 50000 + "} {}",
    # closing brackets that close nothing, in strings and comments
    'module attributes {a = ' + '"]]>>)" // ]]\n' + "[\"]\\\"]\"," * 50000 + "} {}",
]
for number, text in enumerate(texts):
    (folder / f"{number}.mlir").write_text(text)
aliases = "#a0 = [0]\n" + "".join(f"#a{i} = [#a{i - 1}]\n" for i in range(1, 20000))
(folder / "alias.mlir").write_text(aliases + "module attributes {a = #a19999} {}\n")
types = "!t0 = tuple<i1>\n" + "".join(f"!t{i} = tuple<!t{i - 1}>\n" for i in range(1, 20000))
(folder / "types.mlir").write_text(types + "module attributes {a = !t19999} {}\n")

if len(sys.argv) > 2:  # and asks nirc: every command refuses every text
    import subprocess

    commands = (["inspect"], ["run", "--dt", "1ms", "--steps", "2"], ["convert", "x.mlirbc"], ["compile", "--dt", "1ms", "-o", "x"])
    for path in sorted(folder.glob("*.mlir")):
        for name, *rest in commands:
            ran = subprocess.run([sys.argv[2], name, path, *rest], capture_output=True, text=True)
            if ran.returncode != 1 or not ran.stderr.startswith(f"{path}: error: line "):
                sys.exit(f"{name} {path} ended with {ran.returncode}\n{ran.stderr[:300]}")
        print(ran.stderr.splitlines()[0])
