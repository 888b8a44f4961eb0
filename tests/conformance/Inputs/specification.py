"""A second implementation of docs/semantics.md, "Update of a neuron", compared with nirc to the bit.

    specification.py CASES FOLDER

Runs one IF, one LIF and one CubaLIF neuron under CASES random semantics with nirc, and with what follows here, which is
written from the page and not from nirc's source, in float64 and in float32. FOLDER is for the files in between.
"""
import ctypes
import json
import pathlib
import random
import subprocess
import sys
from math import ceil, exp, expm1, floor, log1p

import numpy as np

DT = 1e-3
PARAMETERS = {
    "IF": {"r": 1.25, "v_threshold": 0.8, "v_reset": 0.1},
    "LIF": {"tau": 7e-3, "r": 3.5, "v_leak": 0.15, "v_threshold": 0.8, "v_reset": 0.1},
    "CubaLIF": {"tau_syn": 4e-3, "tau_mem": 7e-3, "r": 3.5, "v_leak": 0.15, "v_threshold": 0.8, "v_reset": 0.1,
                "w_in": 1.5},
}
# What else than the table's values is tried of the choices that take more.
OPEN = {"floor": ["none", "-threshold", "0", "-0.25"],
        "ignore": ["none", "r", "v_reset", "v_leak+w_in", "r+w_in+v_reset"]}
VALUES = {
    "integrator": ["euler", "exp-euler", "exact"], "gain": ["integrator", "euler", "unit", "raw"],
    "drive": ["held", "impulse"], "enters": ["after-decay", "before-decay"],
    "synapse-integrator": ["same", "euler", "exp-euler"],
    "synapse-gain": ["same", "integrator", "euler", "unit", "raw"], "current": ["new", "old"],
    "spike-test": ["new", "old"], "spike-when": ["gt", "ge"], "spikes-per-step": ["single", "multi"],
    "reset": ["to-value", "subtract"], "reset-delay": ["0", "1"], "late-reset": ["after-update", "before-update"],
    "after-spike": ["whole-step", "rest"], "start": ["zero", "v_leak", "v_reset"], "schedule": ["sequential", "pipelined"], **OPEN}


class Float64:
    """What a step computes in: the type that coefficients are rounded to, and the functions of that type."""
    name, number = "f64", float
    exp, expm1, log1p = staticmethod(exp), staticmethod(expm1), staticmethod(log1p)


def libm(name):
    """A float32 function of the C library: numpy has its own, which differ in the last bit."""
    function = getattr(ctypes.CDLL("libm.so.6"), name)
    function.argtypes, function.restype = [ctypes.c_float], ctypes.c_float
    return lambda x: np.float32(function(x))


class Float32:
    name, number = "f32", np.float32
    exp, expm1, log1p = staticmethod(libm("expf")), staticmethod(libm("expm1f")), staticmethod(libm("log1pf"))


def stays(integrator, k, math=Float64):
    return math.number(1) - k if integrator == "euler" else math.exp(-k)


def comes(integrator, k, math=Float64):
    return k if integrator == "euler" else -math.expm1(-k)


def phi(d):
    return 1.0 if d == 0 else -expm1(-d) / d


def factor(gain, own, euler):
    """The factor of a drive, and what it leaves out of the units of v."""
    return {"integrator": (own, 1.0), "euler": (euler, 1.0), "unit": (1.0, own), "raw": (1.0, 1.0)}[gain]


