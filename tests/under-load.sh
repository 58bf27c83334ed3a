#!/usr/bin/env bash
# Runs the whole suite several times beside two busy loops, and says how each run ended and which tests failed.
#
#   tests/under-load.sh [runs]        10 without a number; LOOPS=4 for more loops
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
runs=${1:-10}
unset FLUENTEVENTSTORE_POSTGRES UPDATE_SNAPSHOTS
log=$(mktemp)
declare -a loops=()
finish() {
  [ ${#loops[@]} -eq 0 ] || kill "${loops[@]}" 2>/dev/null
  rm -f "$log"
}
trap finish EXIT

dotnet build -v q || exit
for _ in $(seq "${LOOPS:-2}"); do
  (while :; do :; done) &
  loops+=($!)
done

failed=0
for run in $(seq "$runs"); do
  began=$SECONDS
  dotnet test --no-build >"$log" 2>&1
  code=$?
  echo "run $run of $runs: exit code $code, $(grep -E '^ *(total|failed|succeeded|skipped):' "$log" | tr -s ' \n' ' ')$((SECONDS - began)) s"
  if [ "$code" -ne 0 ]; then
    failed=$((failed + 1))
    grep -E '^failed ' "$log" || tail -n 40 "$log"
  fi
done

echo "$failed of $runs runs failed"
[ "$failed" -eq 0 ]
