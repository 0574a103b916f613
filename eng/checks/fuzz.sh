#!/usr/bin/env bash
# Damaged input files by the thousand: no crash, no hang over 10 s, no memory over 2 GB, always an error that names the file.
# usage: eng/checks/fuzz.sh [CASES = 10000] [FIRST = 0]     (after a Release build of tests/Histonic.Tests)
# A case is a number: HISTONIC_FUZZ_FROM=N HISTONIC_FUZZ_CASES=1 with the test class below repeats case N.
set -uo pipefail
cd "$(dirname "$0")/../.."
cases=${1:-10000} at=${2:-0} step=500 bad=0
end=$((at + cases))
log=$(mktemp) out=$(mktemp)
while [ "$at" -lt "$end" ]; do
  count=$((end - at < step ? end - at : step))
  HISTONIC_FUZZ_FROM=$at HISTONIC_FUZZ_CASES=$count HISTONIC_FUZZ_LOG=$log \
    artifacts/bin/Histonic.Tests/release/Histonic.Tests -method '*Damaged_files_are_refused_by_name_or_read' >"$out" 2>&1
  status=$?
  if [ $status -eq 0 ]; then
    at=$((at + count))
  elif grep -q 'Failed: 1' "$out"; then
    grep -E 'case [0-9]+,|TimeoutException|OutOfMemory|Range|Actual' "$out"; bad=$((bad + 1)); at=$((at + count))
  else
    echo "case $(cat "$log") ended the process with $status"; bad=$((bad + 1)); at=$(($(cat "$log") + 1))
  fi
  echo "$at of $end cases, $bad bad runs"
done
[ $bad -eq 0 ]
