#!/usr/bin/python3
"""Writes what the fuzzers start from, into DIR/TARGET/: small files of every format, made here and of examples/.

usage: python3 tests/fuzz/libfuzzer/seeds.py DIR

The corpora of tests/fuzz/corpus/ began with these; scripts/fuzz.sh --minimize keeps of what was found since then what reaches code
that nothing else reaches. With `nirc` on the PATH it adds files that nirc writes, and DIR/TARGET.dict, the words of texts, which
belong beside this file."""
import gzip
import io
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
OUT = pathlib.Path(sys.argv[1])


def seed(target, name, data):
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


# .nir files as Hdf5Lines.h writes them.
KINDS = {"float16": "h", "float32": "f", "float64": "d", "int8": "b", "uint8": "B", "int32": "I", "int64": "L", "bool": "E"}


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def lines_of(group, path=""):
    lines = []
    for name, item in group.items():
        at = f"{path}{name}"
        if isinstance(item, h5py.Group):
            lines.append(at)
            lines += lines_of(item, at + "/")
            continue
        value = item[()]
        if isinstance(value, (bytes, str)):
            lines.append(f"{at} t {text(value)}")
            continue
        value = np.asarray(value)
        if value.size > 64:  # as small
            value = value.flat[:4]
        shape = "x".join(map(str, value.shape)) or "-"
        words = " ".join(text(v) for v in value.flat)
        lines.append(f"{at} {KINDS.get(str(value.dtype), 'S')} {shape} {words}")
    return lines


for name in ["lif", "two-layers", "recurrent", "coincidence", "moving-bar"]:
    with h5py.File(ROOT / f"examples/{name}.nir") as file:
        seed("read-graph", name, "\n".join(lines_of(file)))
    if name in ("lif", "recurrent"):
        seed("confined", name, b"\0" + (ROOT / f"examples/{name}.nir").read_bytes())

ALL = {
    "Affine": "weight f 2x3 1 2 3 4 5 6|bias f 2 1 1",
    "Linear": "weight d 2x3 1 2 3 4 5 6",
    "Scale": "scale f 3 1 2 3",
    "Conv1d": "input_shape L - 8|weight f 2x1x3 1 2 3 4 5 6|stride L - 1|padding L - 1|dilation L - 1|groups L - 1|bias f 2 0 0",
    "Conv2d": "input_shape L 2 5 5|weight f 2x1x2x2 1 2 3 4 5 6 7 8|stride L 2 1 1|padding t same|dilation L 2 1 1|groups L - 1|bias f 2",
    "SumPool2d": "kernel_size L 2 2 2|stride L 2 2 2|padding L 2 0 0",
    "AvgPool2d": "kernel_size L 2 2 2|stride L 2 2 2|padding L 2 0 0",
    "Flatten": "start_dim L - 0|end_dim L - -1|input_type L 3 1 2 2",
    "Delay": "delay d 3 0.001 0.002 0",
    "Threshold": "threshold f 3 1 1 1",
    "I": "r f 3 1 1 1",
    "IF": "r f 3 1 1 1|v_threshold f 3 1 1 1|v_reset f 3 0 0 0",
    "LI": "tau f 3 0.1 0.1 0.1|r f 3 1 1 1|v_leak f 3 0 0 0",
    "LIF": "tau f 3 0.1 0.1 0.1|r f 3 1 1 1|v_leak f 3 0 0 0|v_threshold f 3 1 1 1|v_reset f 3 0 0 0",
    "CubaLI": "tau_syn f 3 1 1 1|tau_mem f 3 1 1 1|r f 3 1 1 1|v_leak f 3 0 0 0|w_in f 3 1 1 1",
    "CubaLIF": "tau_syn f 3 1 1 1|tau_mem f 3 1 1 1|r f 3 1 1 1|v_leak f 3 0 0 0|v_threshold f 3 1 1 1|w_in f 3 1 1 1",
}
for kind, parameters in ALL.items():
    lines = ["version t 1.0.8", "node/type t NIRGraph", "node/nodes/n/type t " + kind]
    lines += [f"node/nodes/n/{p}" for p in parameters.split("|")]
    lines += ["node/nodes/in/type t Input", "node/nodes/in/shape L 1 3", "node/nodes/out/type t Output", "node/nodes/out/shape L 1 3",
              "node/edges S 2x2 in n n out"]
    seed("read-graph", kind, "\n".join(lines))
