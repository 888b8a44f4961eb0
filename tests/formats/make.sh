#!/bin/sh
# Writes one small file of every kind into FOLDER, with the nirc and the nir-opt that PATH finds. How the folders here were
# made, and how the next one is: what stands here stays as it is.
#
#     tests/formats/make.sh FOLDER
set -eu
examples=$(cd "$(dirname "$0")/../../examples" && pwd)
mkdir -p "$1"
cd "$1"

# The graph and its input, as the official library lays them out: norse reads neither r nor v_reset, so that nir and norse
# give other spikes.
/usr/bin/python3 - "$examples" <<'PYTHON'
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import make
import numpy as np

neurons = make.lif(3, 0.004)
neurons["r"] = np.array([0.5, 1.5, 2.0], np.float32)
neurons["v_reset"] = np.array([-0.5, 0.25, 0.5], np.float32)
weights = [[3.0, -1.0], [2.0, 4.0], [1.0, 1.5]]
nodes = {"in": make.port("Input", 2), "fc": make.affine(weights, 0.25), "lif": neurons, "out": make.port("Output", 3)}
make.write("plain.nir", make.graph(nodes, make.chain("in", "fc", "lif", "out")))
steps = ["10", "11", "01", "11", "10", "00", "11", "01", "10", "11", "11", "00", "11", "10", "01", "11"]
np.save("input.npy", np.array([[int(c) for c in step] for step in steps], np.uint8))
PYTHON

# Graphs, with and without what nirc says of their reading.
nirc convert plain.nir read.nir --dt 1ms --semantics norse,reset=subtract
nirc convert read.nir graph.mlir
nirc convert read.nir graph.mlirbc

# Clocked networks of floats and of integers.
nir-opt graph.mlir --discretize="semantics=norse,reset=subtract dt=1e-3" -o float.mlir
nir-opt float.mlir --emit-bytecode -o float.mlirbc
for form in mlir mlirbc; do
  nirc quantize read.nir --format int8,weight-bits=6 --calibrate input.npy -q -o integers.$form
done

# Results.
nirc run read.nir -i input.npy --record lif:v --target cpu -q -o run.csv
nirc run read.nir -i input.npy --record lif:v --target cpu -q -o run.nird
nirc run read.nir -i input.npy --record lif:v --target cpu -q -o run/
nirc run read.nir -i input.npy --format int8,weight-bits=6 -q -o run.npy

# Loihi 2's cores.
nirc compile plain.nir --dt 1ms --calibrate input.npy --target loihi2 --semantics loihi2 --format loihi2 --name chip -q -o .
