#!/usr/bin/env bash
# Runs the fuzzers that steer by what ran (tests/fuzz/libfuzzer), under the address and undefined-behaviour sanitizers, from the
# corpora in tests/fuzz/corpus. It builds them in build-sanitize/, as scripts/sanitize.sh does.
#
# usage: scripts/fuzz.sh [--files] [--minimize] [SECONDS] [TARGET...]
#     SECONDS     for each; 20 where nothing is said
#     TARGET      wire, npy, mlir, ...: these alone; else all, two at a time
#     --files     those of what ir/ and api/io read, which build in minutes: CI runs them
#     --minimize  afterwards keep in tests/fuzz/corpus what reaches something that nothing else does
#
# What is found on the way stays in build-sanitize/corpus, for the next run. A crash is a file there, and fails the script.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

group=all
minimize=
seconds=20
targets=()
for argument in "$@"; do
  case $argument in
    --files) group=files ;;
    --minimize) minimize=1 ;;
    *[!0-9]*) targets+=("$argument") ;;
    *) seconds=$argument ;;
  esac
done

configure build-sanitize -DNIRC_SANITIZE=ON -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1 -DCMAKE_C_FLAGS=-O1 \
  "-DNIRC_TARGETS_TO_BUILD=loihi2;reference;spinnaker2" >/dev/null
if [ ${#targets[@]} -eq 0 ]; then
  [ $group = all ] && ninja -C build-sanitize nirc-read fuzzers-files fuzzers-networks
  [ $group = files ] && ninja -C build-sanitize nirc-read fuzzers-files
  mapfile -t targets < <(cat build-sanitize/tests/fuzz/libfuzzer/fuzzers-files $([ $group = all ] && echo build-sanitize/tests/fuzz/libfuzzer/fuzzers-networks))
else
  ninja -C build-sanitize nirc-read "${targets[@]/#/fuzz-}"
fi

export ASAN_OPTIONS=detect_container_overflow=0:allow_user_poisoning=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1:abort_on_error=1
export seconds
fuzz() {
  local target=$1 found=build-sanitize/corpus/$1
  mkdir -p "$found" "tests/fuzz/corpus/$target"
  local words=tests/fuzz/libfuzzer/$target.dict
  if ! "build-sanitize/bin/fuzz-$target" "-max_total_time=$seconds" -timeout=20 -rss_limit_mb=1500 -malloc_limit_mb=600 \
    $([ -e "$words" ] && echo "-dict=$words") "-artifact_prefix=$found/" "$found" "tests/fuzz/corpus/$target" \
    >"build-sanitize/corpus/$target.log" 2>&1; then
    tail -40 "build-sanitize/corpus/$target.log"
    echo "$target: found something: build-sanitize/corpus/$target.log"
    return 1
  fi
  echo "$target: $(grep -E 'DONE' "build-sanitize/corpus/$target.log")"
}
export -f fuzz
printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} bash -c 'fuzz {}'

if [ -n "$minimize" ]; then
  for target in "${targets[@]}"; do
    old=tests/fuzz/corpus/$target new=build-sanitize/corpus/$target.least
    rm -rf "$new" && mkdir -p "$new"
    "build-sanitize/bin/fuzz-$target" -merge=1 -max_len=2048 "$new" "$old" "build-sanitize/corpus/$target" >/dev/null 2>&1
    rm -rf "$old" && mv "$new" "$old"
  done
  du -sh tests/fuzz/corpus
fi
