#!/usr/bin/env python3
"""Proves that the Verilog of each neuron's update is equal to the network's arithmetic, for all inputs.

    formal/prove.py                      all modules of this folder
    formal/prove.py lif1_update ...      these
    formal/prove.py --time-limit 60 --solver z3

formal/MODULE.smt2 asks whether an output of MODULE ever differs from what the network computes. formal/MODULE.v, where it is
there, has the stages of an update in a row, without the registers that the design has between them. yosys writes the module in
the same language, and a solver answers: unsat is a proof, sat comes with inputs for which they differ. A line is printed for each
module. Ends with 0 if all are proven, with 1 if one differs, and with 2 if there is no answer.

Needs yosys, and cvc5 or z3. Products and quotients are first taken as any function of their operands, and a product with a
constant that is a sum of many terms as any number, where a wire of the module is proven to be that sum: what is then proven is
true. Only otherwise the solver computes them. The solvers are asked in turn, for a short time and then for a longer one.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

# cvc5 wants a logic that has everything; z3 is faster when it is told what there is.
SOLVERS = {
    "cvc5": ("ALL", lambda seconds: ["cvc5", "--lang=smt2", f"--tlimit={1000 * seconds}"]),
    "z3": ("QF_UFBV", lambda seconds: ["z3", "-smt2", f"-T:{seconds}"]),
}


def run(command, seconds):
    """What the command prints, errors included, and whether it ended well."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 10)
        return done.stdout, done.returncode == 0
    except subprocess.TimeoutExpired:
        return "timeout", False


def sources_of(module, folder, rtl):
    """The files that define the module: one of the design, or that of its stages in a row and all of the design."""
    report = rtl.parent / "report.json"
    if report.is_file():  # other files may lie beside those of the design
        designs = [rtl.parent / name for name in json.loads(report.read_text())["sources"]]
        designs = [file for file in designs if file.is_file()]
    else:
        designs = sorted(rtl.glob("*.v"))
    for file in designs:
        if re.search(rf"^\s*module\s+{re.escape(module)}\b", file.read_text(), re.MULTILINE):
            return [file]
    row = folder / f"{module}.v"
    return [*designs, row] if row.is_file() else []


def synthesize(module, sources, to, seconds):
    """The module in SMT-LIB, or nothing and yosys' last words."""
    files = " ".join(f'"{source}"' for source in sources)
    script = f'read_verilog -defer {files}; hierarchy -top {module}; proc; flatten; opt_clean; write_smt2 "{to}"'
    said, good = run(["yosys", "-q", "-p", script], seconds)
    return None if good else (said.strip().splitlines() or ["yosys failed"])[-1]


def value_of(literal):
    """A bit vector as a signed number."""
    digits = literal[2:]
    bits = len(digits) * (4 if literal[1] == "x" else 1)
    number = int(digits, 16 if literal[1] == "x" else 2)
    return number - (1 << bits) if bits > 1 and number >> (bits - 1) else number


# What a query calls products and quotients.
FUNCTIONS = {"bvmul": "smul", "bvsdiv": "sdiv", "bvsrem": "srem"}


def abstracted(module_text, query, operations):
    """The module and the query with any functions in place of these operations; nothing where there are none."""
    names = {FUNCTIONS[operation] for operation in operations}
    declared = set()

    def declare(match):
        sort = match[2]
        if match[1].rstrip("0123456789") not in names:
            return match[0]
        declared.add(match[1])
        return f"(declare-fun {match[1]} ({sort} {sort}) {sort})"

    query = re.sub(r"^\(define-fun (s(?:mul|div|rem)\d+) \(\(a (\(_ BitVec \d+\))\).*$", declare, query, flags=re.MULTILINE)

    def replace(match):
        bits, operation, operands = match.groups()
        name = FUNCTIONS[operation] + bits
        return f"(_ BitVec {bits}) ({name} {operands}" if name in declared else match[0]

    module_text = re.sub(r"\(_ BitVec (\d+)\) \((bvmul|bvsdiv|bvsrem) (.*)", replace, module_text)
    first = [line for line in query.splitlines() if line.startswith("(declare-fun ")]
    rest = [line for line in query.splitlines() if not line.startswith("(declare-fun ")]
    return "\n".join([*first, module_text, *rest, ""]) if declared else None


