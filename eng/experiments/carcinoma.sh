#!/usr/bin/env bash
# Slide-level targets on real patients: docs/results/carcinoma.md. Patches with places are laid out again as 279 partial slides.
#   bash eng/experiments/carcinoma.sh DATA ENCODERS OUT
# DATA: a folder with patches/carcinoma-breast and nic-reference/. ENCODERS: the OUT of eng/experiments/encoders.sh DATA OUT train, whose
# encoders saw other sets only (STEPS and SEEDS bound its time). OUT: gets features/ and runs/. What is done is kept. Needs a Release build.
# KINDS, MODELS, EPOCHS: the encoders, predictors and epochs, if not all. THREADS: all unless given.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$1 trained=$2 out=$3
histonic=${HISTONIC:-artifacts/bin/Histonic.Cli/release/histonic}
models=${MODELS:-mean abmil cnn} epochs=${EPOCHS:-40} threads=${THREADS:-$(nproc)}
kinds=${KINDS:-published-mean-rgb published-bigan published-multitask-4 histonic-he
  mitosis-s1 oral-s1 metastasis-s1 tissue-s1
  mtl2-mitosis-oral-s1 mtl2-mitosis-metastasis-s1 mtl2-mitosis-tissue-s1 mtl2-oral-metastasis-s1 mtl2-oral-tissue-s1 mtl2-metastasis-tissue-s1
  mtl3-without-mitosis-s1 mtl3-without-oral-s1 mtl3-without-metastasis-s1 mtl3-without-tissue-s1 mtl4-s1}
mkdir -p "$out/encoders" "$out/runs"

encoder() { # NAME: its file, or built-in name
  case $1 in
    published-*)
      [ -f "$out/encoders/$1.onnx" ] ||
        "$histonic" encoder import "$data/nic-reference/encoder_${1#published-}.h5" --name "$1" --out "$out/encoders/$1.onnx" -q >&2
      echo "$out/encoders/$1.onnx" ;;
    histonic-he) echo "$1" ;;
    *) echo "$trained/$1/encoder.onnx" ;;
  esac
}

for kind in $kinds; do
  features=$out/features/$kind file=$(encoder "$kind")
  if [ ! -f "$features/labels.csv" ]; then
    [ "$kind" = histonic-he ] || [ -f "$file" ] || { echo "$kind: no encoder yet, left out"; continue; }
    "$histonic" compress-patches "$data/patches/carcinoma-breast" --encoder "$file" --share-of idc --mpp 4 --out "$features" --threads "$threads" -q
  fi
  for model in $models; do
    for target in above20:classification share:regression; do
      run=$out/runs/$kind.$model.${target%:*}
      [ -f "$run/metrics.json" ] && continue
      # folds follow from the seed, the patients and the target: the same for every encoder and model
      "$histonic" train --features "$features" --labels "$features/labels.csv" --task "${target#*:}" --target "${target%:*}" \
        --model "$model" --epochs "$epochs" --seed 1 --resume --out "$run" --threads "$threads" -q || echo "$run failed"
    done
  done
done

# every encoder against the published one of four tasks, on the same patients
for run in "$out"/runs/*; do
  name=$(basename "$run")
  reference=$out/runs/published-multitask-4.${name#*.}
  [ "$run" != "$reference" ] && [ -f "$run/metrics.json" ] && [ -f "$reference/metrics.json" ] || continue
  [ -f "$out/comparisons/$name/comparison.json" ] ||
    "$histonic" evaluate --compare "$run" "$reference" --out "$out/comparisons/$name" -q
done
