#!/usr/bin/env bash
# clang-tidy over the sources that differ from BASE, in the order of how much changed, as many as begin within the time.
# Needs a build in build/, whose compile commands and precompiled headers it takes.
#
#   scripts/tidy.sh [--base REF] [--seconds N] [--all]
#     --base     compare with where this branch left REF; without it with where it left origin/main, or with HEAD~1 where that
#                is the same commit. What is not committed counts as changed.
#     --seconds  start no file after that time; 180 without it
#     --all      every source, however long it takes
set -euo pipefail
cd "$(dirname "$0")/.."

base=
seconds=180
all=
while [ $# -gt 0 ]; do
  case $1 in
    --base) base=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --all) all=1; shift ;;
    *) echo "error: $1: expected --base, --seconds or --all" >&2; exit 2 ;;
  esac
done

# The commit to compare with.
findBase() {
  local commit
  if [ -n "$base" ]; then
    git merge-base "$base" HEAD
  elif commit=$(git merge-base origin/main HEAD 2>/dev/null) && [ "$commit" != "$(git rev-parse HEAD)" ]; then
    echo "$commit"
  else
    git rev-parse -q --verify HEAD~1 || git rev-parse HEAD
  fi
}

# The sources to look at, one a line. A changed header is looked at through the source beside it.
sources() {
  if [ -n "$all" ]; then
    git ls-files '*.cpp'
    return
  fi
  git diff --numstat --diff-filter=d "$(findBase)" -- '*.cpp' '*.h' | sort -rn | cut -f3 | sed 's/\.h$/.cpp/' | awk '!seen[$0]++'
}

if [ ! -e build/compile_commands.json ]; then
  echo "error: build/compile_commands.json is absent; run scripts/quickstart.sh first" >&2
  exit 2
fi
export seconds all
check() {
  # What is not in the build (bench/, a header alone) has no compile command.
  if ! grep -q "\"file\": \".*/$1\"" build/compile_commands.json; then
    return 0
  fi
  if [ -z "$all" ] && [ "$(date +%s)" -ge "$deadline" ]; then
    echo "not looked at, as the time is over: $1"
    return 0
  fi
  echo "clang-tidy $1"
  clang-tidy-22 -p build --quiet "$1" 2> >(grep -v 'warnings\? generated\|^Suppressed\|^Use -header-filter' >&2 || true)
}
export -f check
deadline=$(($(date +%s) + seconds))
export deadline
sources | xargs -r -P "$(nproc)" -I{} bash -c 'check {}'
