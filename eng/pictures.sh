#!/usr/bin/env bash
# Makes the pictures of the README and the docs from the demo, so that they stay true. Needs chromium and all built (dotnet build -c Release).
#   usage: eng/pictures.sh DEMO_FOLDER     (made by: histonic demo --out DEMO_FOLDER; its folder maps receives a heat map)
set -euo pipefail
cd "$(dirname "$0")/.."
demo=$(realpath "$1")
pictures=docs/pictures
histonic=artifacts/bin/Histonic.Cli/release/histonic
slide=S0003
work=$(mktemp -d)
trap 'kill "${viewer:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

"$histonic" explain --run "$demo/runs/pattern" --features "$demo/features" --slides "$demo/cohort/slides" --slide "$slide" \
  --thumbnail 560 --out "$demo/maps" --quiet
cp "$demo/maps/$slide.png" "$pictures/heat-map.png"

"$histonic" view "$demo" --port 0 > "$work/said" &
viewer=$!
until grep -q http "$work/said"; do sleep 0.5; done
address=$(grep -o 'http://[^ ]*' "$work/said")
# how the viewer's addresses call what has a name
id() { printf %s "$1" | sha256sum | cut -c1-16; }
# the driver and the node that come with the browser tests
driver=$(realpath artifacts/bin/Histonic.EndToEndTests/release/.playwright)
"$driver"/node/*/node eng/pictures.js "$driver/package" "$pictures" "$address" "file://$demo/report.html" "$(id $slide)" "$(id runs/survival)"
