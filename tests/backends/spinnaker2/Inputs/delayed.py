"""Networks with Delays: behind 200 neurons, one of each element, and two ways from one source."""
import h5py
import numpy as np

rng = np.random.default_rng(1)


def lif(count):
    return {"type": "LIF", "tau": np.full(count, 0.01), "r": np.full(count, 10.0), "v_leak": np.zeros(count),
            "v_threshold": np.full(count, 1.0), "v_reset": np.zeros(count)}


def write(name, nodes, edges):
    with h5py.File(name, "w") as file:
        file["version"] = "1.0.8"
        root = file.create_group("node")
        root["type"] = "NIRGraph"
        for node, fields in nodes.items():
            group = root.create_group(f"nodes/{node}")
            for key, value in fields.items():
                group[key] = value
        root["edges"] = edges


def linear(rows, columns):
    return {"type": "Linear", "weight": rng.uniform(-0.1, 0.4, (rows, columns))}


count = 200
ends = {"input": {"type": "Input", "shape": np.array([count])}, "output": {"type": "Output", "shape": np.array([count])}}
write("behind-many.nir", {**ends, "fc": linear(count, count), "many": lif(count), "late": {"type": "Delay", "delay": np.full(count, 0.1)},
                          "diagonal": {"type": "Scale", "scale": np.full(count, 1.0)}, "lif": lif(count)},
      [["input", "fc"], ["fc", "many"], ["many", "late"], ["late", "diagonal"], ["diagonal", "lif"], ["lif", "output"]])
write("each.nir", {**ends, "first": {"type": "Delay", "delay": rng.integers(0, 60, count) * 1e-3}, "fc": linear(count, count),
                   "many": lif(count), "second": {"type": "Delay", "delay": rng.integers(0, 40, count) * 1e-3},
                   "fc2": linear(count, count), "lif": lif(count)},
      [["input", "first"], ["first", "fc"], ["fc", "many"], ["many", "second"], ["second", "fc2"], ["fc2", "lif"], ["lif", "output"]])
write("two-ways.nir", {**ends, "fc": linear(count, count), "many": lif(count), "late": {"type": "Delay", "delay": np.full(count, 0.005)},
                       "fc2": linear(count, count), "fc3": linear(count, count), "lif": lif(count)},
      [["input", "fc"], ["fc", "many"], ["many", "late"], ["late", "fc2"], ["many", "fc3"], ["fc2", "lif"], ["fc3", "lif"], ["lif", "output"]])
np.save("spikes.npy", rng.random((180, count)) < 0.05)
