"""The protocol of conformance/adapters with a platform of its own, where neither NIR's library nor a platform is at hand: adapters.py FOLDER."""
import json
import pathlib
import subprocess
import sys

import h5py
import numpy as np

ADAPTERS = pathlib.Path(__file__).parents[3] / "conformance" / "adapters"

NIR = '''
class NIRGraph: pass
class Input: pass
class Output: pass

def read(path, type_check=True):
    if type_check and "unchecked" in str(path):
        raise ValueError("a check of NIR's own")
    graph, node = NIRGraph(), Input()
    node.input_type, node.tau = {"input": [2]}, __import__("numpy").array([0.5], "float32")
    graph.nodes = {"input": node, "output": Output()}
    return graph
'''

PLATFORM = '''
import sys
import protocol

def refused():
    assert False, "no such neuron"

def load():
    def simulate(task):
        if "refused" in task.path:
            refused()
        if "broken" in task.path:
            return {}["nothing"]
        if "slow" in task.path:
            while True:
                pass
        scaled = task.in_steps_of(1.0)
        assert abs(scaled.graph.nodes["input"].tau[0] - 500.0) < 1e-4, scaled.graph.nodes["input"].tau
        return {task.only_output(): {"value": 2 * task.only_input()}}
    return simulate

protocol.LONGEST = 2
protocol.main(load)
'''


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nir.py").write_text(NIR)
    (folder / "platform_of_tests.py").write_text(f"import sys\nsys.path.append({str(ADAPTERS)!r})\n" + PLATFORM)
    with h5py.File(folder / "input.nir", "w") as file:
        grid = file.create_group("nodes/input/observables/value")
        grid.attrs["dt"] = 1e-3
        grid["data"] = np.arange(6.0).reshape(1, 3, 2)

    def run(*arguments):
        return subprocess.run([sys.executable, folder / "platform_of_tests.py", "--source", folder, *arguments], capture_output=True,
                              text=True, timeout=60)

    for name, code, says in (("plain", 0, ""), ("unchecked", 0, ""), ("refused", 3, "unsupported: AssertionError: no such neuron"),
                             ("broken", 1, "failed: KeyError: 'nothing'"), ("slow", 1, "failed: TooLong: longer than 2 s")):
        done = run(folder / f"{name}.model", folder / "input.nir", folder / f"{name}.out")
        if done.returncode != code or not done.stderr.startswith(says):
            sys.exit(f"{name}: exit {done.returncode}, {done.stderr}")
    with h5py.File(folder / "plain.out") as file:
        grid = file["nodes/output/observables/value"]
        if grid.attrs["dt"] != 1e-3 or not np.array_equal(grid["data"], 2 * np.arange(6.0).reshape(1, 3, 2)):
            sys.exit(f"plain: {grid['data'][()]}, dt {grid.attrs['dt']}")
    names = ("plain", "refused", "broken")
    (folder / "list.json").write_text(json.dumps([{"model": str(folder / f"{name}.model"), "input": str(folder / "input.nir"),
                                                   "output": str(folder / f"{name}.listed")} for name in names]))
    done = run(folder / "list.json")
    found = sorted(path.name for path in folder.glob("*.listed*"))
    if done.returncode != 0 or found != ["broken.listed.failed", "plain.listed", "refused.listed.unsupported"]:
        sys.exit(f"a list: exit {done.returncode}, {found}, {done.stderr}")
    print("answers, refusals and failures as the protocol says")


main()
