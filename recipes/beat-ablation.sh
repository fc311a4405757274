#!/usr/bin/env bash
# The rows of the paper's Table 8: the same training for each, then code use and losses on held-out recordings.
# Usage: recipes/beat-ablation.sh <sources...>          e.g. recipes/beat-ablation.sh ptb-xl ludb
# Settings (environment): STEPS=600 BATCH=32 SEED=7 THREADS=2 OUT=runs/beat-ablation LIMIT=100000 EXTRA="--preset base"
# A row that is finished is kept and one that was stopped goes on: run it again after Ctrl-C.
set -euo pipefail
if [ $# -eq 0 ]; then sed -n '2,6s/^# //p' "$0"; exit 2; fi

STEPS=${STEPS:-600}
BATCH=${BATCH:-32}
SEED=${SEED:-7}
THREADS=${THREADS:-2}
OUT=${OUT:-runs/beat-ablation}
LIMIT=${LIMIT:-100000}
EXTRA=${EXTRA:-}
HEARTCARE=${HEARTCARE:-npx tsx $(dirname "$0")/../src/cli/main.ts}

# name | Table 8: DVQ, codebook size, input length | what differs from the default. The horizon is half the input
# and every query has two patches, so the number of queries follows the length.
ROWS='no-dvq|- 512 1000|{"codebookLevels":1}
dvq-1024|yes 1024 1000|{"codebookSize":1024}
dvq-256|yes 256 1000|{"codebookSize":256}
dvq-512-long|yes 512 1500|{"inputSamples":1500,"predictionSamples":750,"queryCount":30}
dvq-512-short|yes 512 500|{"inputSamples":500,"predictionSamples":250,"queryCount":10}
dvq-512|yes 512 1000|{}'

mkdir -p "$OUT"
while IFS='|' read -r name label model; do
  run="$OUT/$name"
  echo "== $name ($label)" >&2
  if [ ! -f "$run/report.json" ] || ! grep -q '"outcome": "finished"' "$run/report.json"; then
    echo "{\"model\":$model}" > "$OUT/$name.json"
    resume=()
    if [ -f "$run/checkpoints/last/training.safetensors" ]; then resume=(--resume); fi
    # shellcheck disable=SC2086
    $HEARTCARE beat train "$@" --out "$run" --config "$OUT/$name.json" --steps "$STEPS" --batch "$BATCH" \
      --seed "$SEED" --threads "$THREADS" "${resume[@]}" $EXTRA < /dev/null >&2
  fi
  $HEARTCARE beat eval "$@" --model "$run/checkpoints/last" --limit "$LIMIT" --threads "$THREADS" \
    --out "$run/eval" --json < /dev/null > /dev/null
done <<< "$ROWS"

# The table. The "paper" columns are Table 8's own numbers, from the authors' data and schedule.
ROWS="$ROWS" OUT="$OUT" STEPS="$STEPS" node --input-type=module - <<'TABLE' | tee "$OUT/table.md"
import { readFileSync } from "node:fs";
const paper = { "no-dvq": [93.75, 1.0], "dvq-1024": [79.5, 0.79], "dvq-256": [99.87, 0.81], "dvq-512-long": [91.46, 1.1], "dvq-512-short": [98.2, 0.83], "dvq-512": [96.22, 0.76] };
const { ROWS, OUT, STEPS } = process.env;
console.log(`Beat ablation, ${STEPS} steps a row, scored on held-out recordings.\n`);
console.log("| DVQ | codebook | input | code use core / residual % | L_total | L_recon | L_pred | L_VQ | paper: code % | paper: L_total |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const row of ROWS.split("\n")) {
  const [name, label] = row.split("|");
  const report = JSON.parse(readFileSync(`${OUT}/${name}/eval/report.json`, "utf8"));
  const percent = (share) => (share === null ? "-" : (100 * share).toFixed(1));
  const use = `${percent(report.codeUse.core)} / ${percent(report.codeUse.residual)}`;
  const losses = [report.lTotal, report.lRecon, report.lPred, report.lVq].map((value) => value.toFixed(3));
  console.log(`| ${[...label.split(" "), use, ...losses, ...paper[name]].join(" | ")} |`);
}
TABLE
