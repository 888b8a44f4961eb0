"""Says in words what a report of `nirc quantize --json` holds: quantized.py REPORT."""
import json
import sys

report = json.load(open(sys.argv[1]))
nodes = {node["node"]: node for node in report["nodes"]}
print("format", report["format"])
weights = nodes["fc1"]["weights"]
print(f"weights of fc1: codes {weights['least']} to {weights['most']} of {weights['code_least']} to",
      f"{weights['code_most']}, {'some' if weights['clipped'] else 'none'} clipped")
state = nodes["lif1"]["states"][0]
print(f"states of lif1: {state['state']} of {state['bits']} bits,", "can overflow," if state["can_overflow"] else "",
      "saturated" if state["saturations"] else "never saturated")
output = next(trace for trace in report["against_float64"]["traces"] if trace["node"] == "output")
print("spikes of output", "are equal" if output["equal"] else "differ")
