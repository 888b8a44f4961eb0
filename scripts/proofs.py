#!/usr/bin/env python3
"""Proves the code of all kinds of neurons, in all number formats and under all semantics, for all targets.

    scripts/proofs.py --nirc build/bin/nirc                    every kind, format, semantics and target
    scripts/proofs.py --nirc build/bin/nirc --few              a choice that takes seconds
    scripts/proofs.py --nirc build/bin/nirc --targets cpu --semantics nir

A network of each kind of neuron goes through `nirc prove`. Answers are kept, so that a question which several networks have is
asked once. A table says for each target how many claims were proved, of how many populations, what a claim took in the mean, and
which took longest; below stand the reasons of networks that were refused, and of claims that no solver was asked about. Ends with
1 where a claim is refuted or undecided.

Needs cvc5 or z3, h5py, and yosys for the target fpga.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from neuron_networks import FEW, FORMATS, KINDS, STEP, semantics_of, write_network

FLOATS = [("LIF", "own", "none", "nir"), ("CubaLIF", "uniform", "none", "norse")]


class Tally:
    """What was said of the claims about one target's code."""

    def __init__(self):
        self.states = collections.Counter()
        self.populations = set()
        self.refused = collections.Counter()
        self.unasked = collections.Counter()
        self.times = []
        self.asked = 0

    def add(self, label, claim):
        self.states[claim["state"]] += 1
        if claim["code"] != "sums":
            self.populations.add((label, claim["node"]))
        if claim["state"] == "unasked":
            self.unasked[claim["unasked"]] += 1
        seconds = sum(answer["seconds"] for answer in claim["answers"])
        if claim["answers"] and not all(answer["cached"] for answer in claim["answers"]):
            self.asked += 1
            self.times.append((seconds, f"{label}: {claim['node']}, {claim['code']} {claim['statement']}"))


def prove(nirc, solver, limit, environment, target, choice, folder):
    """The claims of one network, or why it is refused."""
    kind, parameters, number_format, semantics = choice
    with tempfile.TemporaryDirectory(dir=folder) as own:
        model = pathlib.Path(own) / "network.nir"
        write_network(model, kind, parameters == "own")
        command = [nirc, "prove", model, "--format", number_format, "--semantics", semantics, "--dt", STEP, "--target", target,
                   "--solver", solver, "--time-limit", str(limit), "--threads", "1", "--json"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    if not done.stdout:
        reasons = re.findall(r"error: (.*?)(?: \[[a-z-]+\])?$", done.stderr, re.MULTILINE)
        return None, reasons[0] if reasons else done.stderr.strip()
    return json.loads(done.stdout), None


def choices_of(arguments):
    if arguments.few:
        return [*FEW, *FLOATS]
    kinds, formats = arguments.kinds or KINDS, arguments.formats or [*FORMATS, "none"]
    return [(kind, parameters, number_format, semantics) for kind in kinds for parameters in ("uniform", "own")
            for number_format in formats for semantics in arguments.semantics or semantics_of(arguments.nirc)]


def report(tallies, networks, seconds):
    """Prints the table. Whether nothing is refuted or undecided."""
    print(f"{networks} networks of 2 populations each, in {seconds:.0f} s\n")
    print(f"{'claims about':<14} {'populations':>11} {'proved':>7} {'refuted':>8} {'undecided':>10} {'not asked':>10} {'refused':>8}"
          f" {'questions':>10} {'mean':>7} {'longest':>8}")
    for name, tally in tallies.items():
        times = [time for time, _ in tally.times]
        mean = sum(times) / len(times) if times else 0
        states = tally.states
        print(f"{name:<14} {len(tally.populations):>11} {states['proved']:>7} {states['refuted']:>8} {states['undecided']:>10}"
              f" {states['unasked']:>10} {sum(tally.refused.values()):>8} {tally.asked:>10} {mean:>5.2f} s"
              f" {max(times, default=0):>6.2f} s")
    for name, tally in tallies.items():
        for seconds, label in sorted(tally.times, reverse=True)[:3]:
            print(f"{name}: {seconds:.2f} s {label}")
    for name, tally in tallies.items():
        for reason, count in tally.refused.most_common():
            print(f"{name} refused {count} networks: {reason}")
        for reason, count in tally.unasked.most_common():
            print(f"{name} did not ask {count} claims: {reason}")
    return not any(tally.states["refuted"] or tally.states["undecided"] for tally in tallies.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nirc", required=True, help="the program")
    parser.add_argument("--few", action="store_true", help="a choice of networks")
    parser.add_argument("--targets", nargs="+", default=["cpu", "fpga", "loihi2", "spinnaker2"], help="whose code (all that have claims)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, help="of neurons (all)")
    parser.add_argument("--formats", nargs="+", help="of numbers, none being floats (all)")
    parser.add_argument("--semantics", nargs="+", help="presets (all)")
    parser.add_argument("--solver", default="any", help="as `nirc prove` has it (any)")
    parser.add_argument("--time-limit", type=float, default=60, metavar="SECONDS", help="for each form and solver (60)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="networks at once")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="of answers, for later runs")
    arguments = parser.parse_args()
    tallies = {"the network": Tally(), **{name: Tally() for name in arguments.targets}}
    choices, begun = choices_of(arguments), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NIRC_CACHE_DIR": str(arguments.keep or pathlib.Path(folder) / "answers"), "NIRC_CACHE_MIB": "1024"}
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            work = {(choice, target): pool.submit(prove, arguments.nirc, arguments.solver, arguments.time_limit, environment, target,
                                                  choice, folder) for choice in choices for target in arguments.targets}
            seen = set()
            for (choice, target), future in work.items():
                label = " ".join(choice)
                proof, refusal = future.result()
                if refusal is not None:
                    tallies[target].refused[refusal] += 1
                    continue
                for claim in proof["claims"]:
                    name = claim["target"] or "the network"
                    if claim["target"] is None and label in seen:
                        continue  # said for another target
                    tallies[name].add(label, claim)
                    if claim["state"] in ("refuted", "undecided"):
                        print(f"{claim['state'].upper()} {label}: {target}: {claim['node']}, {claim['code']} {claim['statement']}: "
                              f"{claim['answers'][-1]}", flush=True)
                seen.add(label)
    return 0 if report(tallies, len(choices), time.monotonic() - begun) else 1


if __name__ == "__main__":
    sys.exit(main())
