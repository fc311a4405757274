#!/usr/bin/env bash
# Score a HeartcareGPT on the test split of a dataset, beside majority and measured, with what it sees withheld, shuffled
# across patients and drawn on pages that no training page looked like; print the tables of its card.
# Usage: recipes/nano-bench.sh <dataset folder> [model folder, default heartcare-nano]
# Settings (environment): OUT=runs/nano-bench THREADS=2. A run that is finished is kept; one that was stopped goes on.
set -euo pipefail
if [ $# -eq 0 ]; then sed -n '2,5s/^# //p' "$0"; exit 2; fi

DATA=$1
MODEL=${2:-heartcare-nano}
OUT=${OUT:-runs/nano-bench}
THREADS=${THREADS:-2}
here=$(dirname "$0")
HEARTCARE=${HEARTCARE:-npx tsx $here/../src/cli/main.ts}
CHOICES=closed-qa,comparison-qa

# run <name> <options...>
run() {
  local name=$1; shift
  local resume=()
  if [ -f "$OUT/$name/run.json" ]; then resume=(--resume); fi
  # shellcheck disable=SC2086
  $HEARTCARE bench run "$DATA" --real-only --threads "$THREADS" "$@" --out "$OUT/$name" "${resume[@]}" > /dev/null
}

run majority --model majority --tasks closed-qa,open-qa,comparison-qa,report
run measured --model measured --tasks closed-qa,open-qa,comparison-qa,report
run blind-text --model blind-text --tasks $CHOICES
run plain --model "$MODEL" --tasks closed-qa,open-qa,comparison-qa,report
run blind --model "$MODEL" --variant blind --tasks $CHOICES
run shuffled --model "$MODEL" --variant shuffled --tasks $CHOICES
run unmeasured --model "$MODEL" --variant unmeasured --tasks $CHOICES
run text-alone --model "$MODEL" --variant text-alone --tasks $CHOICES
run both --model "$MODEL" --variant both --tasks closed-qa
for page in 6x2 12x1 cabrera,blue,dpi=150; do
  run "page-${page//[,=]/-}" --model "$MODEL" --render "$page" --tasks closed-qa --modalities image
done
for other in majority measured blind-text blind shuffled unmeasured text-alone; do
  # shellcheck disable=SC2086
  $HEARTCARE bench compare "$OUT/plain" "$OUT/$other" --json > "$OUT/plain-minus-$other.json"
done
node "$here/../scripts/print-bench-tables.mjs" "$OUT"
