#!/usr/bin/env bash
# P2's synthetic pictures: docs/results/digits.md. Accuracy against lesion size by encoder, and Grad-CAM's overlap with the rectangle.
#   bash eng/experiments/digits.sh OUT
# OUT: gets digits/, the experiment, maps/ and the tables. What is done is kept. Needs a Release build, python3 with numpy and PIL.
# PICTURES, TEST, PATCHES: pictures to train with (a tenth of them the encoders'), to test with, patches from each of the encoders'; 5000,
# 1000 and 36 unless given. EXPLAINED: how many of the test pictures are explained, 300 unless given. THREADS: 1. PYTHON: python3.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$1
histonic=${HISTONIC:-$PWD/artifacts/bin/Histonic.Cli/release/histonic}
python=${PYTHON:-python3} threads=${THREADS:-1}
mkdir -p "$out"
cp docs/experiments/synthetic-digits.yaml "$out"

"$histonic" synth digits --out "$out/digits" --pictures "${PICTURES:-5000}" --test "${TEST:-1000}" --size 234 --density 0.008 --least 0.25 \
  --patches "${PATCHES:-36}" --seed 3001 --threads "$threads" -q </dev/null
"$histonic" experiment "$out/synthetic-digits.yaml" --threads "$threads" -q </dev/null

# the first of the test pictures, explained by the network that predicted them
mapfile -t explained < <(tail -n +2 "$out/digits/test.csv" | cut -d, -f1 | head -n "${EXPLAINED:-300}")
"$python" eng/experiments/digits_table.py "$out" --cells | while read -r name seed features run; do
  maps=$out/maps/$name-$seed
  [ -f "$maps/done" ] && continue
  "$histonic" explain --run "$run" --features "$features" --out "$maps" --symmetries 1 --slide "${explained[@]}" --threads "$threads" -q </dev/null
  touch "$maps/done"
done

"$python" eng/experiments/digits_table.py "$out"
