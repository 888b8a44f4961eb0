#!/usr/bin/env bash
# Installs what the tests need, builds everything, checks the format, and runs every test. Run from anywhere.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

install_packages
git ls-files '*.cpp' '*.h' | xargs clang-format-22 --dry-run --Werror
configure build
build build
ctest --test-dir build --output-on-failure -j 2
scripts/sanitize.sh
