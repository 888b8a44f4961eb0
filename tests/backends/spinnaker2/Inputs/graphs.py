"""graphs.py: writes small graphs to the current folder, some of which py-spinnaker2 cannot compute."""
import h5py
import numpy as np

F32 = np.float32


def write_node(group, node):
    for key, value in node.items():
        if key == "nodes":
            inner = group.create_group("nodes")
            for name, child in value.items():
                write_node(inner.create_group(name), child)
        elif key == "edges":
            group.create_dataset("edges", data=np.array(value, dtype=h5py.string_dtype()))
        elif isinstance(value, str):
            group.create_dataset(key, data=value, dtype=h5py.string_dtype())
        else:
            group.create_dataset(key, data=value)


def write(path, nodes, edges):
    """A graph as NIR 1.0.8 lays it out."""
    with h5py.File(path, "w") as file:
        file.create_dataset("version", data="1.0.8", dtype=h5py.string_dtype())
        write_node(file.create_group("node"), {"type": "NIRGraph", "nodes": nodes, "edges": edges})


def port(kind, n):
    return {"type": kind, "shape": np.array([n], np.int64)}


def neurons(kind, n, v_reset=0.0):
    one = np.ones(n, F32)
    spiking = {"v_threshold": one, "v_reset": one * F32(v_reset)}
    leaky = {"tau": one * F32(0.01), "r": one, "v_leak": one * 0}
    return {"type": kind, **{
        "LIF": {**leaky, **spiking},
        "LI": leaky,
        "CubaLIF": {"tau_syn": one * F32(2e-3), "tau_mem": one * F32(5e-3), "r": one, "v_leak": one * 0, "w_in": one, **spiking},
    }[kind]}


def linear(weight, bias=None):
    weight = np.asarray(weight, F32)
    extra = {} if bias is None else {"bias": np.asarray(bias, F32)}
    return {"type": "Linear" if bias is None else "Affine", "weight": weight, **extra}


def delay(*steps):
    return {"type": "Delay", "delay": np.asarray(steps, F32) * F32(1e-3)}


def chain(path, *nodes, size):
    """A row of nodes between an Input and an Output of `size`. Names are the type and the place: LIF2."""
    named = {"input": port("Input", 2), **{f"{node['type']}{i}": node for i, node in enumerate(nodes, 1)},
             "output": port("Output", size)}
    write(path, named, list(zip(list(named), list(named)[1:])))


def main():
    w, cells = linear([[4, -2], [3, 1]]), neurons("LIF", 2)
    chain("plain.nir", w, cells, size=2)
    chain("reset.nir", w, neurons("LIF", 2, v_reset=-0.25), size=2)
    chain("cuba.nir", w, neurons("CubaLIF", 2), size=2)
    chain("cuba-bias.nir", linear(w["weight"], [0.5, 0]), neurons("CubaLIF", 2), size=2)
    chain("longest.nir", delay(7, 0), w, cells, size=2)
    chain("late.nir", delay(8, 1), w, cells, size=2)
    chain("bias.nir", linear(w["weight"], [0.5, -0.25]), cells, size=2)
    chain("late-bias.nir", linear(w["weight"], [4, 0]), delay(3, 3), cells, size=2)
    chain("fraction.nir", linear(w["weight"], [0.3, 0]), delay(3, 3), cells, size=2)
    chain("read-out.nir", w, cells, linear([[2, -1]]), neurons("LI", 1), size=1)
    chain("middle.nir", w, neurons("LI", 2), linear([[2, -1]]), neurons("LIF", 1), size=1)
    chain("straight.nir", size=2)
    chain("weights.nir", linear([[4, -2], [3, 1]]), linear([[4, -2], [3, 1]]), cells, size=2)
    two = {"input": port("Input", 2), "large": linear([[64, 1], [1, 1]]), "small": linear([[1, 1], [1, 1]]), "loop": cells,
           "output": port("Output", 2)}
    write("two-scales.nir", two, [("input", "large"), ("large", "loop"), ("loop", "small"), ("small", "loop"), ("loop", "output")])
    direct = {"input": port("Input", 2), "a": linear([[2, -4], [3, 1]]), "LIF": cells, "output": port("Output", 2)}
    write("direct.nir", direct, [("input", "a"), ("a", "LIF"), ("input", "LIF"), ("LIF", "output")])
    skip = {"input": port("Input", 2), "a": w, "LIF1": cells, "b": linear(w["weight"], [0.5, 0]), "c": w, "LIF2": cells,
            "output": port("Output", 2)}
    write("skip.nir", skip, [("input", "a"), ("a", "LIF1"), ("LIF1", "b"), ("b", "LIF2"), ("input", "c"), ("c", "LIF2"),
                             ("LIF2", "output")])
    np.save("spikes.npy", (np.arange(80).reshape(40, 2) * 7 % 5 < 2).astype(np.uint8))


if __name__ == "__main__":
    main()
