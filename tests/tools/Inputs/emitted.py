"""What `nirc semantics --emit` writes, executed by others: emitted.py FORM RANDOM FOLDER.

FORM is `sympy` (the module's own step, in floats and in symbols), `json` (the interpreter below) or `smtlib` (z3 and cvc5).
All presets and RANDOM other semantics are tried on all six neurons and compared with `nirc run --target reference --dtype
f64`. FOLDER is for the files in between.
"""
import importlib.util
import json
import math
import pathlib
import random
import re
import subprocess
import sys
from fractions import Fraction

import numpy as np

DT = 2.0**-10
PARAMETERS = {
    "IF": {"r": 1.25, "v_threshold": 0.8, "v_reset": 0.1},
    "I": {"r": 1.25},
    "LIF": {"tau": 7e-3, "r": 3.5, "v_leak": 0.15, "v_threshold": 0.8, "v_reset": 0.1},
    "LI": {"tau": 7e-3, "r": 3.5, "v_leak": 0.15},
    "CubaLIF": {"tau_syn": 4e-3, "tau_mem": 7e-3, "r": 3.5, "v_leak": 0.15, "v_threshold": 0.8, "v_reset": 0.1, "w_in": 1.5},
    "CubaLI": {"tau_syn": 4e-3, "tau_mem": 7e-3, "r": 3.5, "v_leak": 0.15, "w_in": 1.5},
}
OPS = {"IF": "if", "I": "i", "LIF": "lif", "LI": "li", "CubaLIF": "cuba_lif", "CubaLI": "cuba_li"}
VALUES = {
    "integrator": ["euler", "exp-euler", "exact"], "gain": ["integrator", "euler", "unit", "raw"],
    "drive": ["held", "impulse"], "enters": ["after-decay", "before-decay"], "synapse-gain": ["same", "unit", "raw"],
    "synapse-integrator": ["same", "euler", "exp-euler"], "current": ["new", "old"], "spike-test": ["new", "old"],
    "spike-when": ["gt", "ge"], "spikes-per-step": ["single", "multi"], "reset": ["to-value", "subtract"],
    "reset-delay": ["0", "1"], "late-reset": ["after-update", "before-update"], "after-spike": ["whole-step", "rest"],
    "start": ["zero", "v_leak", "v_reset"], "floor": ["none", "-threshold", "0", "-0.25"],
    "ignore": ["none", "r", "v_reset", "v_leak+w_in", "r+w_in+v_reset"]}


def nirc(*arguments):
    return subprocess.run(["nirc", *map(str, arguments)], capture_output=True, text=True, timeout=100)


def emitted(text, form):
    run = nirc("semantics", text, f"--emit={form}")
    if run.returncode != 0:
        sys.exit(f"{text}: {run.stderr}")
    return run.stdout


def network(parameters):
    lines = ['%in = nir.input "in" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>']
    for kind, values in parameters.items():
        listed = ", ".join(f"{name} = dense<{value:.17e}> : tensor<1xf64>" for name, value in values.items())
        lines.append(f'%{kind} = nir.{OPS[kind]} "{kind}" (%in) {{{listed}}} : (!nir.signal<1>) -> !nir.signal<1>')
        lines.append(f'nir.output "out{kind}" (%{kind}) {{shape = dense<1> : tensor<1xi64>}} : (!nir.signal<1>) -> ()')
    return 'module {{ nir.graph "six" version "1.0.8" {{\n{}\n}} }}\n'.format("\n".join(lines))


def recorded(text, drive, folder, parameters=None):
    """Of each neuron v, i and the spikes in every step, as nirc computes them."""
    (folder / "six.mlir").write_text(network(parameters or PARAMETERS))
    np.save(folder / "u.npy", np.array(drive).reshape(-1, 1))
    run = nirc("run", folder / "six.mlir", "--input", folder / "u.npy", "--dt", DT, "--semantics", text, "--target",
               "reference", "--dtype", "f64", *(f"--record={kind}" for kind in PARAMETERS), "-o", folder / "out/")
    if run.returncode != 0:
        sys.exit(f"{text}: {run.stderr}")
    names = [(kind, what) for kind in PARAMETERS for what in ("v", "i", "spikes")]
    files = {(kind, what): folder / "out" / f"{kind}.{what}.npy" for kind, what in names}
    return {key: np.load(file)[:, 0] for key, file in files.items() if file.exists()}


# --- An interpreter of the JSON ------------------------------------------------------------------------------------------

def log1p(x):
    return math.log1p(x) if x > -1 else -math.inf if x == -1 else math.nan


def divided(x, y):
    with np.errstate(all="ignore"):
        return float(np.float64(x) / np.float64(y))


OPERATIONS = {
    "neg": lambda x: -x, "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": divided, "abs": abs,
    "exp": math.exp, "expm1": math.expm1, "log1p": log1p, "min": min, "max": max, "ceil": math.ceil, "floor": math.floor,
    "=": lambda x, y: x == y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y, "and": lambda x, y: x and y,
    "choose": lambda condition, x, y: x if condition else y}