def commands(text):
    """The commands of a text, without comments."""
    text = re.sub(r"^;.*$", "", text, flags=re.MULTILINE)
    depth, start = 0, 0
    for at, character in enumerate(text):
        if character == "(":
            if depth == 0:
                start = at
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                yield text[start:at + 1]


def cut(module_text, query, unsatisfiable):
    """The module and the query with a free number in place of each sum that both compute for a product with a constant: that a
    wire of the module equals the sum is proven first, so what holds for any number holds for the sum. None if no wire does."""
    all_commands = list(commands(query))
    wires = re.findall(r"^\(define-fun (\|[^|]*#\d+\|) \(\(state [^)]*\)\) \(_ BitVec (\d+)\) .*$", module_text, re.MULTILINE)
    shared = [command for command in all_commands if command.startswith("(declare-") or "(= in." in command]
    sums = [command for command in all_commands if "(= product." in command and " out." not in command]
    premises = "\n".join([module_text, *shared, *sums])
    found = []
    for name, bits in re.findall(r"^\(declare-const (product\.\d+) \(_ BitVec (\d+)\)\)", query, re.MULTILINE):
        definition = next((command for command in sums if f"(= {name} " in command), None)
        candidates = (wire for wire, width in wires if width == bits)
        wire = next((wire for wire in candidates if unsatisfiable(f"{premises}\n(assert (distinct ({wire} dut) {name}))")), None)
        if wire is not None and definition is not None:
            found.append((name, bits, wire, definition))
    for name, bits, wire, definition in found:
        module_text = re.sub(rf"^(\(define-fun {re.escape(wire)} \(\(state [^)]*\)\) \(_ BitVec {bits}\)) .*$", rf"\1 {name})",
                             module_text, flags=re.MULTILINE)
        all_commands.remove(definition)
        declaration = f"(declare-const {name} (_ BitVec {bits}))"
        all_commands.remove(declaration)
        module_text = f"{declaration}\n{module_text}"
    return (module_text, "\n".join([*all_commands, ""])) if found else None


def ask(solver, module_text, query, seconds, folder):
    """unsat, sat, or what else the solver says; and for sat the numbers of all ports."""
    logic, command = SOLVERS[solver]
    names = re.findall(r"^\(declare-const ((?:in|out|ref)\.\S+)", query, re.MULTILINE)
    file = folder / f"{solver}.smt2"

    def answer(text, limit=seconds):
        file.write_text(f"(set-option :produce-models true)\n(set-logic {logic})\n{text}")
        return run([*command(limit), str(file)], limit)[0].strip()

    def unsatisfiable(text):
        return answer(f"{text}\n(check-sat)\n", min(seconds, 5)) == "unsat"

    def verdict_of(text, fixed=()):
        """What the solver says where inputs are as they are fixed, and for sat the numbers."""
        text += "".join(f"(assert (= {name} {literal}))\n" for name, literal in fixed) + "(check-sat)\n"
        said = answer(text)
        if said != "sat":
            return said.splitlines()[-1] if said else "no answer", []
        values = answer(f"{text}(get-value ({' '.join(names)}))\n")
        return "sat", re.findall(r"\(([^()\s]+)\s+(#[xb][0-9a-f]+)\)", values)

    def found_near(values):
        """Whether inputs for which it is sat with any functions, or with the same parameters, are so indeed."""
        inputs = [(name, literal) for name, literal in values if name.startswith("in.")]
        parameters = [(name, literal) for name, literal in inputs if name in parameter_names]
        for fixed in (inputs, parameters):
            verdict, values = verdict_of(exact, fixed)
            if verdict == "sat":
                return verdict, values
        return "unknown", []

    parameter_names = re.findall(r"^; parameter (in\.\S+)", query, re.MULTILINE)
    exact = f"{module_text}\n{query}".replace("(check-sat)\n", "")
    verdict, values = "unknown", []
    quotients = ["bvsdiv", "bvsrem"]
    forms = [(module_text, query, ["bvmul", *quotients]),
             (module_text, query, ["bvmul"] if re.search("sdiv|srem", query) else [])]
    if "(declare-const product." in query:
        smaller = cut(module_text, query, unsatisfiable)
        if smaller is not None:
            forms.insert(0, (*smaller, ["bvmul", *quotients]))
    for module_form, query_form, operations in forms:
        text = abstracted(module_form, query_form, operations)
        if text is None and query_form is not query:
            text = f"{module_form}\n{query_form}"
        if text is not None and verdict == "unknown":
            verdict, values = verdict_of(text.replace("(check-sat)\n", ""))
            if verdict == "sat":
                verdict, values = found_near(values)
    if verdict not in ("sat", "unsat"):
        verdict, values = verdict_of(exact)
    return verdict, {name: value_of(literal) for name, literal in values}


