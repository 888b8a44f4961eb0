"""Runs what bench/table.py shows, and keeps every number under a name.

A result is {"seconds": a step of all samples, "steps": per second, "sample_steps": per second, "events": per second,
...}. One thread is timed by the processor time it used, so that what else the machine does costs little; two threads,
and whole programs, by the clock.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
NETWORKS = ["dense-1024", "dense-4096", "sparse-10000"]
KEPT = ["events_per_step", "input_activity", "output_spikes", "read", "compile", "step"]
ACTIVITIES = (0, 1, 5, 20)
PUBLISHED = ["cnn_sinabs", "braille_noDelay_bias_zero", "braille_noDelay_noBias_subtract"]

# Where two threads are to gain: batches, and weights that are read from memory.
THREADED = [f"{PUBLISHED[0]}/batch:32",
            *(f"{network}/activity:{a}/batch:32" for network in NETWORKS for a in ACTIVITIES[1:]),
            *(f"dense-4096/activity:{a}/batch:1" for a in ACTIVITIES[1:])]


def say(text):
    print(text, file=sys.stderr, flush=True)


def run_json(command, env):
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return json.loads(done.stdout)


def timed(command, env):
    """A whole program, by the clock and by the processor time of it and of what it starts."""
    start = time.perf_counter()
    child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {child.returncode}")
    return {"seconds": seconds, "cpu_seconds": usage.ru_utime + usage.ru_stime, "bytes": usage.ru_maxrss * 1024}


def case_of(name):
    """'nirc/dense-1024/activity:5/batch:1/cores:2/process_time/real_time' without what the library adds, and its
    threads."""
    name = re.sub(r"/(process_time|real_time)", "", name)
    threads = re.search(r"(?:cores|threads):(\d+)", name)
    return name, int(threads.group(1)) if threads else 1


def benchmark_results(report):
    """name -> result, of Google Benchmark's JSON."""
    results = {}
    for row in report["benchmarks"]:
        name, threads = case_of(row["name"])
        real, cpu = (row[key] * UNITS[row["time_unit"]] for key in ("real_time", "cpu_time"))
        # The library's rates are by the clock.
        busy = cpu if threads == 1 and cpu > 0 else real
        result = {key: row[key] * real / busy
                  for key in ("steps", "sample_steps", "events", "bytes_per_second") if key in row}
        result.update({key: row[key] for key in KEPT if key in row})
        result.update(run_seconds=busy, clock_seconds=real)
        if result.get("steps"):
            result["seconds"] = 1 / result["steps"]
        results[name] = result
    return results


