#!/usr/bin/env python3
"""Runs the suite and the reproducers on every platform, and writes docs/scoreboard.md.

    nirc conformance export SUITE
    python3 conformance/scoreboard.py --suite SUITE --platforms DIR --results DIR -o docs/scoreboard.md

--platforms is a folder with the platforms' sources: nir, nirtorch, norse, snntorch, sinabs, rockpool, spikingjelly, spyx, nengo, each at the
commit that PLATFORMS names. --results keeps what `nirc conform` and the reproducers said; what is there already is not run again. A
platform takes some minutes. `nirc` has to be on the PATH.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # to which Debian's PyTorch belongs


class Platform(collections.namedtuple("Platform", "name adapter version preset sources")):
    pass


BASE = ["nir", "nirtorch"]
PLATFORMS = [
    Platform("Norse", "norse", "065a3b4", "norse", BASE + ["norse"]),
    Platform("snnTorch", "snntorch", "634fc22", "snntorch", BASE + ["snntorch"]),
    Platform("Sinabs", "sinabs", "904eb89", "sinabs", BASE + ["sinabs"]),
    Platform("Rockpool", "rockpool", "42cee1c", "rockpool", BASE + ["rockpool"]),
    Platform("SpikingJelly", "spikingjelly", "afb1322", "spikingjelly", BASE + ["spikingjelly"]),
    Platform("Spyx", "spyx", "38374e9", "spyx", ["nir", "spyx/src"]),
    Platform("Nengo", "nengo", "43e46ed", "nengo", ["nir", "nir/paper/03_rnn", "nengo"]),
    Platform("NIRTorch", "nirtorch", "2604ce2", "", BASE),
]
MARKS = ("pass", "fail", "unsupported", "crashed")


def sources_of(platform, options):
    return [word for source in platform.sources for word in ("--source", str(options.platforms / source))]


def judged(platform, options):
    """What `nirc conform` says of the platform on the whole suite."""
    file = options.results / f"{platform.adapter}.json"
    if not file.exists():
        if options.only_results:
            return None
        command = " ".join([PYTHON, "-W", "ignore", str(HERE / "adapters" / f"with_{platform.adapter}.py"), *sources_of(platform, options),
                            "{list}"])
        subprocess.run(["nirc", "conform", options.suite, "--external-batch", command, "--name", platform.adapter, "--timeout", "3600",
                        "--json", file, "-q"], check=False)
    return json.loads(file.read_text(encoding="utf-8"))


def reproduced(options):
    """Of each reproducer its name, what it says of the platform, and its verdict."""
    rows = []
    for script in sorted((HERE / "reproducers").glob("*/make.py")):
        name = script.parent.name
        file = options.results / "reproducers" / f"{name}.txt"
        if not file.exists():
            if options.only_results:
                continue
            adapter = name.split("-", 1)[0].replace("nir", "nirtorch") if name.startswith("nir-") else name.split("-", 1)[0]
            platform = next(each for each in PLATFORMS if each.adapter == adapter)
            file.parent.mkdir(parents=True, exist_ok=True)
            run = subprocess.run([PYTHON, "-W", "ignore", script, "-o", file.parent / name, *sources_of(platform, options)],
                                 capture_output=True, text=True, timeout=600)
            file.write_text(run.stdout if run.returncode == 0 else f"{run.stdout}{run.stderr}\nexit {run.returncode}\n", encoding="utf-8")
        lines = file.read_text(encoding="utf-8").splitlines()
        where = next((line.split(": ", 1)[1] for line in lines if line.startswith("  where: ")), "")
        rows.append((name, lines[0], where, lines[-1].strip()))
    return rows


def group_of(case):
    parts = case.split("/")
    return parts[1] if parts[0] == "nodes" else "models"


def escaped(text):
    return text.replace("|", "\\|").replace("_", "\\_")


def first_table(results):
    yield "| platform | version | pass | differs | refuses | breaks | computes as |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for platform, found in results:
        counts = [str(found[mark]) for mark in MARKS]
        follows = [f"{each['headline'].removeprefix('computes as ')} ({len(each['cases'])})" for each in found["explanations"][:3]]
        rest = len(found["unexplained"])
        follows += [f"nothing that nirc knows ({rest})"] if rest else []
        yield f"| {platform.name} | {platform.version} | {' | '.join(counts)} | {escaped('; '.join(follows)) or '-'} |"


def second_table(results):
    groups = list(dict.fromkeys(group_of(each["case"]) for each in results[0][1]["cases"]))
    yield "| cases | " + " | ".join(platform.name for platform, _ in results) + " |"
    yield "| --- |" + " --- |" * len(results)
    for group in groups:
        cells = []
        for _, found in results:
            counts = collections.Counter(each["mark"] for each in found["cases"] if group_of(each["case"]) == group)
            cells.append(" / ".join(str(counts[mark]) if counts[mark] else "·" for mark in MARKS))
        yield f"| {group} | " + " | ".join(cells) + " |"


def third_table(rows):
    yield "| reproducer | divergence | explained by | where |"
    yield "| --- | --- | --- | --- |"
    for name, says, where, verdict in rows:
        choice = verdict.split("is explained by ", 1)[1] if "is explained by " in verdict else \
            "no choice" if "no choice explains it" in verdict else f"not reproduced: {verdict}"
        shown = f"`{choice}`" if choice.startswith(("nir,", "sinabs", "snntorch", "rockpool")) else choice
        yield f"| [{name}](../conformance/reproducers/{name}/make.py) | {escaped(says)} | {shown} | {escaped(where)} |"


TEXT = """<!-- Written by conformance/scoreboard.py. -->
# Scoreboard