def turns(solvers, seconds):
    """Who is asked, and for how long: what takes one of them minutes is often easy for the other."""
    limit = 5
    while limit < seconds:
        yield from ((solver, limit) for solver in solvers)
        limit *= 4
    yield from ((solver, seconds) for solver in solvers)


def show(values):
    """The inputs, and the outputs that differ."""
    inputs = [f"{name[3:]} = {value}" for name, value in values.items() if name.startswith("in.")]
    print("    where " + (", ".join(inputs) or "there are no inputs"))
    for name, value in values.items():
        wanted = values.get("ref." + name[4:])
        if name.startswith("out.") and value != wanted:
            print(f"    {name[4:]} is {value}, expected {wanted}")


def prove(module, folder, rtl, solvers, seconds):
    """Prints the module's line. 0: proven, 1: differs, 2: no answer."""
    started = time.monotonic()

    def line(verdict, by):
        print(f"{module:<32} {verdict:<10} {by} {time.monotonic() - started:.1f} s", flush=True)

    query = folder / f"{module}.smt2"
    sources = sources_of(module, folder, rtl)
    if not query.is_file() or not sources:
        print(f"{module:<32} no answer  {'no module in ' + str(rtl) if not sources else 'no file ' + str(query)}")
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        here = pathlib.Path(temporary)
        failure = synthesize(module, sources, here / "dut.smt2", seconds)
        if failure is not None:
            line("no answer", f"yosys: {failure}")
            return 2
        text = (here / "dut.smt2").read_text()
        answers = {}
        for solver, limit in turns(solvers, seconds):
            verdict, values = ask(solver, text, query.read_text(), limit, here)
            if verdict == "unsat":
                line("proven", solver)
                return 0
            if verdict == "sat":
                line("DIFFERS", solver)
                show(values)
                return 1
            answers[solver] = f"{solver}: {verdict}"
        line("no answer", "; ".join(answers.values()))
        return 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="names of modules; all of the folder where none is given")
    parser.add_argument("--time-limit", type=int, default=120, metavar="SECONDS", help="for each module and solver (120)")
    parser.add_argument("--solver", choices=sorted(SOLVERS), help="only this one; else cvc5, then z3")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent,
                        help="of the questions; that of this script")
    parser.add_argument("--rtl", type=pathlib.Path, help="of the Verilog; rtl beside the folder")
    arguments = parser.parse_args()
    solvers = [name for name in ([arguments.solver] if arguments.solver else SOLVERS) if shutil.which(name)]
    if not solvers or not shutil.which("yosys"):
        print("prove.py needs yosys, and cvc5 or z3", file=sys.stderr)
        return 2
    rtl = arguments.rtl or arguments.folder.parent / "rtl"
    modules = arguments.modules or sorted(file.stem for file in arguments.folder.glob("*.smt2"))
    results = [prove(module, arguments.folder, rtl, solvers, arguments.time_limit) for module in modules]
    return 1 if 1 in results else max(results, default=0)


if __name__ == "__main__":
    sys.exit(main())
