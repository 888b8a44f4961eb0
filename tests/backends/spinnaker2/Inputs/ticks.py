"""The tick at 300 MHz that the slowest step of a profile takes at a cycle an instruction, and one that is too short by one."""
import json
import re
import sys

bases = [one["basis"] for one in json.load(open(sys.argv[1]))["profile"]["estimates"]]
most = max(int(found[1]) for found in (re.match(r"(\d+) instructions of .* the most of a step", basis) for basis in bases) if found)
print(f"TICK={most / 0.3:.3f}ns\nLESS={(most - 1) / 0.3:.3f}ns")
