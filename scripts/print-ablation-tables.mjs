// Prints the rows of recipes/nano-ablation.sh as Markdown. Usage: node scripts/print-ablation-tables.mjs <folder>
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node scripts/print-ablation-tables.mjs <folder of recipes/nano-ablation.sh>");
  process.exit(2);
}

/** Folder of a row and how it differs from the whole. */
const ROWS = [
  ["untrained-beat-no-warm-up", "Beat untrained, no warm-up"],
  ["untrained-beat", "Beat untrained"],
  ["no-warm-up", "no warm-up"],
  ["image-only", "pages only"],
  ["signal-only", "signals only"],
  ["uncut", "pages uncut"],
  ["full", "everything"],
];
const reportOf = (name) => join(folder, name, "bench", "report.json");
const rows = ROWS.filter(([name]) => existsSync(reportOf(name)));
const cells = Object.fromEntries(
  rows.map(([name]) => [name, JSON.parse(readFileSync(reportOf(name), "utf8")).cells]),
);
const percent = (value) => (100 * value).toFixed(1);
const shown = (name, [task, subset, cell, metric]) => {
  const found = cells[name].find(
    (row) => row.task === task && row.subset === subset && row.cell === cell && row.metric === metric,
  );
  if (!found || found.estimate.items === 0) return "-";
  const { mean, low, high, tooSmall } = found.estimate;
  return tooSmall ? `${percent(mean)} (n too small)` : `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
};
const table = (title, columns) => {
  const head = ["row", ...columns.map(([name]) => name)];
  const body = rows.map(([name, label]) => [label, ...columns.map(([, ...where]) => shown(name, where))]);
  console.log(`${title}\n`);
  console.log(
    [head, head.map(() => "---"), ...body].map((line) => `| ${line.join(" | ")} |`).join("\n"),
    "\n",
  );
};

const dimensions = ["diagnosis", "waveform", "rhythm", "misc"];
for (const subset of ["S", "I"]) {
  table(
    `Closed-QA of ${subset === "S" ? "signals" : "pages"}, accuracy in percent (chance 25)`,
    ["average", ...dimensions].map((cell) => [cell, "closed-qa", subset, cell, "accuracy"]),
  );
}
table(
  "Comparison-QA, accuracy in percent balanced by answer within template (chance 25)",
  ["average", "S-S irrelevant", "I-I irrelevant", "S-I irrelevant"].map((cell) => [
    cell,
    "comparison-qa",
    "C",
    cell,
    "balancedAccuracy",
  ]),
);
table(
  "Open-QA and reports, ROUGE-L in percent",
  ["S", "I"].flatMap((subset) =>
    ["open-qa", "report"].map((task) => [`${task} ${subset}`, task, subset, "average", "rougeL"]),
  ),
);
