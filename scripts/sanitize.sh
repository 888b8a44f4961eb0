#!/usr/bin/env bash
# Builds what reads input from outside with the address and undefined-behaviour sanitizers, into build-sanitize/, and runs its
# tests and its fuzzers.
#
# usage: scripts/sanitize.sh [--files | CASES]
#     --files  what reads .nir files alone: ir/. It takes a few minutes, and CI runs it
#     CASES    damaged files, images and networks, each; 600 where nothing is said
#
# Without --files it builds the dialects, the passes behind them and the readers of images too, in a quarter of an hour on two
# cores. LLVM's and MLIR's libraries are not instrumented: an error inside them is found only where it reaches memory of nirc. A
# container of the standard library or an allocator of LLVM that both sides use would be reported wrongly: container-overflow
# and allow_user_poisoning are off.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
programs="test-ir test-dialects test-fuzz"
cases=${1:-600}
if [ "$cases" = --files ]; then
  programs=test-ir
  cases=600
fi

configure build-sanitize -DNIRC_SANITIZE=ON -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1 -DCMAKE_C_FLAGS=-O1 \
  "-DNIRC_TARGETS_TO_BUILD=loihi2;reference;spinnaker2" >/dev/null
# shellcheck disable=SC2086
ninja -C build-sanitize nirc-read $programs
export ASAN_OPTIONS=detect_container_overflow=0:allow_user_poisoning=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1:abort_on_error=1
export NIRC_FUZZ_CASES=$cases
for program in $programs; do
  build-sanitize/bin/$program --gtest_brief=1 '--gtest_filter=-*HundredThousand*' # minutes of HDF5
done
