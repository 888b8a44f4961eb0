#!/usr/bin/env python3
"""Proves the update modules of all kinds of neurons, in all number formats and under all semantics; and seeds bugs in them.

    scripts/fpga-proofs.py --nirc build/bin/nirc             every kind, format and semantics
    scripts/fpga-proofs.py --nirc build/bin/nirc --few       a choice that takes seconds
    scripts/fpga-proofs.py --nirc build/bin/nirc --mutants 150

A network of each kind of neuron goes through `nirc compile --target fpga`, and formal/prove.py of the artifact is asked about
each module. Modules with the same text are proven once. At the end stands how many there were, and which took longest. Ends
with 1 where one is not proven.

A mutant is a module with one seeded bug: an operator, a constant, a width, a shift or a sign that is wrong. Each is a line that
shows the bug and who found it. A bug that changes no output is none: that the mutant and the module are equal is then proven
without the network's arithmetic, or, where solvers find no proof, simulated. A mutant is undecided where they find neither a
proof nor a difference, and a simulation finds no difference either. Ends with 1 where a mutant is not found. The same seed gives
the same mutants.

Needs yosys, cvc5 or z3, Icarus Verilog and h5py.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import importlib.util
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time

from neuron_networks import FEW, FORMATS, KINDS, STEP, semantics_of, write_network


# Modules

Module = collections.namedtuple("Module", "label name verilog query")


def compile_network(nirc, device, folder, kind, parameters, number_format, semantics):
    """The update modules of a network; a network that is refused has none, and nirc's reason is returned."""
    model, design = folder / "network.nir", folder / "design"
    write_network(model, kind, parameters == "own")
    subprocess.run(["rm", "-rf", design], check=True)
    command = [nirc, "compile", model, "--target", "fpga", "--format", number_format, "--semantics", semantics, "--dt", STEP,
               "-o", f"{design}/", *(["--device", device] if device else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        reasons = re.findall(r"error: (.*)", done.stdout)
        return [], reasons[0] if reasons else done.stdout.strip()
    modules = []
    for query in sorted((design / "formal").glob("*.smt2")):
        files = [design / "rtl" / f"{query.stem}.v", *sorted((design / "rtl").glob(f"{query.stem}_stage*.v")),
                 design / "formal" / f"{query.stem}.v"]
        verilog = "".join(file.read_text() for file in files if file.is_file())
        label = f"{kind} {parameters} {number_format} {semantics}: {query.stem}"
        modules.append(Module(label, query.stem, verilog, query.read_text()))
    return modules, None


def modules_of(nirc, device, choices, folder):
    """Those of all choices, each text once, and what was refused."""
    unique, refused = {}, collections.Counter()
    for choice in choices:
        modules, reason = compile_network(nirc, device, folder, *choice)
        if reason:
            refused[reason] += 1
        for module in modules:
            text = re.sub(r"//.*|^;.*", "", module.verilog + module.query, flags=re.MULTILINE).replace(module.name, "M")
            unique.setdefault(hashlib.sha256(text.encode()).hexdigest(), module)
    return list(unique.values()), refused


class Prover:
    """Asks formal/prove.py, which is a module here."""

    def __init__(self, folder, script, seconds):
        spec = importlib.util.spec_from_file_location("prove", script)
        self.script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.script)
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.seconds = seconds

    def smt_of(self, module, verilog):
        source, smt = self.folder / "module.v", self.folder / "dut.smt2"
        source.write_text(verilog)
        failure = self.script.synthesize(module.name, [source], smt, self.seconds)
        return None if failure else smt.read_text()

    def ask(self, module, verilog):
        """The verdict on that text in place of the module, the solver, and the numbers for which they differ."""
        text = self.smt_of(module, verilog)
        if text is None:
            return "no module", "yosys", {}
        said = "no solver", "", {}
        for solver, limit in self.script.turns(list(self.script.SOLVERS), self.seconds):
            verdict, values = self.script.ask(solver, text, module.query, limit, self.folder)
            said = verdict, solver, values
            if verdict in ("sat", "unsat"):
                break
        return said

    def are_equal(self, module, mutant):
        """Whether a solver proves two texts equal for all inputs in the ranges of the ports, without the network's body."""
        other = module.name + "_mutant"
        mutant = renamed(module.name, other, mutant)
        text, query = self.smt_of(module, module.verilog), self.comparison(module, other)
        text += self.smt_of(module._replace(name=other), mutant)
        for solver in self.script.SOLVERS:
            verdict, _ = self.script.ask(solver, text, query, min(self.seconds, 10), self.folder)
            if verdict in ("sat", "unsat"):
                return verdict == "unsat"
        return False

    def simulate_equally(self, module, mutant):
        """Whether Icarus Verilog finds no difference in 100000 random inputs, of which many are ends of their range."""
        ranges = ranges_of(module.query)
        outputs = re.findall(r"^\(assert \(= out\.(\w+) ", module.query, re.MULTILINE)
        wires, draws, ports = [], [], []
        for name, (bits, least, most) in ranges.items():
            wires.append(f"reg signed [{bits - 1}:0] {name};")
            draws.append(f"case ($urandom % 4) 0: x = {least}; 1: x = {most}; "
                         f"default: x = 64'sd0 + {least} + ({{32'd0, $urandom}} % {most - least + 1}); endcase {name} = x;")
            ports.append(f".{name}({name})")
        for side in "ab":
            wires += [f"wire [63:0] {side}_{name};" for name in outputs]
        sides = [f"{top} {side}({', '.join([*ports, *(f'.{name}({side}_{name})' for name in outputs)])});"
                 for top, side in ((module.name, "a"), (module.name + "_mutant", "b"))]
        differ = " || ".join(f"a_{name} !== b_{name}" for name in outputs)
        bench = "\n".join(["module bench;", "reg signed [63:0] x; integer i;", *wires, *sides,
                           "initial begin for (i = 0; i < 100000; i = i + 1) begin", *draws,
                           f"#1 if ({differ}) begin $display(\"differ\"); $finish; end end $display(\"equal\"); end", "endmodule"])
        source = self.folder / "both.v"
        source.write_text(module.verilog + renamed(module.name, module.name + "_mutant", mutant) + bench)
        said, good = self.script.run(["iverilog", "-g2005", "-o", self.folder / "both", source], self.seconds)
        return good and self.script.run(["vvp", self.folder / "both"], self.seconds)[0].strip() == "equal"

    @staticmethod
    def comparison(module, other):
        """The question whether two modules differ: the functions, inputs and ranges are those of the module's question."""
        kept = re.findall(r"^\(define-fun s.*|^\(declare-const in\..*", module.query, re.MULTILINE)
        kept += [f"(assert {limit})" for limit in re.findall(r"\(bvs[gl]e in\.\w+ #[xb][0-9a-f]+\)", module.query)]
        differ = []
        for name in (module.name, other):
            kept.append(f"(declare-const {name}.state |{name}_s|)")
            for connection in re.findall(r"^\(assert \(= in\..*", module.query, re.MULTILINE):
                kept.append(connection.replace(f"|{module.name}_n ", f"|{name}_n ").replace(" dut)", f" {name}.state)"))
        for port in re.findall(r"^\(assert \(= out\.(\w+) ", module.query, re.MULTILINE):
            ends = [f"(|{name}_n {port}| {name}.state)" for name in (module.name, other)]
            differ.append(f"(distinct {' '.join(ends)})")
        return "\n".join([*kept, f"(assert (or {' '.join(differ)} false))", "(check-sat)", ""])


def renamed(name, to, verilog):
    """A module and its stages under another name."""
    return re.sub(rf"\b{name}(_stage\d+)?\b", rf"{to}\1", verilog)


def ranges_of(query):
    """Of each input: its bits, and the least and the greatest number."""
    ranges = {}
    for name, bits in re.findall(r"^\(declare-const in\.(\S+) \(_ BitVec (\d+)\)\)", query, re.MULTILINE):
        half = 1 << (int(bits) - 1)
        ranges[name] = [int(bits), -half, half - 1]
    for sign, name, literal in re.findall(r"\(bvs([gl])e in\.(\w+) (#[xb][0-9a-f]+)\)", query):
        digits = int(literal[2:], 16 if literal[1] == "x" else 2)
        bits = ranges[name][0]
        ranges[name][1 if sign == "g" else 2] = digits - (1 << bits) if digits >> (bits - 1) else digits
    return ranges


# Mutants

def number(text):
    """24'sd123, 40'h10 and the like: width, letter and value."""
    match = re.fullmatch(r"(\d+)'(s?[dh])([0-9a-f]+)", text)
    return int(match[1]), match[2], int(match[3], 16 if match[2].endswith("h") else 10)


def written(width, letter, value):
    value %= 1 << width
    return f"{width}'{letter}{value:x}" if letter.endswith("h") else f"{width}'{letter}{value}"


LITERAL = r"\d+'s?[dh][0-9a-f]+"
# What is wrong, where it is found in an expression, and what stands there instead.
BUGS = [
    ("shift one less", rf"(?:<<|>>>?) {LITERAL}", lambda m: shifted(m, -1)),
    ("shift one more", rf"(?:<<|>>>?) {LITERAL}", lambda m: shifted(m, 1)),
    ("constant one more", rf"(?<!<< )(?<!>> )(?<!>>> ){LITERAL}", lambda m: changed(m, lambda value: value + 1)),
    ("constant one less", rf"(?<!<< )(?<!>> )(?<!>>> ){LITERAL}", lambda m: changed(m, lambda value: value - 1)),
    ("constant halved", rf"(?<!<< )(?<!>> )(?<!>>> ){LITERAL}", lambda m: changed(m, lambda value: value // 2)),
    ("- for +", r" \+ ", lambda m: " - "),
    ("+ for -", r" - ", lambda m: " + "),
    ("term left out", r"^(\w+) [+-] [^;?]+$", lambda m: m[1]),
    (">= for >", r" > ", lambda m: " >= "),
    ("> for >=", r" >= ", lambda m: " > "),
    ("< for >", r" > ", lambda m: " < "),
    ("<= for <", r" < ", lambda m: " <= "),
    ("arms swapped", r"\? (\S+) : (\S+)$", lambda m: f"? {m[2]} : {m[1]}"),
    ("or for and", r" & ", lambda m: " | "),
    ("zeros for the sign", r"\{\{(\d+)\{\w+\[\d+\]\}\}, ", lambda m: f"{{{m[1]}'d0, "),
    ("one bit short", r"^(\w+)\[(\d+):0\]$", lambda m: f"{{{m[1]}[{int(m[2]) - 1}], {m[1]}[{int(m[2]) - 1}:0]}}"),
    ("sign not seen", r"^\$signed\((\w+)\)(?! /)", lambda m: m[1]),
]


def shifted(match, by):
    operator, literal = match[0].split(" ")
    width, letter, value = number(literal)
    return None if value + by < 0 else f"{operator} {written(width, letter, value + by)}"


def changed(match, change):
    width, letter, value = number(match[0])
    return written(width, letter, change(value))


def mutants_of(module):
    """Each seeded bug: what it is, the line before and after, and the text."""
    lines = module.verilog.splitlines()
    for at, line in enumerate(lines):
        wire = re.fullmatch(r"(\s*wire (?:\[\d+:0\] )?\w+ = )(.*);", line)
        if not wire or "_unused" in line:
            continue
        for bug, pattern, change in BUGS:
            for match in re.finditer(pattern, wire[2]):
                instead = change(match)
                if instead is None or instead == match[0]:
                    continue
                after = f"{wire[1]}{wire[2][:match.start()]}{instead}{wire[2][match.end():]};"
                yield bug, line.strip(), after.strip(), "\n".join([*lines[:at], after, *lines[at + 1:]]) + "\n"


def seeded(modules, count, seed):
    """As many of each bug, as far as there are."""
    by_bug = collections.defaultdict(list)
    for module in modules:
        for bug, before, after, text in mutants_of(module):
            by_bug[bug].append((module, bug, before, after, text))
    chance = random.Random(seed)
    for each in by_bug.values():
        chance.shuffle(each)
    chosen = []
    while len(chosen) < count and any(by_bug.values()):
        for bug in [name for name, _, _ in BUGS]:
            if by_bug[bug] and len(chosen) < count:
                chosen.append(by_bug[bug].pop())
    return chosen


def try_mutants(prover, mutants):
    """Prints a line for each. Whether all were found or are none."""
    found = collections.Counter()
    for module, bug, before, after, text in mutants:
        verdict, solver, values = prover.ask(module, text)
        where = ", ".join(f"{name[3:]} = {value}" for name, value in values.items() if name.startswith("in."))
        if verdict == "sat":
            result = f"found by {solver} where {where}"
            found["found"] += 1
        elif verdict == "unsat" and prover.are_equal(module, text):
            result = "none: changes no output"
            found["equal"] += 1
        elif verdict == "unsat" and prover.simulate_equally(module, text):
            result = "none: changes no output in a simulation"
            found["simulated"] += 1
        elif verdict not in ("sat", "unsat") and prover.simulate_equally(module, text):
            result = f"undecided ({verdict}): changes no output in a simulation"
            found["undecided"] += 1
        else:
            result = f"NOT FOUND: {verdict}"
            found["missed"] += 1
        print(f"{module.label}\n  {bug}: {before}\n  {' ' * len(bug)}  {after}\n  {result}", flush=True)
    print(f"{found['found']} mutants found; {found['equal']} change no output, as is proven, {found['simulated']} in simulations; "
          f"{found['undecided']} undecided; {found['missed']} not found")
    return found["missed"] == 0 and found["found"] > 0


def prove_all(new_prover, modules, refused, jobs):
    """Prints those that are not proven, and a summary. Whether all are."""
    own = threading.local()

    def prove(module):
        if not hasattr(own, "prover"):
            own.prover = new_prover()
        start = time.monotonic()
        verdict, solver, _ = own.prover.ask(module, module.verilog)
        if verdict != "unsat":
            print(f"NOT PROVEN {module.label}: {verdict} ({solver})", flush=True)
        return time.monotonic() - start, module.label, verdict != "unsat"

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        times = sorted(pool.map(prove, modules), reverse=True)
    wrong = sum(is_wrong for _, _, is_wrong in times)
    for reason, count in refused.most_common():
        print(f"refused {count} times: {reason}")
    print(f"{len(modules) - wrong} of {len(modules)} modules proven in {sum(t for t, _, _ in times):.0f} s; the slowest:")
    for seconds, label, _ in times[:5]:
        print(f"  {seconds:.1f} s {label}")
    return wrong == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nirc", required=True, help="the program")
    parser.add_argument("--few", action="store_true", help="a choice of networks")
    parser.add_argument("--mutants", type=int, metavar="N", help="seed N bugs in the modules of the choice, instead")
    parser.add_argument("--seed", type=int, default=1, help="of the mutants (1)")
    parser.add_argument("--time-limit", type=int, default=120, metavar="SECONDS", help="for each question and solver (120)")
    parser.add_argument("--device", help="what the designs are for: without multipliers, products are sums")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="questions that are asked at once")
    arguments = parser.parse_args()
    few = arguments.few or arguments.mutants is not None
    choices = FEW if few else [(kind, parameters, number_format, semantics) for kind in KINDS
                               for parameters in ("uniform", "own") for number_format in FORMATS
                               for semantics in semantics_of(arguments.nirc)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        modules, refused = modules_of(arguments.nirc, arguments.device, choices, folder)
        print(f"{len(modules)} modules of {len(choices)} networks", flush=True)

        def new_prover():
            return Prover(folder, folder / "design" / "formal" / "prove.py", arguments.time_limit)

        if arguments.mutants is not None:
            return 0 if try_mutants(new_prover(), seeded(modules, arguments.mutants, arguments.seed)) else 1
        return 0 if prove_all(new_prover, modules, refused, arguments.jobs) else 1


if __name__ == "__main__":
    sys.exit(main())
