#!/bin/sh
# Seals a version of the suite: writes these cases again. conformance/sealed/README.md says when.
set -eu
here=$(dirname "$0")
rm -rf "$here/cases"
nirc conformance export "$here/cases" \
  --only nodes/if/one-step \
  --only nodes/affine/square \
  --only nodes/conv1d/same-even \
  --only nodes/conv2d/kernel-2x3 \
  --only nodes/sumpool2d/overlapping \
  --only nodes/delay/per-element \
  --only nodes/threshold/tie \
  --only nodes/names/numbers
