#!/usr/bin/env bash
# The rows of the paper's Tables 11 to 18 at nano's size: Beat untrained, no warm-up, signals only, pages only, pages uncut.
# Usage: recipes/nano-ablation.sh <folder of recipes/nano.sh>       its data, synthetic, vision and language are used
# Settings (environment): OUT=runs/nano-ablation THREADS=2 STEPS_WARM_UP=40 STEPS_REPRESENT=200 STEPS_JOINT=200
#   ROWS="full no-warm-up ..." trains and scores only these, so that two runs can share the work.
# About 40 minutes a row on one core. A stage that is finished is kept and one that was stopped goes on: run it again after Ctrl-C.
set -euo pipefail
if [ $# -eq 0 ]; then sed -n '2,6s/^# //p' "$0"; exit 2; fi

NANO=$1
OUT=${OUT:-runs/nano-ablation}
THREADS=${THREADS:-2}
STEPS_WARM_UP=${STEPS_WARM_UP:-40}
STEPS_REPRESENT=${STEPS_REPRESENT:-200}
STEPS_JOINT=${STEPS_JOINT:-200}
here=$(dirname "$0")
HEARTCARE=${HEARTCARE:-npx tsx $here/../src/cli/main.ts}

# name | Beat | warm-up | shown in training | options | what the benchmark shows
TABLE='full|trained|yes|{}||signal,image
no-warm-up|trained|no|{}||signal,image
untrained-beat|untrained|yes|{}||signal,image
untrained-beat-no-warm-up|untrained|no|{}||signal,image
signal-only|trained|yes|{"images":0,"modalities":{"signal":1,"image":0,"both":0}}||signal
image-only|trained|yes|{"segments":1,"modalities":{"signal":0,"image":1,"both":0}}||image
uncut|trained|yes|{}|--no-segmentation|signal,image'
ROWS=${ROWS:-$(cut -d'|' -f1 <<< "$TABLE")}

# stage <run folder> <config file> <options...>
stage() {
  local run=$1 config=$2; shift 2
  if [ -f "$run/report.json" ] && grep -q '"outcome": "finished"' "$run/report.json"; then return; fi
  local resume=()
  if [ -f "$run/checkpoints/last/training.safetensors" ]; then resume=(--resume); fi
  $HEARTCARE model train "$@" --config "$config" --data "$NANO/data" "$NANO/synthetic" --out "$run" \
    --threads "$THREADS" --eval-every 10000 --cache "$OUT/cache" "${resume[@]}" < /dev/null >&2
}

# merged <file> <JSON...>: the settings of a stage with those of a row
merged() {
  local file=$1; shift
  node -e 'console.log(JSON.stringify(Object.assign({}, ...process.argv.slice(1).map((text) => JSON.parse(text)))))' "$@" > "$file"
}

mkdir -p "$OUT"
while IFS='|' read -r name beat warm shown options scored; do
  tr ' ' '\n' <<< "$ROWS" | grep -qx -- "$name" || continue
  row="$OUT/$name"
  mkdir -p "$row"
  echo "== $name" >&2
  merged "$row/warm-up.json" '{"evaluatedPairs":0}' "$shown"
  merged "$row/represent.json" "$(cat "$here/nano-represent.json")" "$shown"
  merged "$row/joint.json" '{"evaluatedPairs":0}' "$shown"
  first=(--base "$NANO/language" --vision "$NANO/vision")
  if [ "$beat" = untrained ]; then first+=(--beat untrained); fi
  # shellcheck disable=SC2206
  if [ -n "$options" ]; then first+=($options); fi
  if [ "$warm" = yes ]; then
    stage "$row/warm-up" "$row/warm-up.json" --stage warm-up --steps "$STEPS_WARM_UP" "${first[@]}"
    first=(--base "$row/warm-up")
  fi
  stage "$row/represent" "$row/represent.json" --stage joint --steps "$STEPS_REPRESENT" "${first[@]}"
  stage "$row/joint" "$row/joint.json" --stage joint --steps "$STEPS_JOINT" --base "$row/represent"
  resume=()
  if [ -f "$row/bench/run.json" ]; then resume=(--resume); fi
  $HEARTCARE bench run "$NANO/data" --model "$row/joint/checkpoints/last" --real-only --modalities "$scored" \
    --tasks closed-qa,open-qa,comparison-qa,report --threads "$THREADS" --out "$row/bench" "${resume[@]}" < /dev/null > /dev/null
done <<< "$TABLE"
node "$here/../scripts/print-ablation-tables.mjs" "$OUT" | tee "$OUT/table.md"