class Measurement:
    """Rounds of everything: `rounds[i][name]` is a result. What is compared is measured within a minute."""

    def __init__(self, build, data, inputs, quick):
        self.build, self.data, self.inputs, self.quick = build, data, inputs, quick
        # No user's cache: what is measured as a first start is one.
        self.env = {**os.environ, "NIRC_REFERENCE_DATA": data, "NIRC_CACHE_MIB": "0"}
        self.rounds, self.caches, self.torch_missing = [], [], None
        self.genn_missing = None
        self.profile = ""
        self.has_data = os.path.isdir(data)

    def report(self, pattern, seconds, *arguments):
        """Google Benchmark's JSON of the cases that match."""
        report = run_json([f"{self.build}/bin/bench-cpu", f"--benchmark_filter={pattern}", "--benchmark_format=json",
                           f"--benchmark_min_time={seconds}", *arguments], self.env)
        for row in report["benchmarks"]:
            if row.get("error_occurred"):
                sys.exit(f"{row['name']}: {row['error_message']}")
        return report

    def bench(self, pattern):
        report = self.report(pattern, 0.05 if self.quick else 0.2)
        self.caches = report["context"]["caches"]
        return benchmark_results(report)

    def script(self, name, arguments):
        """The lines of JSON that a script beside this one prints, or why there are none."""
        command = [sys.executable, f"{os.path.dirname(os.path.abspath(__file__))}/{name}", *arguments,
                   "--seconds", "0.2" if self.quick else "1"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode == 77:
            return [], done.stderr.strip().splitlines()[-1]
        if done.returncode != 0:
            sys.exit(done.stderr.strip())
        # What GeNN's build prints stands between.
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], None

    def genn(self, network):
        if self.genn_missing:
            return {}
        rows, self.genn_missing = self.script("genn_loop.py", [self.inputs, network])
        results = {}
        for row in rows:
            steps = row["steps"] / row["cpu"]
            results[f"genn/{network}/activity:{round(100 * row['activity'])}"] = {
                "seconds": 1 / steps, "steps": steps, "sample_steps": steps, "events": steps * row["events_per_step"]}
        return results

    def torch(self, network):
        if self.torch_missing:
            return {}
        rows, self.torch_missing = self.script("pytorch_loop.py", [self.data, self.inputs, "--only", network])
        results = {}
        for row in rows:
            seconds = row["cpu"] if row["threads"] == 1 else row["wall"]
            steps = row["steps"] / seconds
            results[f"torch/{network}/batch:{row['batch']}/cores:{row['threads']}"] = {
                "seconds": 1 / steps, "steps": steps, "sample_steps": steps * row["batch"],
                "output_spikes": row["spikes"]}
        return results

    def round(self):
        results = {"load": {"average": os.getloadavg()[0]}}
        for network in NETWORKS[:1] if self.quick else NETWORKS:
            say(f"  {network}")
            results.update(self.bench(f"/{network}/"))
            results.update(self.genn(network))
        for network in (PUBLISHED[:2] if self.quick else PUBLISHED) if self.has_data else []:
            say(f"  {network}")
            results.update(self.bench(f"/{network}/"))
            results.update(self.torch(network))
        say("  read bandwidth")
        results.update(self.bench("^read/"))
        say("  threads, by turns")
        results.update(self.by_turns())
        self.rounds.append(results)

    def by_turns(self):
        """The cases of THREADED with one thread and with two, in random order and many times over: a machine that is
        shared changes within seconds. With them what tells why: how long a barrier between two threads takes, and what they
        read from memory."""
        cases = "|".join(f"nirc/{case}/cores:[12]" for case in THREADED
                         if not self.quick or case.startswith(("dense-1024", PUBLISHED[0])))
        report = self.report(f"^({cases}|read/memory|meet)", 0.03,
                             f"--benchmark_repetitions={3 if self.quick else 20}",
                             "--benchmark_enable_random_interleaving=true")
        seconds = {}
        for row in report["benchmarks"]:
            if row["run_type"] == "iteration":
                clock = row.get("meeting_seconds", row["real_time"] * UNITS[row["time_unit"]])
                seconds.setdefault(case_of(row["name"])[0], []).append(clock)
        return {f"turns/{name}": {"clock_seconds": min(each), "median": statistics.median(each), "most": max(each)}
                for name, each in seconds.items()}

    def programs(self):
        """The time from the file to the first step, and the most memory, of `nirc run`, as one more name each."""
        runs = {"dense-1024": ["dense-1024.nir", "constant:0"]}
        if not self.quick:
            runs["sparse-10000"] = ["sparse-10000.nir", "constant:0"]
            runs["sparse-10000-gzip"] = ["sparse-10000-gzip.nir", "constant:0"]
        if self.has_data:
            runs["cnn_sinabs"] = [f"{self.data}/nir-paper/cnn_sinabs.nir", f"{self.data}/nmnist/5.bin"]
        for name, (model, source) in runs.items():
            step = "--bin" if source.endswith(".bin") else "--dt"
            command = [f"{self.build}/bin/nirc", "run", os.path.join(self.inputs, model), "--input", source, step, "1ms",
                       "--steps", "1", "--quiet"]
            for results in self.rounds:
                results[f"run/{name}"] = self.program(command)
            if name == "cnn_sinabs":
                self.profile = self.profile_of(command)

    def profile_of(self, command):
        """What `nirc run --profile` says of it, where there is such an option."""
        text = subprocess.run([command[0], "run", "--help"], stdout=subprocess.PIPE, text=True).stdout
        if "--profile" not in text:
            return ""
        command = [word for word in command if word != "--quiet"] + ["--profile"]
        return subprocess.run(command, env=self.env, stdout=subprocess.PIPE, text=True).stdout

    def program(self, command):
        return timed(command, self.env)