How platforms that read NIR compute the conformance suite ([conformance.md](conformance.md)): {cases} cases, each a small network of NIR's
own primitives. Every platform ran here, on a CPU, with its own import of NIR and its own steps; [adapters](../conformance/adapters/README.md)
are the scripts that did it. The judge is `nirc conform`.

`pass` is equal to the preset `nir`: spikes exactly, other numbers within the judge's tolerance, v and i as well where an adapter has them.
That is nirc's reading of NIR's equations, one of several that NIR allows: NIR leaves the step, the integrator and the reset open. So
`differs` is no verdict: the last column names the semantics that the platform computes instead, with the number of cases that it explains.
 `refuses`: the platform says that it does not take the network. `breaks`: an exception that is not meant as an answer, or none within 10 s.

{first}

Versions are commits, with NIR 7232ada and NIRTorch 2604ce2, Python 3.11, NumPy 1.24 and PyTorch 1.13. What each adapter had to do:

- snnTorch always takes dt as 1e-4 s and Sinabs as 1: the networks' times were scaled to that, which changes no number of a step.
- v of snnTorch is in its own units, and so differs wherever r dt/tau is not 1; `snntorch` has these units.
- Rockpool finds dt in r and was run as it is; so most of its differences are in the length of the step, which the judge does not vary.
- Spyx ran on NumPy in the place of JAX. Nengo is `nir_to_nengo` of the NIR paper.
- PyTorch 1.13 lacks two decorators that Norse and SpikingJelly use; the forward passes ran without them.
- Where `nir.read` refuses a sound network (see nir-refuses-kernels below), it was read without NIR's type check, except for NIRTorch.

Not run: hxtorch and jaxsnn (their import needs the compiled libraries of BrainScaleS-2), Lava (`nir_to_lava` of NIR's examples gives every LIF the
shape (1,); Lava itself asks for Python below 3.11), and SpiNNaker2 (its package needs the chip or its own emulator).

## By kind of case

pass / differs / refuses / breaks; a dot is 0.

{second}

## Divergences

Each has a reproducer of one or two neurons, which shows what the platform gives and what nirc gives under `nir` and under the choice that explains
it. Where no choice explains it, it is probably a fault; the last column is where to look in the platform's source at the commit above.

{third}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=pathlib.Path, required=True)
    parser.add_argument("--platforms", type=pathlib.Path, required=True)
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--only-results", action="store_true", help="run nothing: write what is there")
    parser.add_argument("-o", dest="out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.results.mkdir(parents=True, exist_ok=True)
    results = [(platform, found) for platform in PLATFORMS if (found := judged(platform, options))]
    text = TEXT.format(cases=len(results[0][1]["cases"]), first="\n".join(first_table(results)), second="\n".join(second_table(results)),
                       third="\n".join(third_table(reproduced(options))))
    options.out.write_text(text, encoding="utf-8")
    print(f"{len(results)} platforms, {sum(found['pass'] for _, found in results)} cases passed: {options.out}")


if __name__ == "__main__":
    sys.exit(main())
