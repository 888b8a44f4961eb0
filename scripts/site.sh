#!/usr/bin/env bash
# The docs as a site: the pages of the repository, the generated reference, search, and where BUILD has what is shown in browsers
# the page that opens any .nir (BUILD/web/dist/page) and a report of each example. Fails on a link that leads nowhere.
#
#   scripts/site.sh [BUILD [FOLDER]]    of the build in BUILD (build), into FOLDER/site (BUILD/site)
#
# Needs Debian's mkdocs-material. A browser shows FOLDER/site/index.html as it is; its search needs a server:
# python3 -m http.server -d build/site
set -euo pipefail
cd "$(dirname "$0")/.."

build=$(realpath "${1:-build}")
folder=$(realpath -m "${2:-$build}")
if ! command -v mkdocs >/dev/null; then
  echo "error: no mkdocs, expected that of Debian's mkdocs-material" >&2
  exit 1
fi
if [ -e "$build/web/dist/report.html" ]; then
  mkdir -p "$folder/reports"
  for model in lif two-layers recurrent moving-bar cart coincidence; do
    input=(--input "examples/$model.npy")
    if [ $model = coincidence ]; then
      input=(--input left=examples/coincidence-left.npy --input right=examples/coincidence-right.npy)
    fi
    "$build/bin/nirc" report "examples/$model.nir" "${input[@]}" --dt 1ms -o "$folder/reports/$model.html" -q
  done
fi
NIRC_SITE_REPORTS=$folder/reports /usr/bin/python3 scripts/site.py stage "$build" "$folder/site-pages"
NIRC_SITE_PAGES=$folder/site-pages mkdocs build --quiet --strict --site-dir "$folder/site"
/usr/bin/python3 scripts/site.py check "$folder/site"
