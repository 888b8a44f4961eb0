#!/usr/bin/env bash
# Installs what the tests need, checks the format, builds everything, has clang-tidy look at what changed, and runs every
# test. Run from anywhere.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

install_packages
git ls-files '*.cpp' '*.h' | xargs clang-format-22 --dry-run --Werror
configure build
ninja -C build
scripts/tidy.sh # what changed
ctest --test-dir build --output-on-failure -j 2
grep -E ' MB, |to the first spikes' build/Testing/Temporary/LastTest.log # sizes of packages, and how soon each runs
scripts/sanitize.sh --files
