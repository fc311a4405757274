#!/usr/bin/env bash
# Train heartcare-nano from nothing but recordings: dataset, tile encoder, language model, projectors, alignment, questions.
# Usage: recipes/nano.sh <sources...>          e.g. recipes/nano.sh ptb-xl ptb-xl-zscore100 ludb challenge-2021 challenge-2025
# Settings (environment): OUT=runs/nano THREADS=2 SYNTHETIC=300 STEPS_VISION=1000 STEPS_LANGUAGE=180 STEPS_WARM_UP=100
#   STEPS_ALIGN=330 STEPS_REPRESENT=420 STEPS_JOINT=850. About 90 minutes on two cores.
# A stage that is finished is kept and one that was stopped goes on: run it again after Ctrl-C.
set -euo pipefail
if [ $# -eq 0 ]; then sed -n '2,6s/^# //p' "$0"; exit 2; fi

OUT=${OUT:-runs/nano}
THREADS=${THREADS:-2}
SYNTHETIC=${SYNTHETIC:-300}
here=$(dirname "$0")
HEARTCARE=${HEARTCARE:-npx tsx $here/../src/cli/main.ts}

# Every real recording whose folder states a licence of its signals, and synthetic ones where a statement has too few.
# Scores are of real recordings alone: val and test come from the first folder.
if [ ! -f "$OUT/data/manifest.json" ]; then $HEARTCARE data build "$@" --seed 7 --out "$OUT/data" --resume; fi
if [ ! -f "$OUT/synthetic/manifest.json" ]; then
  $HEARTCARE data build "synthetic:$SYNTHETIC" --seed 11 --no-images --no-audit --out "$OUT/synthetic" --resume
fi

# stage <run> <options...>
stage() {
  local run="$OUT/$1"; shift
  if [ -f "$run/report.json" ] && grep -q '"outcome": "finished"' "$run/report.json"; then return; fi
  local resume=()
  if [ -f "$run/checkpoints/last/training.safetensors" ]; then resume=(--resume); fi
  # shellcheck disable=SC2086
  $HEARTCARE model train "$@" --data "$OUT/data" "$OUT/synthetic" --out "$run" --threads "$THREADS" "${resume[@]}"
}

stage vision --stage vision --steps "${STEPS_VISION:-1000}"
stage language --stage language --steps "${STEPS_LANGUAGE:-180}"
stage warm-up --stage warm-up --base "$OUT/language" --vision "$OUT/vision" --steps "${STEPS_WARM_UP:-100}"
stage align --stage joint --config "$here/nano-align.json" --base "$OUT/warm-up" --steps "${STEPS_ALIGN:-330}"
stage represent --stage joint --config "$here/nano-represent.json" --base "$OUT/align" --steps "${STEPS_REPRESENT:-420}"
stage joint --stage joint --base "$OUT/represent" --steps "${STEPS_JOINT:-850}"
echo "the model: $OUT/joint/checkpoints/best" >&2
