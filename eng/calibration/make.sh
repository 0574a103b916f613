#!/usr/bin/env bash
# Makes models/calibration.jpg: 12 × 20 synthetic patches of 64 × 64 px at 1 µm, which tell int8 encoders the range of their activations.
# Needs python3-pil; usage: eng/calibration/make.sh (from the repository, after a Release build)
set -euo pipefail
cd "$(dirname "$0")/../.."
patches=$(mktemp -d)
artifacts/bin/Histonic.Cli/release/histonic synth patches --per-class 24 --seed 7 --out "$patches/p" --quiet
/usr/bin/python3 - "$patches/p" models/calibration.jpg <<'PY'
import glob, sys
from PIL import Image

files = sorted(f for f in glob.glob(sys.argv[1] + "/*/*/*") if f.endswith((".png", ".jpg")))
step = len(files) / 236
sheet = Image.new("RGB", (20 * 64, 12 * 64), "white")
for i in range(236):
    patch = Image.open(files[int(i * step)]).convert("RGB").crop((0, 0, 128, 128)).reduce(2)
    sheet.paste(patch, (i % 20 * 64, i // 20 * 64))
# the last four: white glass, black pen, and the two halves of a hard edge
sheet.paste("black", (17 * 64, 11 * 64, 18 * 64, 12 * 64))
sheet.paste("black", (18 * 64, 11 * 64, 18 * 64 + 32, 12 * 64))
sheet.paste("black", (19 * 64, 11 * 64, 20 * 64, 11 * 64 + 32))
sheet.save(sys.argv[2], quality=90)
print(len(files), "patches")
PY
