"""Prints what map.test looks for in the output of `nirc map --json`."""
import json
import sys

report = json.load(sys.stdin)
limits = {resource["name"]: resource["limit"] for resource in report["resources"]}


def pairs(routes):
    return [[route["to"], route["sources"]] for route in routes]


print(f"on {report['target']}, at least {report['least_cores']}")
for core in report["cores"]:
    nodes = ", ".join(f"{node['node']} {node['ranges']}" for node in core["nodes"])
    name, used = next(iter(core["used"].items()))
    print(f"core {core['core']}: {nodes}, to {pairs(core['routes'])}, {name} {used} of {limits[name]}")
print("input to", pairs(report["inputs"]))
