#!/usr/bin/env bash
# Builds with counters in ir/, dialects/ and passes/, into build-coverage/, runs the tests that are about them, and prints how many of
# their lines ran: for each folder, and for each file below 90 %. Fails where one of the three is below 90 %.
#
# usage: scripts/coverage.sh [--no-conformance]
#     --no-conformance  without the tests on random networks, which take the most of it
#
# It takes three quarters of an hour on two idle cores and is no part of scripts/test.sh. Code of the reading process counts where a
# test reads in its own process: a child that is confined leaves no counts.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh
programs="test-ir test-dialects test-passes test-api test-conformance"
if [ "${1:-}" = --no-conformance ]; then
  programs="test-ir test-dialects test-passes test-api"
fi

configure build-coverage -DNIRC_COVERAGE=ON >/dev/null
# shellcheck disable=SC2086
ninja -C build-coverage nirc nirc-read nir-opt test-opt nir-roundtrip $programs

# A file for each program, to which its runs add.
rm -rf build-coverage/profiles
export LLVM_PROFILE_FILE=$PWD/build-coverage/profiles/%4m.profraw NIRC_CACHE_MIB=0
for program in $programs; do
  build-coverage/bin/$program --gtest_brief=1 || echo "warning: $program fails"
done
"$(llvm-config-22 --bindir)/lit" -s build-coverage/tests/dialects build-coverage/tests/passes || echo "warning: lit fails"

llvm-profdata-22 merge -sparse build-coverage/profiles/*.profraw -o build-coverage/all.profdata
objects=(build-coverage/lib/libnirc.so build-coverage/bin/nir-opt)
for program in $programs; do
  objects+=("build-coverage/bin/$program")
done
llvm-cov-22 export -summary-only -instr-profile=build-coverage/all.profdata "${objects[@]/#/-object=}" \
  >build-coverage/coverage.json
python3 scripts/coverage.py build-coverage/coverage.json
