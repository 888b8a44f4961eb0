#!/bin/sh
# Draws the figures of docs/figures.md into the folder, docs/figures without one. A test compares them with what is there.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-docs/figures}
nirc=${NIRC:-build/bin/nirc}
images=/usr/share/datasets/fashion-mnist
mkdir -p "$folder"
two="examples/two-layers.nir --input examples/two-layers.npy --dt 1ms"
$nirc run $two --figure "$folder/raster.svg" --figure "$folder/voltages.svg" --figure "$folder/rates.svg" -q
$nirc run $two --figure "raster=$folder/raster-dark.svg" --dark -q
$nirc inspect examples/coincidence.nir --figure "$folder/graph.svg" > /dev/null
$nirc map examples/two-layers.nir --dt 1ms --target loihi2 --semantics loihi2 --format loihi2 --own-cores --figure "$folder/cores.svg" -q
$nirc quantize examples/recurrent.nir --dt 1ms --figure "$folder/ranges.svg" -q
$nirc explore $two --weight-bits 2,4,6,8 --state-bits 8,12 --rounding floor --figure "$folder/front.svg" -q
if [ -d $images ]; then
  $nirc eval examples/fashion-mnist/mlp.nir --images $images/t10k-images-idx3-ubyte.gz --labels $images/t10k-labels-idx1-ubyte.gz \
    --count 200 --figure "$folder/confusion.svg" -q > /dev/null
fi