seed("read-graph", "nested", """version T 0.2
node/type T NIRGraph
node/edges S 2x2 input sub sub.out output
node/metadata/dt d - 1e-4
node/metadata/names S 2 a b
node/nodes/input/type T Input
node/nodes/input/shape L 1 3
node/nodes/sub/type T NIRGraph
node/nodes/sub/edges S 2x2 in a/b a/b out
node/nodes/sub/nodes/in/type T Input
node/nodes/sub/nodes/in/shape L 1 3
node/nodes/sub/nodes/out/type T Output
node/nodes/sub/nodes/out/shape L 1 3
node/nodes/sub/nodes/a/b/type T Scale
node/nodes/sub/nodes/a/b/scale z 3 1 2 3
node/nodes/output/type T Output
node/nodes/output/shape L 1 3
node/nodes/again =node/nodes/sub/nodes/a/b
node/nodes/soft ~node/nodes/input""")

GRID = """nodes/lif/observables/v/data d 1x4x2 1 2 3 4
nodes/lif/observables/v/dt d - 0.001
nodes/lif/observables/s/idx L 1x3 0 1 -1
nodes/lif/observables/s/time d 1x3 0.1 0.2 inf
nodes/lif/observables/s/n_neurons L - 2
nodes/lif/observables/s/t_max d - 1
nodes/lif/observables/w/idx L 1x3 0 1 -1
nodes/lif/observables/w/time d 1x3 0.1 0.2 inf
nodes/lif/observables/w/value d 1x3 5 6 0
nodes/lif/observables/w/n_neurons L - 2
nodes/lif/observables/w/t_max d - 1
@nirc.tool T test
"""
seed("read-data", "grid", GRID)
seed("read-data", "shd", "spikes/times v 3 0 2\nspikes/units v 3 0 2\nlabels B 3 1 2 3\nextra/speaker B 3")

# Arrays.
rng = np.random.default_rng(1)
small = rng.integers(0, 2, (4, 3))
for dtype in ["?", "<i1", "<u1", "<i2", ">i4", "<i8", "<u8", "<f2", ">f4", "<f8"]:
    seed("npy", dtype.replace("<", "l").replace(">", "b").replace("?", "bool"), npy(small.astype(dtype)))
seed("npy", "fortran", npy(np.asfortranarray(small)))
seed("npy", "scalar", npy(np.float32(1.5)))


def npz(packing, **arrays):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for key, array in arrays.items():
            archive.writestr(key + ".npy", npy(array))
    return out.getvalue()


seed("npz", "stored", b"a\n" + npz(zipfile.ZIP_STORED, a=small, b=small))
seed("npz", "packed", b"\n" + npz(zipfile.ZIP_DEFLATED, a=small))

# Events.
t = np.arange(5) * 100
x, y, p = rng.integers(0, 34, 5), rng.integers(0, 34, 5), rng.integers(0, 2, 5)
FORMATS = ["aedat2", "aedat3", "aedat4", "evt2", "evt21", "evt3", "dat", "nmnist", "npy", "npz", "csv"]


def events(name, fmt, data):
    data = data.encode() if isinstance(data, str) else data
    seed("events", name, bytes([FORMATS.index(fmt), 1]) + data)


