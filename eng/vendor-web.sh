#!/usr/bin/env bash
# Fetches the web libraries that report.html embeds and the viewer serves, in exactly these versions, with their licences
# (docs/adr/0005-charts.md, docs/adr/0011-viewer.md).
set -euo pipefail
vendor=$(cd "$(dirname "$0")/../src/Histonic.Reports/Assets/vendor" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for library in vega@6.4.0 vega-lite@6.4.3; do
  name=${library%@*}
  tar xzf "$(npm pack --silent "$library")"
  mkdir -p "$vendor/$name"
  cp "package/build/$name.min.js" package/LICENSE "$vendor/$name/"
  rm -rf package
done
tar xzf "$(npm pack --silent openseadragon@6.1.1)"
mkdir -p "$vendor/openseadragon"
# its map of the source is not served
sed '/^\/\/# sourceMappingURL=/d' package/build/openseadragon/openseadragon.min.js > "$vendor/openseadragon/openseadragon.min.js"
cp package/LICENSE.txt "$vendor/openseadragon/LICENSE"
