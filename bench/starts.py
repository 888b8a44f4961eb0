#!/usr/bin/env python3
"""Measures what nirc costs before and beside the steps themselves, and prints one table: starts, and threads beside other work.

    bench/starts.py [--build build] [--data DIR] [--rounds 5] [--quick]

A ratio is the median over the rounds of ratios within a round. bench/README.md says what each row means.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

from measuring import PUBLISHED, say, timed
from table import print_table, short, times

CHAINS = ("chain-1202", "chain-10002")


def milliseconds(value):
    return f"{1000 * value:.0f} ms"


class Starts:
    """Rounds of every command, each first without the cache and then with what it keeps."""

    def __init__(self, options, folder):
        self.nirc, self.rounds = f"{options.build}/bin/nirc", options.rounds
        self.env = {**os.environ, "NIRC_CACHE_DIR": f"{folder}/cache", "NIRC_CACHE_MIB": "256"}

    def rows(self, what, arguments, cached):
        """The CPU time and the clock of a command; with `cached` also of its first start."""
        first, second = [], []
        command = [self.nirc, *arguments]
        timed(command, self.env)  # files are read, and the entry is there
        for _ in range(self.rounds):
            if cached:
                first.append(timed([*command, "--no-cache"], self.env))
            second.append(timed(command, self.env))
        for key, unit in (("cpu_seconds", "CPU"), ("seconds", "clock")):
            before = statistics.median(run[key] for run in first) if first else None
            after = statistics.median(run[key] for run in second)
            ratio = statistics.median(a[key] / b[key] for a, b in zip(first, second)) if first else None
            yield [f"{what}, {unit}", milliseconds(before) if before else "", milliseconds(after), times(ratio)]


def start_rows(options, folder):
    subprocess.run([f"{options.build}/bin/bench-write", folder, "--data", options.data, "--quick"], check=True)
    starts = Starts(options, folder)
    step = ["--dt", "1ms", "--quiet"]
    for chain in CHAINS[:1] if options.quick else CHAINS:
        say(f"  {chain}")
        yield from starts.rows(f"{chain} to the first step", ["run", f"{folder}/{chain}.nir", "--input", "constant:0",
                                                             "--steps", "1", *step], cached=True)
    model, events = f"{options.data}/nir-paper/{PUBLISHED[0]}.nir", f"{options.data}/nmnist/5.bin"
    if os.path.exists(model):
        say(f"  {PUBLISHED[0]}")
        yield from starts.rows(f"{PUBLISHED[0]} to the first step", ["run", model, "--input", events, "--bin", "1ms",
                                                                    "--steps", "1", "--semantics", "nir", "--quiet"],
                               cached=True)
        yield from starts.rows(f"nirc check {PUBLISHED[0]}", ["check", model], cached=False)
    yield from starts.rows("nirc --version", ["--version"], cached=False)


def thread_rows(options):
    say("  threads")
    command = [f"{options.build}/bin/bench-busy", str(3 if options.quick else 9), "0.2" if options.quick else "0.5"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        row = json.loads(line)
        yield [row["case"], *(f"{short(row[way])}/s" for way in ("one", "always_two", "two")),
               times(row["always_two_over_one"]), times(row["two_over_one"])]
    if process.wait() != 0:
        sys.exit(f"{command[0]}: exit code {process.returncode}")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(here, "..", "build"), help="where nirc and bench-busy were built")
    parser.add_argument("--data", default=os.environ.get("NIRC_REFERENCE_DATA", os.path.join(here, "../../shared/data")),
                        help="the folder of the reference data")
    parser.add_argument("--rounds", type=int, default=5, help="how often each program is started")
    parser.add_argument("--quick", action="store_true", help="without chain-10002, and threads for some seconds only")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="nirc-starts-") as folder:
        starts = list(start_rows(options, folder))
    print_table(starts, ["start", "--no-cache", "second start", "ratio"])
    print_table(thread_rows(options), ["steps of one run", "one thread", "always two", "two", "always two / one", "two / one"])
    print(f"\nIt began at load {load:.1f}: the clock and two threads show what they reach only near 0.")


if __name__ == "__main__":
    main()
