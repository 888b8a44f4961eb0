#!/usr/bin/python3
"""What designs of the fpga target take: LUTs, memories and DSP blocks as Yosys counts them, cycles as Verilator does.

    bench/fpga.py build/bin/nirc ../shared/data

Prints the table of docs/fpga.md. Needs python3-h5py, verilator and yosys; takes some minutes.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import h5py
import numpy


def write_mlp(path):
    """784-128-10 of LIF neurons with random weights, of which about one in ten fires in a step."""
    random = numpy.random.default_rng(1)
    with h5py.File(path, "w") as file:
        file["version"] = "1.0.8"
        node = file.create_group("node")
        node["type"] = "NIRGraph"
        edges = [("input", "fc1"), ("fc1", "lif1"), ("lif1", "fc2"), ("fc2", "lif2"), ("lif2", "output")]
        node.create_dataset("edges", data=numpy.array(edges, dtype="S"), dtype=h5py.string_dtype())
        nodes = node.create_group("nodes")

        def add(name, kind, **values):
            group = nodes.create_group(name)
            group["type"] = kind
            for key, value in values.items():
                group[key] = value

        add("input", "Input", shape=numpy.array([784]))
        add("output", "Output", shape=numpy.array([10]))
        for layer, (out, size) in enumerate([(128, 784), (10, 128)], 1):
            weight = random.normal(0.0, 1.0, (out, size)) * 10 / numpy.sqrt(size)
            add(f"fc{layer}", "Linear", weight=weight.astype(numpy.float32))
            ones = numpy.ones(out, dtype=numpy.float32)
            add(f"lif{layer}", "LIF", tau=ones * 4e-3, r=ones, v_leak=ones * 0, v_threshold=ones, v_reset=ones * 0)


def run(command, **options):
    return subprocess.run(command, check=True, text=True, capture_output=True, **options).stdout


def synthesized(folder, top):
    """Cells of synth_xilinx. A LUT RAM takes a LUT for each of its ports' bits: four of a RAM32M or RAM64M."""
    os.makedirs(f"{folder}/measured", exist_ok=True)
    run(["yosys", "-q", "-p", f"read_verilog ../rtl/*.v; synth_xilinx -family xc7 -flatten -top {top}; "
         "tee -q -o stat.json stat -json"], cwd=f"{folder}/measured")
    stat = json.load(open(f"{folder}/measured/stat.json"))
    cells = next(module["num_cells_by_type"] for name, module in stat["modules"].items() if name.endswith(top))
    count = lambda pattern: sum(n for cell, n in cells.items() if re.fullmatch(pattern, cell))
    ram = 4 * count(r"RAM\d+M") + 2 * count(r"RAM\d+X1D") + count(r"RAM\d+X1S|SRL16E|SRLC32E")
    return {"LUT": count(r"LUT[1-6]"), "LUT RAM": ram, "FF": count(r"FD.E"),
            "BRAM36": count("RAMB36E1") + count("RAMB18E1") / 2, "DSP": count("DSP48E1")}


def main():
    nirc, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as place:
        write_mlp(f"{place}/mlp.nir")
        braille = [f"{data}/nir-paper/braille_noDelay_bias_zero.nir", "--dt", "0.1ms", "--semantics", "snntorch"]
        designs = [
            ("Braille 12-38r-7", braille, "poisson:1500", []),
            ("Braille, 1 lane", braille, "poisson:1500", ["--lanes", "1"]),
            ("Braille, no DSP", braille, "poisson:1500", ["--device", "ice40-hx8k"]),
            ("MLP 784-128-10", [f"{place}/mlp.nir", "--dt", "1ms", "--semantics", "nir"], "poisson:50", []),
            ("MLP, 4 lanes", [f"{place}/mlp.nir", "--dt", "1ms", "--semantics", "nir"], "poisson:50", ["--lanes", "4"]),
        ]
        print("| design | events in a step | spikes out | cycles a step | of an answer (most) | LUT | LUT RAM | FF | BRAM36 | DSP |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for number, (name, model, source, more) in enumerate(designs):
            folder, steps = f"{place}/{number}", 200
            run([nirc, "compile", *model, "--target", "fpga", "--format", "int8", "--calibrate", source, "--steps",
                 str(steps), "-q", "-o", folder, *more])
            out = json.loads(run([nirc, "run", folder, "--input", source, "--steps", str(steps), "--profile", "--json"]))
            profile = out["profile"]
            rows = {row["node"]: row for row in profile["counts"]}
            top = json.load(open(f"{folder}/report.json"))["top"]
            cells = synthesized(folder, top)
            answer = profile["estimates"][0]
            mean = answer["basis"].split()[0]
            print(f"| {name} | {rows['input']['events'] / steps:.1f} | {rows['output']['events'] / steps:.1f} | "
                  f"{rows[top]['cycles'] / steps:.0f} | {mean} ({answer['most']:.0f}) | "
                  + " | ".join(f"{cells[key]:g}" for key in ("LUT", "LUT RAM", "FF", "BRAM36", "DSP")) + " |", flush=True)


main()
