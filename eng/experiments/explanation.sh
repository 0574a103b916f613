#!/usr/bin/env bash
# The tables of docs/results/explanation.md: heat maps against the regions that decide the labels of synthetic slides, and against networks with random weights.
#   bash eng/experiments/explanation.sh OUT
# OUT: gets two cohorts (networks are trained on one, maps are made of the other), runs, a folder of overlaps for each row, and overlap.csv.
# Resumes. Needs a Release build. TRAINING (96), TEST (40) and SIZE (3072) choose how many slides and how large.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$1
histonic=${HISTONIC:-artifacts/bin/Histonic.Cli/release/histonic}
training=${TRAINING:-96} test=${TEST:-40} size=${SIZE:-3072}
quiet() { "$histonic" "$@" --quiet > /dev/null; }

quiet synth cohort --out "$out/training" --slides "$training" --size "$size" --seed 3001
quiet synth cohort --out "$out/test" --slides "$test" --size "$size" --seed 3002
quiet compress "$out/training/slides" --encoder histonic-synth --out "$out/training/features"
quiet compress "$out/test/slides" --encoder histonic-synth --symmetries 8 --out "$out/test/features"

train() { # RUN OPTIONS…
  local run=$out/runs/$1
  shift
  [ -f "$run/metrics.json" ] || quiet train --features "$out/training/features" --labels "$out/training/labels.csv" --out "$run" "$@"
}
for model in cnn abmil; do
  train "pattern-$model" --model $model --task classification --target pattern
  train "proliferation-$model" --model $model --task regression --target proliferation
  train "survival-$model" --model $model --task survival --time time --event event
done

explain() { # NAME RUN TRUTH REGIONS OPTIONS…
  local maps=$out/maps/$1 run=$2 truth=$out/test/truth/$3 regions=$4
  shift 4
  [ -f "$maps/overlap-summary.csv" ] || quiet explain --run "$out/runs/$run" --features "$out/test/features" --labels "$out/test/labels.csv" \
    --truth "$truth" --region $regions --class predicted --random-weights --out "$maps" "$@"
}
# what decides each label: docs/synthetic.md
for target in "pattern regions front" "proliferation . tumour" "survival regions front tumour"; do
  read -r name truth regions <<< "$target"
  explain "$name-grad-cam-1" "$name-cnn" "$truth" "$regions" --method grad-cam
  explain "$name-grad-cam-2" "$name-cnn" "$truth" "$regions" --method grad-cam --layer 2
  explain "$name-occlusion" "$name-cnn" "$truth" "$regions" --method occlusion
  explain "$name-attention" "$name-abmil" "$truth" "$regions" --method attention
  explain "$name-occlusion-abmil" "$name-abmil" "$truth" "$regions" --method occlusion
done
{
  echo "target_and_method,$(head -n 1 "$out/maps/pattern-grad-cam-1/overlap-summary.csv")"
  for summary in "$out"/maps/*/overlap-summary.csv; do
    tail -n +2 "$summary" | sed "s/^/$(basename "$(dirname "$summary")"),/"
  done
} > "$out/overlap.csv"
