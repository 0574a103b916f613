#!/usr/bin/env bash
# P2's synthetic pictures: docs/results/digits.md. Accuracy against lesion size by encoder, and Grad-CAM's overlap with the rectangle.
#   bash eng/experiments/digits.sh OUT
# OUT: gets digits/, the experiment, maps/ and the tables. What is done is kept. Needs a Release build, python3 with numpy and PIL.
# THREADS: 1 unless given. PYTHON: python3 unless given.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$1
histonic=${HISTONIC:-$PWD/artifacts/bin/Histonic.Cli/release/histonic}
python=${PYTHON:-python3} threads=${THREADS:-1}
mkdir -p "$out"
cp docs/experiments/synthetic-digits.yaml "$out"

"$histonic" synth digits --out "$out/digits" --pictures 1200 --test 150 --size 234 --density 0.008 --least 0.25 --patches 150 \
  --seed 3001 --threads "$threads" -q </dev/null
"$histonic" experiment "$out/synthetic-digits.yaml" --threads "$threads" -q </dev/null

# pictures that no network has seen, with digits of their own: predicted and explained by the networks of all folds
"$python" eng/experiments/digits_table.py "$out" --cells | while read -r name seed encoder run; do
  features=$out/test/$name-$seed maps=$out/maps/$name-$seed
  [ -f "$maps/done" ] && continue
  "$histonic" compress "$out/digits/test" --encoder "$encoder" --tissue none --exact --out "$features" --threads "$threads" -q </dev/null
  "$histonic" predict --run "$run" --features "$features" --out "$out/test/$name-$seed.csv" --threads "$threads" -q </dev/null
  "$histonic" explain --run "$run" --features "$features" --out "$maps" --symmetries 1 --threads "$threads" -q </dev/null
  touch "$maps/done"
done

"$python" eng/experiments/digits_table.py "$out"
