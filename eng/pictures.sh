#!/usr/bin/env bash
# Makes the pictures of the README from the demo, so that they stay true. Needs chromium.
#   usage: eng/pictures.sh DEMO_FOLDER
set -euo pipefail
demo=$(realpath "$1")
pictures=$(cd "$(dirname "$0")/../docs/pictures" && pwd)
histonic="$(dirname "$0")/../artifacts/bin/Histonic.Cli/release/histonic"
maps=$(mktemp -d)
"$histonic" explain --run "$demo/runs/pattern" --features "$demo/features" --slides "$demo/cohort/slides" --slide S0003 \
  --thumbnail 560 --out "$maps" --quiet
cp "$maps/S0003.png" "$pictures/heat-map.png"
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update \
  --disable-sync --user-data-dir="$(mktemp -d)" --hide-scrollbars --window-size=1280,2080 --virtual-time-budget=10000 \
  --screenshot="$pictures/demo-report.png" "file://$demo/report.html"
