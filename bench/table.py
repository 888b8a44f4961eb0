#!/usr/bin/env python3
"""Measures nirc's CPU target beside its baselines, prints a table, and compares it with the aims.

    bench/table.py [--build build] [--data DIR] [--quick] [--rounds 3] [--json FILE] [--load FILE]

bench/README.md says what each number means.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile

from measuring import ACTIVITIES, NETWORKS, PUBLISHED, THREADED, Measurement, say

WEIGHT_BYTES = {"dense-1024": 4 * 1024**2, "dense-4096": 4 * 4096**2, "sparse-10000": 4 * 10**8}


class Results:
    """Looks numbers up over the rounds. A number that was not measured is None, and so is what follows from it."""

    def __init__(self, rounds, caches):
        self.rounds = rounds
        sizes = sorted((c["size"], f"L{c['level']}") for c in caches if c["type"] != "Instruction")
        self.levels = sizes + [(float("inf"), "memory")]

    def each(self, name, key):
        return [r[name][key] for r in self.rounds if key in r.get(name, {})]

    def best(self, name, key, pick=min):
        return pick(self.each(name, key), default=None)

    def rate(self, name, key):
        return self.best(name, key, max)

    def ratio(self, name, other, key="seconds"):
        """How many times `name` is as fast as `other`: the median of the rounds, each of which ran both."""
        pairs = [(r[other][key], r[name][key]) for r in self.rounds if name in r and other in r]
        return statistics.median(a / b for a, b in pairs) if pairs else None

    def times_torch(self, names, case):
        """The fastest of `names` beside the PyTorch loop, that with the number of threads which suits it."""
        def fastest(results, names):
            return min((results[name]["seconds"] for name in names if name in results), default=None)
        torch = [f"torch/{case}/cores:{cores}" for cores in (1, 2)]
        pairs = [(fastest(results, torch), fastest(results, names)) for results in self.rounds]
        pairs = [pair for pair in pairs if None not in pair]
        return statistics.median(a / b for a, b in pairs) if pairs else None

    def speedup(self, name, threads="cores"):
        """Of two threads over one, by the clock: the fastest of all turns, as anything else on the machine takes a
        core from two threads and none from one."""
        one, two = (self.best(f"turns/{name}/{threads}:{c}", "clock_seconds") for c in (1, 2))
        return one / two if one and two else None

    def median_speedup(self, name, threads="cores"):
        return self.ratio(f"turns/{name}/{threads}:2", f"turns/{name}/{threads}:1", "median")

    def level(self, network):
        """The smallest cache that holds the weights, or memory."""
        return next(name for size, name in self.levels if WEIGHT_BYTES[network] <= size)

    def bandwidth_share(self, network, activity, cores, who="nirc"):
        """Bytes of weights that the accumulate phase needs in a second, of those that can be read. The phase is what a
        step takes longer than one in which nothing spikes."""
        tail = f"/batch:1/cores:{cores}" if who == "nirc" else ""
        names = [f"{who}/{network}/activity:{a}{tail}" for a in (activity, 0)]
        read = self.rate(f"read/{self.level(network)}/threads:{cores}", "bytes_per_second")
        busy, idle = (self.best(name, "seconds") for name in names)
        if not (busy and idle and read) or busy <= idle:
            return None
        return 4 * self.best(names[0], "events_per_step") / (busy - idle) / read


def short(value):
    """Three digits and a letter."""
    if value is None:
        return ""
    for unit, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k"), (1, "")):
        if value >= unit:
            return f"{value / unit:.3g}{letter}"
    return f"{value:.2g}"


def times(value):
    return "" if value is None else f"{value:.3g}×"


def percent(value):
    return "" if value is None else f"{100 * value:.0f} %"


def print_table(rows, header):
    rows = list(rows)
    if not rows:
        return
    print(f"\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def network_rows(r):
    for network in NETWORKS:
        for activity in ACTIVITIES:
            for batch in (1, 32):
                for cores in (1, 2):
                    case = f"{network}/activity:{activity}"
                    name = f"nirc/{case}/batch:{batch}/cores:{cores}"
                    if r.rate(name, "steps") is None:
                        continue
                    loops = [r.ratio(name, f"{loop}/{case}", "seconds") if batch == cores == 1 else None
                             for loop in ("textbook", "vector")]
                    hand = r.ratio(name, f"{'sparse' if network.startswith('sparse') else 'events'}/{case}")
                    share = None if batch > 1 or network.startswith("sparse") else \
                        r.bandwidth_share(network, activity, cores)
                    yield [network, f"{activity} %", str(batch), str(cores), short(r.rate(name, "sample_steps")),
                           short(r.rate(name, "events")), percent(share), *map(times, loops),
                           times(hand if batch == cores == 1 else None), ""]
    for network in PUBLISHED:
        for batch in (1, 32, 140):
            for cores in (1, 2):
                name = f"nirc/{network}/batch:{batch}/cores:{cores}"
                if r.rate(name, "steps") is None:
                    continue
                activity = f"{100 * r.best(name, 'input_activity'):.2g} % in"
                torch = r.times_torch([name], f"{network}/batch:{batch}")
                yield [network, activity, str(batch), str(cores), short(r.rate(name, "sample_steps")),
                       short(r.rate(name, "events")), "", "", "", "", times(torch)]


def thread_rows(r):
    for name, threads in [*((f"nirc/{case}", "cores") for case in THREADED), ("read/memory", "threads")]:
        best = r.speedup(name, threads)
        if best is not None:
            one, two = (r.best(f"turns/{name}/{threads}:{c}", "clock_seconds") for c in (1, 2))
            yield [name.removeprefix("nirc/"), f"{1000 * one:.3g} ms", f"{1000 * two:.3g} ms", times(best),
                   times(r.median_speedup(name, threads))]
    least, most = r.best("turns/meet/cores:2", "clock_seconds"), r.best("turns/meet/cores:2", "most", max)
    if least is not None:
        yield ["a barrier between two threads", "", f"{1e9 * least:.0f} to {1e9 * most:.0f} ns", "", ""]


def baseline_rows(r):
    for name in sorted({name for results in r.rounds for name in results}):
        if name.split("/")[0] in ("textbook", "vector", "events", "sparse", "torch", "genn"):
            events = r.rate(name, "events")
            parts = name.split("/")
            share = r.bandwidth_share(parts[1], int(parts[2].split(":")[1]), 1, "events") if parts[0] == "events" else None
            yield [name, short(r.rate(name, "sample_steps")), short(events) if events else "", percent(share)]
        elif name.startswith("read/"):
            yield [name, "", "", short(r.rate(name, "bytes_per_second")) + "B/s"]


def program_rows(r):
    for name in sorted({name for results in r.rounds for name in results if name.startswith("run/")}):
        yield [name[4:], f"{r.best(name, 'seconds'):.2f} s", f"{r.best(name, 'cpu_seconds'):.2f} s",
               f"{r.best(name, 'bytes') / 1e6:.0f} MB"]


def part_rows(r):
    for network in PUBLISHED:
        parts = [r.best(f"first-step/{network}", part) for part in ("read", "compile", "step")]
        if None not in parts:
            yield [network, *(f"{1000 * seconds:.1f} ms" for seconds in parts)]


def points(r):
    """(issue, text, number reached, whether at least or at most, bound, how to print)."""
    for network, batch, bound in ((PUBLISHED[0], 1, 50), (PUBLISHED[1], 1, 200), (PUBLISHED[2], 1, 200),
                                  (PUBLISHED[0], 32, 10), (PUBLISHED[1], 140, 10), (PUBLISHED[2], 140, 10)):
        case = f"{network}/batch:{batch}"
        yield ("1", f"{network}, batch {batch}: times the PyTorch loop",
               r.times_torch([f"nirc/{case}/cores:{cores}" for cores in (1, 2)], case), ">=", bound, times)
    for network in NETWORKS[:2]:
        for activity, bound in ((1, 20), (20, 3)):
            case = f"{network}/activity:{activity}"
            yield ("2", f"{network}, {activity} %: times the plain dense loop",
                   r.ratio(f"nirc/{case}/batch:1/cores:1", f"textbook/{case}"), ">=", bound, times)
        for activity in ACTIVITIES[1:]:
            hand = percent(r.bandwidth_share(network, activity, 1, "events"))
            yield ("2", f"{network}, {activity} %: accumulating, of the read bandwidth of {r.level(network)}"
                   f"{hand and f' (by hand {hand})'}",
                   r.bandwidth_share(network, activity, 1), ">=", 0.6, percent)
    for activity in ACTIVITIES[1:]:  # of the network that memory limits; a sparse one's additions take longer
        case = f"dense-4096/activity:{activity}/batch:1/cores:1"
        yield ("2", f"dense-4096, {activity} %: events of int8, times those of float32",
               r.ratio(f"nirc-int8/{case}", f"nirc/{case}"), ">=", 2, times)
    for activity in ACTIVITIES[1:]:
        case = f"sparse-10000/activity:{activity}"
        reached, hand = r.rate(f"nirc/{case}/batch:1/cores:1", "events"), r.rate(f"sparse/{case}", "events")
        bound = min(5e8, 0.6 * hand) if hand else 5e8
        yield ("3", f"sparse-10000, {activity} %: synaptic events/s on one thread", reached, ">=", bound, short)
    for network, bound in zip(NETWORKS, (2, 2, 3)):
        for activity in ACTIVITIES[1:]:
            case = f"{network}/activity:{activity}"
            if r.rate(f"genn/{case}", "steps") is not None:
                yield ("3" if network.startswith("sparse") else "2", f"{network}, {activity} %: times GeNN",
                       r.ratio(f"nirc/{case}/batch:1/cores:1", f"genn/{case}"), ">=", bound, times)
    yield "4", "cnn_sinabs: file to first step, seconds", r.best("run/cnn_sinabs", "seconds"), "<=", 0.5, short
    for name in ("sparse-10000", "sparse-10000-gzip"):
        yield "4", f"{name}: file to first step, seconds", r.best(f"run/{name}", "seconds"), "<=", 2, short
    for case in THREADED:
        yield "5", f"{case}: two threads over one", r.speedup(f"nirc/{case}"), ">=", 1.6, times
    for name in ("sparse-10000", "sparse-10000-gzip"):
        bytes_used = r.best(f"run/{name}", "bytes")
        yield ("memory", f"{name}: most memory, of its weights", bytes_used and bytes_used / WEIGHT_BYTES["sparse-10000"],
               "<=", 1.5, times)
    for network in PUBLISHED:
        for batch in (1, 32, 140):
            ours, theirs = (r.best(f"{who}/{network}/batch:{batch}/cores:1", "output_spikes") for who in ("nirc", "torch"))
            if ours is not None:
                yield ("same", f"{network}, batch {batch}: {ours:.0f} output spikes, in PyTorch",
                       theirs, "==", ours, lambda x: f"{x:.0f}")


def verdict(reached, relation, bound):
    if reached is None:
        return "not measured"
    passes = {">=": reached >= bound, "<=": reached <= bound, "==": reached == bound}[relation]
    return "pass" if passes else "below" if relation == ">=" else "above" if relation == "<=" else "differs"


def show(results, missing, profile):
    print_table(network_rows(results), ["network", "activity", "batch", "threads", "sample-steps/s", "events/s",
                                        "of read bandwidth", "× textbook", "× vectorized", "× by hand", "× PyTorch"])
    print_table(baseline_rows(results), ["baseline", "sample-steps/s", "events/s", "bandwidth"])
    print_table(thread_rows(results), ["two threads over one", "one, at best", "two, at best", "at best", "median"])
    print_table(program_rows(results), ["nirc run, first step", "clock", "processor", "most memory"])
    print_table(part_rows(results), ["first step, in parts", "read the file", "compile", "run a step"])
    if profile:
        print(f"\n{profile}")
    loads = ", ".join(f"{each['load']['average']:.1f}" for each in results.rounds)
    print(f"\nThe rounds began at load {loads}: what two threads and whole programs reach shows only near 0.")
    rows = [[issue, text, "" if reached is None else form(reached), f"{relation} {form(bound)}",
             verdict(reached, relation, bound)] for issue, text, reached, relation, bound, form in points(results)]
    print_table(rows, ["point", "what", "reached", "aim", ""])
    counts = {word: sum(row[-1] == word for row in rows) for word in dict.fromkeys(row[-1] for row in rows)}
    print("\n" + ", ".join(f"{count} {word}" for word, count in counts.items()))
    for text in filter(None, missing):
        print(f"left out: {text}")


def measure(options, folder):
    say(f"writing networks and inputs to {folder}")
    subprocess.run([f"{options.build}/bin/bench-write", folder, "--data", options.data,
                    *(["--quick"] if options.quick else [])], check=True)
    measurement = Measurement(options.build, options.data, folder, options.quick)
    if not measurement.has_data:
        say(f"no reference data at {options.data}: the published networks are left out")
    for i in range(options.rounds):
        say(f"round {i + 1} of {options.rounds}")
        measurement.round()
    measurement.programs()
    return measurement


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(here, "..", "build"), help="where bench-cpu and nirc were built")
    parser.add_argument("--data", default=os.environ.get("NIRC_REFERENCE_DATA", os.path.join(here, "../../shared/data")),
                        help="the folder of the reference data")
    parser.add_argument("--quick", action="store_true", help="one short round of the small networks: some seconds")
    parser.add_argument("--rounds", type=int, help="how often everything is measured; 3, or 1 with --quick")
    parser.add_argument("--json", help="keep every number there")
    parser.add_argument("--load", help="show the numbers that --json kept, and measure nothing")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    if options.load:
        with open(options.load) as file:
            kept = json.load(file)
    else:
        with tempfile.TemporaryDirectory(prefix="nirc-bench-") as folder:
            measured = measure(options, folder)
        kept = {"rounds": measured.rounds, "caches": measured.caches, "missing": [measured.torch_missing, measured.genn_missing],
                "profile": measured.profile}
    if options.json:
        with open(options.json, "w") as file:
            json.dump(kept, file, indent=1)
    show(Results(kept["rounds"], kept["caches"]), kept["missing"], kept["profile"])


if __name__ == "__main__":
    main()
