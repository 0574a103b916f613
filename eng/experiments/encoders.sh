#!/usr/bin/env bash
# The encoders of docs/results/encoders.md: every subset of the four real tasks, the objectives without labels, two seeds each.
#   bash eng/experiments/encoders.sh DATA OUT [train|evaluate]
# DATA: a folder with patches/ and nic-reference/ (docs/results/encoders.md says which). OUT: gets a folder an encoder. The training
# goes on where it stopped; encoders that are done are kept. Needs a Release build.
# STEPS, SEEDS: of a training, 800 and "1 2" unless given. ONLY: a regular expression; encoders of other names are not trained. THREADS: all
# unless given.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$1 out=$2 what=${3:-all}
histonic=${HISTONIC:-artifacts/bin/Histonic.Cli/release/histonic}
steps=${STEPS:-800} seeds=${SEEDS:-1 2} threads=${THREADS:-$(nproc)}
declare -A task=(
  [mitosis]="mitosis=$data/patches/mitosis-breast@0.25"
  [oral]="oral=$data/patches/carcinoma-oral"
  [metastasis]="metastasis=$data/patches/metastasis-lymph-node@0.25"
  [tissue]="tissue=$data/patches/tissue-colorectal@0.5"
)
mkdir -p "$out"

# one split for all: whoever is held out here is held out everywhere
if [ ! -f "$out/split/metrics.json" ]; then
  "$histonic" encoder train --task "${task[mitosis]}" --task "${task[oral]}" --task "${task[metastasis]}" --task "${task[tissue]}" \
    --steps-per-epoch 1 --max-steps 1 --resume --out "$out/split"
fi

train() { # NAME TASKS OPTIONS…
  local name=$1 tasks=() word
  for word in $2; do tasks+=(--task "${task[$word]}"); done
  shift 2
  [ ! -f "$out/$name/metrics.json" ] && [[ $name =~ ${ONLY:-.} ]] || return 0
  echo "== $name"
  "$histonic" encoder train "${tasks[@]}" --splits "$out/split/splits.csv" --name "$name" --resume \
    --augmentation papers --steps-per-epoch 80 --epochs 1000 --patience 4 "$@" --threads "$threads" --out "$out/$name" 2>&1 | grep --line-buffered -v '^train:' | tee -a "$out/$name.log"
}

if [ "$what" != evaluate ]; then
  for seed in $seeds; do
    all="mitosis oral metastasis tissue"
    train "mtl4-s$seed" "$all" --max-steps "$steps" --seed "$seed"
    for one in $all; do train "$one-s$seed" "$one" --objective supervised --max-steps "$steps" --seed "$seed"; done
    train "contrastive-s$seed" "$all" --objective contrastive --batch 32 --max-steps "$steps" --seed "$seed"
    train "vae-s$seed" "$all" --objective vae --decoder-width 0.25 --max-steps "$steps" --seed "$seed"
    train "bigan-s$seed" "$all" --objective bigan --decoder-width 0.25 --max-steps $((steps / 2)) --seed "$seed"
  done
  for seed in $seeds; do
    for left in $all; do # all but one
      train "mtl3-without-$left-s$seed" "${all//$left/}" --max-steps "$steps" --seed "$seed"
    done
    for pair in "mitosis oral" "mitosis metastasis" "mitosis tissue" "oral metastasis" "oral tissue" "metastasis tissue"; do
      train "mtl2-${pair// /-}-s$seed" "$pair" --max-steps "$steps" --seed "$seed"
    done
  done
fi

if [ "$what" != train ]; then
  encoders=()
  for name in multitask-4 bigan mean-rgb; do
    file="$out/published-$name.onnx"
    [ -f "$file" ] || "$histonic" encoder import "$data/nic-reference/encoder_$name.h5" --name "published-$name" --out "$file"
    encoders+=("$file")
  done
  for folder in "$out"/*/; do
    [ "$(basename "$folder")" = split ] || [ ! -f "$folder/metrics.json" ] || encoders+=("${folder}encoder.onnx")
  done
  # the four tasks on the patches that every training held out; the breast carcinoma, which none has seen, by a split of its own
  "$histonic" encoder evaluate --encoder "${encoders[@]}" --task "${task[mitosis]}" --task "${task[oral]}" --task "${task[metastasis]}" \
    --task "${task[tissue]}" --task "breast=$data/patches/carcinoma-breast" --splits "$out/split/splits.csv" --probe mlp --points 0 --out "$out/evaluation"
fi