def value(expression, names):
    if isinstance(expression, str):
        return names[expression]
    if not isinstance(expression, list):
        return float(expression)
    return OPERATIONS[expression[0]](*(value(each, names) for each in expression[1:]))


class Interpreted:
    """A neuron of the JSON, with the interface of the emitted Python."""

    def __init__(self, neuron):
        self.neuron, self.OUTPUT = neuron, neuron["output"]

    def found(self, params):
        names = dict(params)
        for each in self.neuron["coefficients"]:
            names[each["name"]] = value(each["value"], names)
        return names

    def start(self, params):
        return {each["name"]: value(each["start"], self.found(params)) for each in self.neuron["states"]}

    def step(self, state, params, u):
        names = {**self.found(params), **state, "u": u}
        for each in self.neuron["step"]:
            names[each["set"]] = value(each["to"], names)
        return {name: names[name] for name in state}, names[self.OUTPUT]


def from_json(text, folder):
    data = json.loads(emitted(text, "json"))
    check_schema(data)
    return {kind: Interpreted(neuron) for kind, neuron in data["neurons"].items()}, data["network"]


def check_schema(data):
    try:
        import jsonschema
    except ImportError:
        return
    schema = pathlib.Path(__file__).parents[3] / "tools" / "equations" / "semantics.schema.json"
    jsonschema.validate(data, json.loads(schema.read_text()))


# --- The module of Python ------------------------------------------------------------------------------------------------

