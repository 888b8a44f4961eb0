"""Networks of each kind of neuron, in all number formats and under all semantics, for scripts that prove their code."""
import re
import subprocess

import h5py
import numpy as np

STEP = "1ms"
FORMATS = ["int8", "int4", "int16", "loihi2", "q3.4", "q7.8", "int8,rounding=stochastic", "int8,kept-bits=6",
           "int8,kept-bits=8,kept-levels=dense", "int8,membrane-overflow=wrap"]
FEW = [("LIF", "own", "int8", "nir"), ("CubaLIF", "own", "loihi2", "loihi2"), ("LIF", "own", "int8", "sinabs"),
       ("CubaLI", "uniform", "int4", "norse"), ("IF", "own", "q3.4", "spikingjelly"),
       ("LI", "uniform", "int8,rounding=stochastic", "snntorch")]


# Networks

def neurons(kind, own):
    """The parameters of three neurons: of their own, or all alike."""
    def of(*values):
        return np.array(values if own else values[:1] * 3)

    tau, synapse, r, leak = of(0.02, 0.013, 0.031), of(0.005, 0.007, 0.0041), of(1.3, 0.9, 1.1), of(0.05, 0.0, -0.02)
    spiking = {"v_threshold": of(1.0, 0.8, 1.25), "v_reset": of(0.1, 0.0, -0.1)}
    cuba = {"tau_syn": synapse, "tau_mem": tau, "r": r, "v_leak": leak, "w_in": of(1.5, 1.0, 0.7)}
    return {"I": {"r": r}, "IF": {"r": r, **spiking}, "LI": {"tau": tau, "r": r, "v_leak": leak},
            "LIF": {"tau": tau, "r": r, "v_leak": leak, **spiking}, "CubaLI": cuba, "CubaLIF": {**cuba, **spiking},
            "Threshold": {"threshold": spiking["v_threshold"]}}[kind]


KINDS = ["I", "IF", "LI", "LIF", "CubaLI", "CubaLIF", "Threshold"]


def write_network(path, kind, own):
    """in -> weights -> the neurons -> weights -> LIF -> out. Numbers are rescaled before the second weights."""
    ones = np.ones(3)
    nodes = {
        "in": {"type": "Input", "shape": np.array([3])},
        "first": {"type": "Linear", "weight": np.array([[0.9, -0.4, 0.31], [0.22, 0.7, -0.15], [0.5, 0.45, 0.6]])},
        "neurons": {"type": kind, **neurons(kind, own)},
        "second": {"type": "Linear", "weight": np.array([[0.8, -0.3, 0.2], [0.1, 0.6, -0.5], [0.4, 0.3, 0.7]])},
        "last": {"type": "LIF", "tau": 0.02 * ones, "r": ones, "v_leak": 0 * ones, "v_threshold": ones, "v_reset": 0 * ones},
        "out": {"type": "Output", "shape": np.array([3])},
    }
    names = list(nodes)
    with h5py.File(path, "w") as file:
        file["version"] = "1.0.8"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        graph["edges"] = [[a, b] for a, b in zip(names, names[1:])]
        for name, node in nodes.items():
            group = graph.create_group(f"nodes/{name}")
            for key, value in node.items():
                group[key] = value


def semantics_of(nirc):
    """All presets that have steps."""
    listed = subprocess.run([nirc, "semantics"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [name for name in re.findall(r"^(\S+) {2,}\S", listed, re.MULTILINE) if name != "exact"]