fields = np.zeros(5, dtype=[("t", "<i8"), ("x", "<u2"), ("y", "<u2"), ("p", "u1")])
fields["t"], fields["x"], fields["y"], fields["p"] = t, x, y, p
events("npy", "npy", npy(fields))
events("npz", "npz", npz(zipfile.ZIP_STORED, t=t, x=x, y=y, p=p))
events("csv", "csv", "t_us,x,y,p\n" + "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in zip(t, x, y, p)))
events("csv-plain", "csv", "".join(f"{b} {c} {d} {a / 1e6}\n" for a, b, c, d in zip(t, x, y, p)))
events("nmnist", "nmnist", b"".join(bytes([b, c, d << 7 | (a >> 16), a >> 8 & 255, a & 255])
                                    for a, b, c, d in zip(t.tolist(), x.tolist(), y.tolist(), p.tolist())))
events("dat", "dat", b"% Data file\n% Version 2\n% Width 34\n% Height 34\n\x0c\x08"
       + b"".join(struct.pack("<II", int(a), int(b) | int(c) << 14 | int(d) << 28) for a, b, c, d in zip(t, x, y, p)))
events("aedat2", "aedat2", b"#!AER-DAT2.0\r\n# AEChip: DVS128\r\n"
       + b"".join(struct.pack(">II", int(c) << 8 | int(b) << 1 | int(d), int(a)) for a, b, c, d in zip(t, x, y, p)))
body = b"".join(struct.pack("<II", int(b) << 17 | int(c) << 2 | int(d) << 1 | 1, int(a)) for a, b, c, d in zip(t, x, y, p))
events("aedat3", "aedat3", b"#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n"
       + struct.pack("<HHIIIIII", 1, 1, 8, 4, 0, 5, 5, 5) + body)
events("evt2", "evt2", b"% evt 2.0\n% format EVT2;width=34;height=34\n% end\n" + struct.pack("<I", 8 << 28 | 1)
       + b"".join(struct.pack("<I", int(d) << 28 | (int(a) & 63) << 22 | int(b) << 11 | int(c)) for a, b, c, d in zip(t, x, y, p)))
events("evt21", "evt21", b"% evt 2.1\n% format EVT21;width=34;height=34\n% end\n" + struct.pack("<Q", 8 << 60 | 1 << 32)
       + b"".join(struct.pack("<Q", int(d) << 60 | (int(a) & 63) << 54 | (int(b) & ~31) << 43 | int(c) << 32 | 5)
                  for a, b, c, d in zip(t, x, y, p)))
events("evt3", "evt3", b"% evt 3.0\n% format EVT3;width=34;height=34\n% end\n"
       + struct.pack("<HHHHHHHH", 0x8001, 0x6010, 0x0005, 0x2803, 0x3805, 0x4fff, 0x50ff, 0x2004))
events("aedat4", "aedat4", b"#!AER-DAT4.0\r\n" + bytes(64))

# IDX, plain and packed.
idx = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3]) + bytes(range(12))
seed("idx", "plain", idx)
seed("idx", "packed", gzip.compress(idx, mtime=0))

# Tables: the first byte picks reader and layout.
seed("csv", "plain", b"\x00step,a,b\n0,1,0\n1,0,1\n")
seed("csv", "columns", b"\x011-2\n0,1,0\n1,0,1\n")
seed("csv", "spikes", b"\x0atime_ms;neuron\n0.5;1\n2;0\n")
seed("csv", "events", b"\x0asample,time,neuron\n0,1,1\n1,2,0\n")
seed("csv", "results", b'\x07# nirc {"dt": 0.001}\nstep,time (s),out.spikes[0],out.spikes[1]\n0,0,1,0\n1,0.001,0,1\n')

# Texts.
for i, word in enumerate(["count:5000", "voxel:5", "signed", "first", "346x260", "128x128+10+20", "latency:5ms", "delta:0.2", "rate",
                          "1.5kHz", "0.1ms", "100us", "x.npz:frames", "x.h5#0-99", "events-csv:x.csv", "x.csv:1-3", "TBN"]):
    seed("options", f"{i:02}", word + "\n")
for i, word in enumerate(["nir", "norse,reset=subtract,CubaLIF.current=old,dt=1e-4", "snntorch", "lava", "nir,late=a:b+c:d", "loihi2",
                          "norse[v1,ignore=v_reset,reset=subtract]", "nir,floor=-0.25,ignore=r+w_in"]):
    seed("semantics", f"{i:02}", word)
for i, word in enumerate(["int8", "loihi2,scale=256", "q4.11", "int8,weight-bits=6[v1,weight-bits=6]", "spinnaker2,seed=7",
                          "int8,signal-range=percentile:99,rounding=stochastic,kept-bits=6,state-levels=dense"]):
    seed("number-format", f"{i:02}", word)


