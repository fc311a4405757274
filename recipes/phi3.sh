#!/usr/bin/env bash
# HeartcareGPT-3.8B, stages 2 and 3 with the numbers of Table 6: projectors on captions, then LoRA r 64 and projectors on answers.
# Usage: recipes/phi3.sh <dataset folder> [language model folder] [vision folder]
# Defaults: Phi-3-mini-4k-instruct and siglip-so400m-patch14-384, folders as Hugging Face has them (config.json, tokenizer.json, safetensors).
# Settings (environment): OUT=runs/phi3 STEPS_WARM_UP=2000 STEPS_JOINT=20000 EXTRA=""
# Written for a machine with a GPU and the weights, which it was not tried on: the same commands run in the tests on
# small models of the same shape (test/training/heartcare). It goes on where it was stopped.
set -euo pipefail
if [ $# -eq 0 ]; then sed -n '2,7s/^# //p' "$0"; exit 2; fi

DATA=$1
BASE=${2:-Phi-3-mini-4k-instruct}
VISION=${3:-siglip-so400m-patch14-384}
OUT=${OUT:-runs/phi3}
EXTRA=${EXTRA:-}
HEARTCARE=${HEARTCARE:-npx tsx $(dirname "$0")/../src/cli/main.ts}

stage() {
  local run="$OUT/$1"; shift
  if [ -f "$run/report.json" ] && grep -q '"outcome": "finished"' "$run/report.json"; then return; fi
  local resume=()
  if [ -f "$run/checkpoints/last/training.safetensors" ]; then resume=(--resume); fi
  # shellcheck disable=SC2086
  $HEARTCARE model train "$@" --preset heartcaregpt-3.8b --data "$DATA" --out "$run" "${resume[@]}" $EXTRA
}

stage warm-up --stage warm-up --base "$BASE" --vision "$VISION" --steps "${STEPS_WARM_UP:-2000}"
stage joint --stage joint --base "$OUT/warm-up" --steps "${STEPS_JOINT:-20000}"
$HEARTCARE bench run "$DATA" --model "$OUT/joint" --out "$OUT/bench"