def from_sympy(text, folder):
    file = folder / "emitted.py"
    file.write_text(emitted(text, "sympy"))
    spec = importlib.util.spec_from_file_location("emitted", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.NETWORK["schedule"] != "events":
        check_symbols(module)
    return module.NEURONS, module.NETWORK


def check_symbols(module):
    """The expressions that step gives for symbols are those that it computes, but for roundings."""
    for kind, neuron in module.NEURONS.items():
        at = {**PARAMETERS[kind], "dt": DT, "u": 0.75, "v": 0.7, "i": 0.3, "w": 0.5}
        state, output = neuron.step({name: at[name] for name in neuron.STATES}, at, 0.75)
        for name, expression in module.equations(neuron).items():
            symbols = module.symbols(neuron)
            found = float(expression.subs({symbols[key]: number for key, number in at.items() if key in symbols}))
            if abs(found - {**state, neuron.OUTPUT: output}[name]) > 1e-12:
                sys.exit(f"{kind} under {module.SEMANTICS}: {name} is {expression}, {found} in numbers")


def compare(text, load, drive, folder):
    """Returns the number of spikes."""
    neurons, network = load(text, folder)
    traces, spikes = recorded(text, drive, folder), 0
    for kind, neuron in neurons.items():
        params = {**PARAMETERS[kind], "dt": DT}
        state = neuron.start(params)
        for step, u in enumerate([0.0, *drive[:-1]] if network["schedule"] == "pipelined" else drive):
            state, output = neuron.step(state, params, u)
            now = {**state, "spikes": output} if neuron.OUTPUT == "s" else state
            for what in ("v", "i", "spikes"):
                if what in now and now[what] != traces[kind, what][step]:
                    sys.exit(f"{kind} under {text}, step {step}: nirc has {what} {traces[kind, what][step]!r}, the equations "
                             f"{now[what]!r}")
            spikes += output if neuron.OUTPUT == "s" else 0
    return int(spikes)


def compare_exact(folder):
    """Without steps: the states after each of a row of held inputs that make nothing spike."""
    neurons, _ = from_sympy("exact", folder)
    quiet = {kind: {**values, **({"v_threshold": 1e6} if "v_threshold" in values else {})} for kind, values in PARAMETERS.items()}
    drive = [0.5, 1.0, 0.0, -1.5, 0.25, 3.0]
    traces = recorded("exact", drive, folder, quiet)
    for kind, neuron in neurons.items():
        state = neuron.start(quiet[kind])
        for step, u in enumerate(drive):
            state = neuron.flow(neuron.impulse(state, quiet[kind], u), quiet[kind], u, DT)
            for what in state:
                if abs(state[what] - traces[kind, what][step]) > 1e-12:
                    sys.exit(f"{kind} under exact, step {step}: nirc has {what} {traces[kind, what][step]!r}, the solution "
                             f"{state[what]!r}")
        if neuron.OUTPUT == "s":
            above = {**state, "v": 1.0}
            reset = neuron.reset(above, PARAMETERS[kind])
            if not neuron.crosses(above, PARAMETERS[kind]) or reset["v"] != 0.1 or neuron.crosses(reset, PARAMETERS[kind]):
                sys.exit(f"{kind} under exact: the crossing or the reset, {reset}")


# --- Provers -------------------------------------------------------------------------------------------------------------

def solved(solver, text, folder):
    file = folder / "query.smt2"
    file.write_text(text)
    command = {"z3": ["z3", "-T:60"], "cvc5": ["cvc5", "--tlimit=60000", "--produce-models"]}[solver]
    run = subprocess.run([*command, file], capture_output=True, text=True, timeout=100)
    if run.returncode != 0 or "error" in run.stdout:
        sys.exit(f"{solver}: {run.stdout}{run.stderr}")
    return run.stdout


def number_of(text):
    """A value as solvers print it: 2.0, (- 0.5), (/ 1 2), (- (/ 1.0 2.0))."""
    words = re.findall(r"[-/]|[\d.]+", text)
    numbers = [Fraction(word) for word in words if word[0].isdigit()]
    return (-1 if "-" in words else 1) * (numbers[0] / numbers[1] if "/" in words else numbers[0])


# Numbers with few binary digits: over the reals and in float64 they are the same.
DYADIC = {"r": 2.0, "v_threshold": 0.75, "v_reset": 0.125, "tau": 2.0**-8, "v_leak": 0.25, "tau_syn": 2.0**-9, "tau_mem": 2.0**-8,
          "w_in": 1.5, "dt": DT}


def dyadic(kind):
    return {name: DYADIC[name] for name in PARAMETERS[kind]}


def compare_dyadic(solver, text, folder, steps=6):
    """The states and spikes of some steps, by a solver from the emitted functions, and by nirc."""
    drive = [1.0, 1.0, 0.5, 0.0, -0.25, 2.0][:steps]
    traces = recorded(text, drive, folder, {kind: dyadic(kind) for kind in PARAMETERS})
    lines, asked = [emitted(text, "smtlib")], []

    def decimal(x):
        return f"(- {-x:.20f})" if x < 0 else f"{x:.20f}"

    for kind in PARAMETERS:
        states = ["i", "v"] if "Cuba" in kind else ["v"]
        values = " ".join(decimal(DYADIC[name]) for name in ("dt", *order_of(kind)))
        for name in states:
            lines.append(f"(define-fun {kind}.{name}.0 () Real ({kind}.start.{name} {values}))")
        for step, u in enumerate(drive):
            before = " ".join(f"{kind}.{name}.{step}" for name in states)
            for name in states + (["s"] if "F" in kind else []):
                lines.append(f"(define-fun {kind}.{name}.{step + 1} () Real ({kind}.{name} {before} {decimal(u)} {values}))")
                asked.append((kind, name, step))
    lines += ["(check-sat)", "(get-value ({}))".format(" ".join(f"{k}.{n}.{s + 1}" for k, n, s in asked))]
    answer = solved(solver, "(set-option :produce-models true)\n" + "\n".join(lines) + "\n", folder)
    if not answer.startswith("sat"):
        sys.exit(f"{solver} says {answer}")
    for kind, name, step in asked:
        found = re.search(rf"\({re.escape(kind)}\.{name}\.{step + 1} (.*?)\)\s*(?=\(|\)\s*$)", answer, re.DOTALL)
        expected = traces[kind, "spikes" if name == "s" else name][step]
        if number_of(found.group(1)) != Fraction(float(expected)):
            sys.exit(f"{kind} under {text}, step {step}: {solver} has {name} {found.group(1)}, nirc {expected!r}")
    return len(asked)


def order_of(kind):
    """The parameters of the emitted functions, in their order."""
    names = ("tau", "tau_syn", "tau_mem", "r", "v_leak", "v_threshold", "v_reset", "w_in")
    return [name for name in names if name in PARAMETERS[kind]]


def semantics(count):
    """All presets with steps, and others by chance."""
    presets = [one["preset"] for one in json.loads(nirc("semantics", "--json").stdout) if one["preset"] != "exact"]
    yield from presets
    pick, done = random.Random(5), 0
    while done < count:
        text = ",".join([pick.choice(presets)] +
                        [f"{name}={pick.choice(values)}" for name, values in VALUES.items() if pick.random() < 0.3])
        if nirc("semantics", text).returncode == 0:  # else a contradiction
            done += 1
            yield text


def main():
    form, count, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    pick = random.Random(7)
    drive = [pick.choice([0.0, 0.5, 1.0, 3.0, -1.5]) for _ in range(80)]
    texts = list(semantics(count))
    if form == "smtlib":
        for text in texts:
            for solver in ("z3", "cvc5"):
                solved(solver, emitted(text, "smtlib") + "(check-sat)\n", folder)
        numbers = sum(compare_dyadic(solver, text, folder) for text in ("nir", "nir,reset=subtract,spike-when=ge,spikes-per-step=multi")
                      for solver in ("z3", "cvc5"))
        print(f"{len(texts)} semantics: accepted by z3 and cvc5; {numbers} numbers the same")
        return
    load = {"json": from_json, "sympy": from_sympy}[form]
    spikes = sum(compare(text, load, drive, folder) for text in texts)
    if form == "sympy":
        compare_exact(folder)
    else:
        check_schema(json.loads(emitted("exact", "json")))
    print(f"{len(texts)} semantics, {spikes} spikes: the same bits")


main()