def words(target, found):
    """What libFuzzer puts in for a word of an input: NAME.dict in DIR, which belongs beside this file."""
    lines = ['"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in sorted(set(found)) if word.isascii() and word.isprintable()]
    (OUT / f"{target}.dict").write_text("\n".join(lines) + "\n")


def listed(*arguments):
    return json.loads(subprocess.run(["nirc", *arguments, "--json"], check=True, capture_output=True, text=True).stdout)


# What nirc writes and lists, where it is on PATH.
if shutil.which("nirc"):
    semantics, formats = listed("semantics"), listed("formats")
    words("semantics", [word for one in semantics for choice in one["choices"] for word in
                        (choice["name"] + "=", f",{choice['name']}={choice['value']}", one["preset"])])
    words("number-format", [word for one in formats for field in one["fields"] for word in
                            (field["name"] + "=", f",{field['name']}={field['value']}", one["preset"])])
    code = "\n".join(file.read_text() for file in sorted((ROOT / "dialects").rglob("*.td")))
    words("mlir-text", re.findall(r'"([a-z][a-z0-9_.]*)"', code) + re.findall(r"`([^`\n]{1,12})`", code) +
          ["arith.", "dense<", "tensor<", "!quant.uniform<", "!snn.spikes<", "dense_resource<", "f32", "f64", "i32", "i1", "index"])
    chips = json.loads((ROOT / "examples/chip-file/pocket.json").read_text())
    words("chip-file", list(chips) + [name for part in chips.values() if isinstance(part, dict) for name in part])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)

        def nirc(*arguments):
            subprocess.run(["nirc", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def written(folder, pattern):
            return next((scratch / folder).rglob(pattern)).read_bytes()

        for name in ["lif", "two-layers", "recurrent"]:
            model = ROOT / f"examples/{name}.nir"
            for ending, target in [("mlir", "mlir-text"), ("mlirbc", "mlir-bytecode")]:
                nirc("convert", model, scratch / f"{name}.{ending}")
                nirc("quantize", model, "--format=int8", "--dt=1ms", "-o", scratch / f"{name}-int8.{ending}")
                for made in [f"{name}.{ending}", f"{name}-int8.{ending}"]:
                    data = (scratch / made).read_bytes()
                    seed(target, made.split(".")[0], data[4:] if ending == "mlirbc" else data)  # the fuzzer adds the mark
            nirc("compile", model, "--target=loihi2", "--semantics=loihi2", "--format=loihi2", "--dt=1ms", "-o", scratch / f"{name}-l2/")
            seed("loihi2-image", name, written(f"{name}-l2", "*.loihi2"))
            nirc("compile", model, "--target=spinnaker2", "--semantics=spinnaker2", "--format=int8", "--dt=1ms", "-o", scratch / f"{name}-s2/")
            core, network = written(f"{name}-s2", "*.core"), written(f"{name}-s2", "network.*")
            seed("spinnaker2-image", name, struct.pack("<H", len(core)) + core + network)
        pocket = ROOT / "examples/chip-file/pocket.json"
        seed("chip-file", "pocket", b"\0" + pocket.read_bytes())
        nirc("compile", ROOT / "examples/two-layers.nir", f"--load-backend={pocket}", "--target=pocket", "--semantics=loihi2",
             "--format=pocket", "--dt=1ms", "-o", scratch / "chip/")
        seed("chip-file", "program", b"\1" + written("chip", "*.json"))
        nirc("compile", ROOT / "examples/lif.nir", "--target=fpga", "--format=int8", "--dt=1ms", "-o", scratch / "design/")
        seed("described", "design", b"\0" + (scratch / "design/report.json").read_bytes())
        nirc("compile", ROOT / "examples/lif.nir", "--emit=shared", "--dt=1ms", "-o", scratch / "library/")
        library = next((scratch / "library").rglob("*.so"))
        subprocess.run(["objcopy", "-O", "binary", "--only-section=.nirc", library, scratch / "section"], check=True)
        seed("described", "library", b"\1" + (scratch / "section").read_bytes())
