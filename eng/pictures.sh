#!/usr/bin/env bash
# Makes the pictures of the README from the demo, so that they stay true. Needs chromium.
#   usage: eng/pictures.sh DEMO_FOLDER
set -euo pipefail
demo=$(realpath "$1")
pictures=$(cd "$(dirname "$0")/../docs/pictures" && pwd)
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update \
  --disable-sync --user-data-dir="$(mktemp -d)" --hide-scrollbars --window-size=1280,2080 --virtual-time-budget=10000 \
  --screenshot="$pictures/demo-report.png" "file://$demo/report.html"
