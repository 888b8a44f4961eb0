#!/usr/bin/env bash
# From a fresh clone on Debian 12 to spikes: installs what is missing, builds nirc into build/, and runs an example.
# Run again, it takes seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

install_packages
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! configure build >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
ninja -C build nirc nirc-read
echo
echo '$ build/bin/nirc run examples/two-layers.nir --input examples/two-layers.npy --dt 1ms --raster'
build/bin/nirc run examples/two-layers.nir --input examples/two-layers.npy --dt 1ms --raster
