// Prints the runs of recipes/nano-bench.sh as the Markdown tables of a model's card. Usage: node scripts/print-bench-tables.mjs <folder>
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node scripts/print-bench-tables.mjs <folder of recipes/nano-bench.sh>");
  process.exit(2);
}
const read = (...parts) => JSON.parse(readFileSync(join(folder, ...parts), "utf8"));
const runs = readdirSync(folder).filter((name) => existsSync(join(folder, name, "report.json")));
const cells = Object.fromEntries(runs.map((name) => [name, read(name, "report.json").cells]));
const percent = (value) => (100 * value).toFixed(1);
const interval = ({ mean, low, high }) => `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
const find = (run, task, subset, cell, metric) =>
  cells[run]?.find(
    (row) => row.task === task && row.subset === subset && row.cell === cell && row.metric === metric,
  );
const shown = (run, ...where) => {
  const found = find(run, ...where);
  return found ? interval(found.estimate) : "-";
};
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const columns = ["plain", "majority", "measured"].filter((name) => cells[name]);
const dimensions = ["diagnosis", "waveform", "rhythm", "misc"];
const closed = ["S", "I"].flatMap((subset) =>
  ["average", ...dimensions].map((cell) => {
    const found = find("plain", "closed-qa", subset, cell, "accuracy");
    const size = found?.estimate.tooSmall
      ? `${found.estimate.items}, n too small`
      : `${found?.estimate.items ?? 0}`;
    return [
      `${subset} ${cell}`,
      size,
      ...columns.map((name) => shown(name, "closed-qa", subset, cell, "accuracy")),
    ];
  }),
);
console.log("Closed-QA, accuracy in percent (chance 25)\n");
console.log(table(["cell", "items", ...columns], closed));

const pairs = (cells.plain ?? []).filter(
  ({ task, metric }) => task === "comparison-qa" && metric === "balancedAccuracy",
);
console.log("\nComparison-QA, accuracy in percent balanced by answer within template (chance 25)\n");
console.log(
  table(
    ["cell", "items", ...columns],
    pairs.map(({ subset, cell, estimate }) => [
      cell,
      estimate.tooSmall ? `${estimate.items}, n too small` : estimate.items,
      ...columns.map((name) => shown(name, "comparison-qa", subset, cell, "balancedAccuracy")),
    ]),
  ),
);

const written = ["S", "I"].flatMap((subset) =>
  ["open-qa", "report"].map((task) => [
    `${task} ${subset}`,
    ...columns.map((name) => shown(name, task, subset, "average", "rougeL")),
  ]),
);
console.log("\nROUGE-L in percent\n");
console.log(table(["task", ...columns], written));

const variants = runs.filter((name) => !["plain", "majority", "measured"].includes(name));
console.log("\nClosed-QA of other ways to show, accuracy in percent\n");
console.log(
  table(
    ["shown", "S", "I"],
    variants.map((name) => [
      name,
      shown(name, "closed-qa", "S", "average", "accuracy"),
      shown(name, "closed-qa", "I", "average", "accuracy"),
    ]),
  ),
);

console.log("\nPaired differences, points, 95% intervals over patients\n");
const compared = readdirSync(folder).filter((name) => /^plain-minus-.*\.json$/.test(name));
const rows = compared.flatMap((file) => {
  const other = file.slice("plain-minus-".length, -".json".length);
  return read(file)
    .differences.filter(
      ({ cell, metric, task }) =>
        cell === "average" && metric === (task === "comparison-qa" ? "balancedAccuracy" : "accuracy"),
    )
    .map(({ task, subset, difference }) => [
      `plain - ${other}`,
      `${task} ${subset}`,
      difference.tooSmall ? "n too small" : interval(difference),
      difference.items,
    ]);
});
console.log(table(["difference", "cell", "points", "items"], rows));
