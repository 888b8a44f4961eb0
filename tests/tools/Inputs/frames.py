"""Events in several files, networks that pass them on, and what a run makes of them: `frames.py` writes, `frames.py check` compares
what `nirc run` wrote with what NumPy counts."""
import sys

import h5py
import numpy as np

HEIGHT, WIDTH = 3, 4


def network(name, shape):
    with h5py.File(name, "w") as file:
        file["version"] = "1.0.8"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        edges = [("input", "scale"), ("scale", "output")]
        graph.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
        for port, kind in (("input", "Input"), ("output", "Output")):
            graph[f"nodes/{port}/type"] = kind
            graph[f"nodes/{port}/shape"] = np.array(shape)
        graph["nodes/scale/type"] = "Scale"
        graph["nodes/scale/scale"] = np.ones(shape, dtype=np.float32)


def events():
    """t in µs, x, y, p: sorted, in 12.3 ms."""
    random = np.random.default_rng(7)
    t = np.sort(random.integers(300, 12300, 200))
    return t, random.integers(0, WIDTH, 200), random.integers(0, HEIGHT, 200), random.integers(0, 2, 200)


def shd():
    """Three recordings: times with 16 bits, channels, labels."""
    random = np.random.default_rng(8)
    times = [np.sort(random.uniform(0, 0.02, n)).astype(np.float16) for n in (5, 0, 9)]
    return times[::2], [random.integers(0, 6, len(t)).astype(np.uint16) for t in times[::2]], [4, 2]


def write():
    network("both.nir", (2, HEIGHT, WIDTH))
    network("one.nir", (1, HEIGHT, WIDTH))
    network("part.nir", (1, 2, 3))
    network("flat.nir", (2 * HEIGHT * WIDTH,))
    network("cochlea.nir", (6,))
    t, x, y, p = events()
    np.savetxt("x.csv", np.stack([x, y, p, t / 1000], 1), "%d,%d,%d,%.3f", header="x,y,p,t_ms", comments="")
    np.savez("ns.npz", t_ns=t * 1000 + 999, x=x.astype(np.uint8), y=y, p=p.astype(bool), note=np.zeros((2, 2)))
    np.savez_compressed("packed.npz", np.rec.fromarrays([t + 1605537493718345, x, y, p * 2 - 1], names="t,x,y,p"))
    np.savez_compressed("arrays.npz", frames=time_frames("both")[0], other=np.zeros(3))
    np.save("in-seconds.npy", np.rec.fromarrays([t / 1e6, x, y, p], names="t_s,x,y,p"))
    times, units, labels = shd()
    with h5py.File("shd.h5", "w") as file:
        for name, lists, kind in (("times", times, np.float16), ("units", units, np.uint16)):
            file.create_dataset(f"spikes/{name}", (len(lists),), h5py.vlen_dtype(kind))
            for i, values in enumerate(lists):
                file[f"spikes/{name}"][i] = values
        file["labels"] = np.array(labels, dtype=np.uint16)


def time_frames(polarity, step=1000):
    t, x, y, p = events()
    channels = 2 if polarity == "both" else 1
    frames = np.zeros((t[-1] // step + 1, channels, HEIGHT, WIDTH))
    for i in range(len(t)):
        weight = {"both": 1, "merged": 1, "on": p[i], "off": 1 - p[i], "signed": 2 * p[i] - 1}[polarity]
        frames[t[i] // step, p[i] if polarity == "both" else 0, y[i], x[i]] += weight
    return frames[None]


def voxels(position, steps):
    t, x, y, p = events()
    frames = np.zeros((1, steps, 1, HEIGHT, WIDTH))
    for step in range(steps):
        share = np.maximum(0, 1 - np.abs(step - position(t)))
        np.add.at(frames[0, step, 0], (y, x), share * (2 * p - 1))
    return frames


def counts(number):
    t, x, y, p = events()
    frames = np.zeros((1, -(-len(t) // number), 1, HEIGHT, WIDTH))
    for i in range(len(t)):
        frames[0, i // number, 0, y[i], x[i]] += 1
    return frames


def cochlea():
    frames = np.zeros((2, 21, 6))
    for sample, (times, units) in enumerate(zip(*shd()[:2])):
        for time, unit in zip(times, units):
            frames[sample, int(float(time) * 1000 + 1e-9), unit] += 1
    return frames


def check():
    t = events()[0]
    want = {
        "time": time_frames("both"),
        "ns": time_frames("both"),
        "seconds": time_frames("both"),
        "array": time_frames("both"),
        "flat": time_frames("both"),
        "on": time_frames("on"),
        "off": time_frames("off"),
        "signed": time_frames("signed"),
        "merged": time_frames("merged"),
        "crop": time_frames("merged")[..., 1:3, 1:4],
        "count": counts(30),
        "voxel": voxels(lambda t: t / 1000, -(-t[-1] // 1000) + 1),
        "voxel5": voxels(lambda t: 4 * (t - t[0]) / (t[-1] - t[0]), 5),
        "shd": cochlea(),
        "shd1": cochlea()[1:],
    }
    for name, frames in want.items():
        found = np.load(name + ".npy")
        found = found.reshape(frames.shape[0], -1, *frames.shape[2:])
        steps = min(frames.shape[1], found.shape[1])
        assert not found[:, steps:].any() and not frames[:, steps:].any(), name
        assert np.allclose(found[:, :steps], frames[:, :steps], atol=1e-5), (name, found.shape, frames.shape)
    print(f"{len(want)} are as NumPy counts them")


check() if sys.argv[1:] == ["check"] else write()
