#!/usr/bin/env bash
# The table of docs/results/tissue.md: tissue masks against the truth of synthetic slides, one cohort an artefact.
#   bash eng/experiments/tissue.sh OUT
# OUT: gets a cohort and a folder of masks an artefact, and dice.csv. Needs a Release build, and a Python with Pillow and NumPy (PYTHON).
# SLIDES (40), SIZE (2048), SEED (3003) and CASES choose what is measured.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
out=$1
histonic=${HISTONIC:-artifacts/bin/Histonic.Cli/release/histonic}
slides=${SLIDES:-40} size=${SIZE:-2048} seed=${SEED:-3003}
cases=${CASES:-clean pen-blue pen-green pen-black pen-red pen dust fat pale blur pale,pen,dust,fat}
mkdir -p "$out"
run() { # NAME COHORT OPTIONS…
  local name=$1 cohort=$2
  shift 2
  "$histonic" tissue "$cohort"/slides/*.tif --out "$out/masks/$name" --quiet "$@" > /dev/null
}
for case in $cases; do
  cohort=$out/cohorts/$case
  artefacts=$case
  [ "$case" = clean ] && artefacts=
  "$histonic" synth cohort --out "$cohort" --slides "$slides" --size "$size" --seed "$seed" --artefacts "$artefacts" --quiet > /dev/null
  run "$case" "$cohort"
  # what the removal of pen does, and what that of blur spares and finds
  case $case in
    pen | clean) run "$case+keep-pen" "$cohort" --keep-pen ;;
  esac
  case $case in
    clean | pale | fat | blur) run "$case+max-blur" "$cohort" --max-blur "${MAX_BLUR:-1.8}" ;;
  esac
done
"${PYTHON:-/usr/bin/python3}" "$here/tissue_dice.py" "$out"
