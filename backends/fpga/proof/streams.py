#!/usr/bin/env python3
"""Proves the streams inside the design: no beat is lost, doubled or overtaken, whatever the pauses on either side.

    python3 streams.py [--depth 8] [MODULE...]

For each buffer and each delay in streams.txt, a module that watches any one beat by its number: the beat that leaves as
the n-th is the one that entered as the n-th (behind the ends of steps that a delay starts with), a beat that waits stays as
it is, and no more leave than entered. For all inputs over that many cycles from the reset on. Needs yosys and cvc5. A line
for each module. Ends with 1 where one is wrong, and with 2 where one was not decided in time.
"""
import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time

WATCH = """
module watch (input wire clk, input wire in_valid, input wire [{top}:0] in_data, input wire out_ready);
  reg rst = 1'b1;
  always @(posedge clk) rst <= 1'b0;
  wire in_ready, out_valid;
  wire [{top}:0] out_data;
  {module} dut (.clk(clk), .rst(rst), .in_valid(in_valid), .in_data(in_data), .out_ready(out_ready),
                .in_ready(in_ready), .out_valid(out_valid), .out_data(out_data));
  (* anyconst *) wire [7:0] watched;
  reg [7:0] taken = 8'd0, given = 8'd0;
  reg [{top}:0] kept = {bits}'d0;
  reg waits = 1'b0;
  reg [{top}:0] waiting = {bits}'d0;
  always @(posedge clk) if (!rst) begin
    if (in_valid && in_ready) begin
      if (taken == watched) kept <= in_data;
      taken <= taken + 8'd1;
    end
    if (out_valid && out_ready) given <= given + 8'd1;
    waits <= out_valid && !out_ready;
    waiting <= out_data;
  end
  always @* if (!rst) begin
    assume (taken < 8'd200);
    assert ($unsigned(taken + 8'd{marks} - given) <= 8'd{places});
    if (out_valid) assert (taken + 8'd{marks} != given);
    if (waits) assert (out_valid && out_data == waiting);
    if (out_valid && given < 8'd{marks}) assert (out_data == {{1'b1, {{{top}{{1'b0}}}}}});
    if (out_valid && given >= 8'd{marks} && given - 8'd{marks} == watched && taken > watched)
      assert (out_data == kept);
  end
endmodule
"""


def ask(folder, arguments, limit):
    command = ["yosys-smtbmc", "-s", "cvc5", "--presat", "--noprogress", *arguments, "watch.smt2"]
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        return child.wait(timeout=limit) == 0
    except subprocess.TimeoutExpired:
        return None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)  # the solver too
            child.wait()


def prove(module, bits, marks, places, depth, limit):
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/watch.v", "w") as file:
            file.write(WATCH.format(module=module, bits=bits, top=bits - 1, marks=marks, places=places))
        source = os.path.join(here, "..", "rtl", module + ".v")
        script = (f"read_verilog -formal {source} watch.v; prep -flatten -top watch; memory_map; "
                  "async2sync; opt -full; dffunmap; write_smt2 -wires watch.smt2")
        made = subprocess.run(["yosys", "-q", "-p", script], cwd=folder, capture_output=True, text=True)
        if made.returncode != 0:
            return "yosys refuses it: " + made.stderr.strip().splitlines()[-1]
        found = ask(folder, ["-t", str(depth)], limit)
        if found is None:
            return f"not decided in {limit} s"
        return f"holds for {depth} cycles" if found else "WRONG"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--depth", type=int, default=8)
    parser.add_argument("--limit", type=int, default=300, help="seconds for each")
    parser.add_argument("modules", nargs="*")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    worst = 0
    with open(os.path.join(here, "streams.txt")) as file:
        for line in file:
            module, bits, marks, places = line.split()
            if options.modules and module not in options.modules:
                continue
            start = time.monotonic()
            said = prove(module, int(bits), int(marks), int(places), options.depth, options.limit)
            worst = worst if said.startswith("holds") else 2 if said.startswith("not decided") and worst != 1 else 1
            print(f"{module:32} {said:24} {time.monotonic() - start:.1f} s", flush=True)
    sys.exit(worst)


main()