class Neuron:
    """What all families share: parameters as they are read, the test, the reset, and the order of a step."""

    def __init__(self, family, choices, math):
        self.choices, self.math, p = choices, math, dict(PARAMETERS[family])
        for name, default in (("r", 1.0), ("w_in", 1.0), ("v_leak", 0.0), ("v_reset", 0.0)):
            if name in choices["ignore"].split("+"):
                p[name] = default
        self.p, self.integrator = p, choices["integrator"]
        self.is_held = choices["drive"] == "held"
        self.is_before = choices["enters"] == "before-decay"
        self.is_rest = choices["after-spike"] == "rest"
        self.i, self.share = math.number(0), math.number(1)
        c = self.coefficients()
        start = {"zero": 0.0, "v_leak": p.get("v_leak", 0.0), "v_reset": p["v_reset"]}[choices["start"]]
        self.v = math.number(start / c)
        threshold, reset = p["v_threshold"] / c, p["v_reset"] / c
        self.threshold, self.reset_value, self.span = (math.number(x) for x in (threshold, reset, threshold - reset))
        self.r, self.v_leak = math.number(p["r"]), math.number(p.get("v_leak", 0.0))

    def rounded(self, **coefficients):
        for name, value in coefficients.items():
            setattr(self, name, self.math.number(value))

    def shares(self, k):
        """Of the rest of a step: found in the step, and so in its type."""
        return stays(self.integrator, self.share * k, self.math), comes(self.integrator, self.share * k, self.math)

    def test(self, v):
        is_ge = self.choices["spike-when"] == "ge"
        if not (v >= self.threshold if is_ge else v > self.threshold):
            return 0
        if self.choices["spikes-per-step"] == "single":
            return 1
        fits = (v - self.reset_value) / self.span
        return max(1, floor(fits)) if is_ge else max(1, ceil(fits) - 1)

    def reset(self, spikes):
        if self.choices["reset"] == "to-value":
            self.v = self.reset_value
        else:
            self.v = self.v - self.math.number(spikes) * self.span

    def step(self, u):
        choices = self.choices
        is_old = choices["spike-test"] == "old"
        is_late = is_old or choices["reset-delay"] == "1"
        late = self.test(self.v) if is_late else 0
        if late and choices["late-reset"] == "before-update":
            self.reset(late)
        self.update(u)
        if late and choices["late-reset"] == "after-update":
            self.reset(late)
        if choices["floor"] != "none":
            lowest = -self.threshold if choices["floor"] == "-threshold" else self.math.number(choices["floor"])
            self.v = lowest if self.v < lowest else self.v
        spikes = late if is_old else self.test(self.v)
        self.share = self.math.number(1)
        if spikes and not is_late:
            if self.is_rest:
                rest = self.rest(u)
                self.share = rest if 0 < rest < 1 else self.share
            self.reset(spikes)
        return spikes


class IF(Neuron):
    def coefficients(self):
        own = DT * self.p["r"] if self.is_held else self.p["r"]
        f, c = factor(self.choices["gain"], own, own)
        self.rounded(f=f)
        return c

    def update(self, u):
        self.v = self.v + (self.share * self.f if self.is_rest else self.f) * u

    def rest(self, u):
        return (self.v - self.threshold) / (self.f * u)


class LIF(Neuron):
    def coefficients(self):
        p, how, k = self.p, self.integrator, DT / self.p["tau"]
        jump = p["r"] / p["tau"]
        own, euler = (comes(how, k) * p["r"], k * p["r"]) if self.is_held else (jump, jump)
        f, c = factor(self.choices["gain"], own, euler)
        self.rounded(k=k, stays=stays(how, k), f=stays(how, k) * f if self.is_before else f,
                     leaks=comes(how, k) * p["v_leak"] / c)
        return c

    def update(self, u):
        if self.is_rest:
            stay, come = self.shares(self.k)
            self.v = stay * self.v + come * self.r * u + come * self.v_leak
        else:
            self.v = self.stays * self.v + self.f * u + self.leaks

    def rest(self, u):
        to_go = self.r * u + self.v_leak - self.threshold
        return -self.math.log1p(-((self.v - self.threshold) / to_go)) / self.k


class CubaLIF(Neuron):
    def coefficients(self):
        p, how, choices = self.p, self.integrator, self.choices
        a, b = DT / p["tau_mem"], DT / p["tau_syn"]
        jump = p["w_in"] / p["tau_syn"]
        how_i = how if choices["synapse-integrator"] == "same" else choices["synapse-integrator"]
        gain_i = choices["gain"] if choices["synapse-gain"] == "same" else choices["synapse-gain"]
        own, euler = (comes(how_i, b) * p["w_in"], b * p["w_in"]) if self.is_held else (jump, jump)
        f_i, c_i = factor(gain_i, own, euler)
        f_v, c_v = factor(choices["gain"], comes(how, a) * p["r"], a * p["r"])
        c, q = c_i * c_v, a * exp(-min(a, b)) * phi(abs(a - b))
        self.rounded(a=a, stays_i=stays(how_i, b), f_i=stays(how_i, b) * f_i if self.is_before else f_i,
                     stays_v=stays(how, a), f_v=p["r"] * q if how == "exact" else f_v, leaks=comes(how, a) * p["v_leak"] / c,
                     direct=p["r"] * p["w_in"] * (comes(how, a) - q) if self.is_held else p["r"] * q * jump)
        return c

    def update(self, u):
        old = self.i
        self.i = self.stays_i * self.i + self.f_i * u
        current = old if self.choices["current"] == "old" else self.i
        if self.integrator == "exact":
            v = self.stays_v * self.v + self.f_v * old
            if self.is_held or self.is_before:
                v = v + self.direct * u
            self.v = v + self.leaks
        elif self.is_rest:
            stay, come = self.shares(self.a)
            self.v = stay * self.v + come * self.r * current + come * self.v_leak
        else:
            self.v = self.stays_v * self.v + self.f_v * current + self.leaks

    def rest(self, u):
        to_go = self.r * self.i + self.v_leak - self.threshold
        return -self.math.log1p(-((self.v - self.threshold) / to_go)) / self.a


FAMILIES = {"IF": IF, "LIF": LIF, "CubaLIF": CubaLIF}
OPS = {"IF": "nir.if", "LIF": "nir.lif", "CubaLIF": "nir.cuba_lif"}


def network():
    """The three neurons on one input, as a module of the nir dialect."""
    lines = ['%in = nir.input "in" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>']
    for family, parameters in PARAMETERS.items():
        values = ", ".join(f"{name} = dense<{value:.17e}> : tensor<1xf64>" for name, value in parameters.items())
        lines.append(f'%{family} = {OPS[family]} "{family}" (%in) {{{values}}} : (!nir.signal<1>) -> !nir.signal<1>')
        lines.append(f'nir.output "out{family}" (%{family}) {{shape = dense<1> : tensor<1xi64>}} : (!nir.signal<1>) -> ()')
    return 'module {{ nir.graph "three" version "1.0.8" {{\n{}\n}} }}\n'.format("\n".join(lines))


def nirc(*arguments):
    return subprocess.run(["nirc", *map(str, arguments)], capture_output=True, text=True)


def expect_same(text, math, explained, drive, folder):
    """Runs nirc in one type and compares it with the page. Returns the number of spikes."""
    run = nirc("run", folder / "three.mlir", "--input", folder / "u.npy", "--dt", DT, "--semantics", text, "--target",
               "reference", "--dtype", math.name, "--record", "IF", "--record", "LIF", "--record", "CubaLIF", "-o",
               folder / "out/")
    if run.returncode != 0:
        sys.exit(f"{text}: {run.stderr}")
    spikes = 0
    for family, make in FAMILIES.items():
        choices = {one["name"]: one["value"] for one in explained["choices"] if one["family"] in (None, family)}
        neuron = make(family, choices, math)
        is_pipelined = choices["schedule"] == "pipelined"
        v, sent = (np.load(folder / "out" / f"{family}.{what}.npy")[:, 0] for what in ("v", "spikes"))
        for step, u in enumerate([0.0, *drive[:-1]] if is_pipelined else drive):
            count = neuron.step(math.number(u))
            if type(neuron.v) is not math.number:
                sys.exit(f"{family} under {text}: the page's v became a {type(neuron.v)}")
            if (v[step], sent[step]) != (neuron.v, count):
                sys.exit(f"{family} under {text} in {math.name}, step {step}: nirc has v {v[step]!r} and {sent[step]} "
                         f"spikes, the page gives {neuron.v!r} and {count}")
            spikes += count
    return spikes


def main():
    cases, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    pick = random.Random(5)
    drive = np.array([pick.choice([0.0, 0.5, 1.0, 3.0, -1.5]) for _ in range(80)])
    np.save(folder / "u.npy", drive.reshape(-1, 1))
    (folder / "three.mlir").write_text(network())
    presets = [one["preset"] for one in json.loads(nirc("semantics", "--json").stdout) if one["preset"] != "exact"]
    spikes = done = 0
    while done < cases:
        text = ",".join([pick.choice(presets)] +
                        [f"{name}={pick.choice(values)}" for name, values in VALUES.items() if pick.random() < 0.25])
        explained = nirc("semantics", text, "--json")
        if explained.returncode != 0:
            continue  # a contradiction
        for math in (Float64, Float32):
            spikes += expect_same(text, math, json.loads(explained.stdout), drive, folder)
        done += 1
    print(f"{done} semantics in float64 and float32, {spikes} spikes: the same bits")


main()
