// Paired differences between models as a forest plot around zero.
import { compareScoredRuns, type RunComparison } from "../compare-runs.ts";
import { cellOrder, type ScoredRun } from "../score-items.ts";
import { taskNamed } from "../tasks/index.ts";
import { type ForestAxis, type ForestGroup, type ForestRow, renderForestTable } from "./forest-table.ts";

const SUBSET_NAMES: Readonly<Record<string, string>> = { S: "signals", I: "images", C: "two recordings" };

/** A plot for shares and one for errors; "" when no two runs answered the same items. */
export function renderDifferences(runs: readonly ScoredRun[]): string {
  const comparisons = runs.flatMap((first, index) =>
    runs.slice(0, index).flatMap((second) => compareScoredRuns(first, second) ?? []),
  );
  return [true, false].map((higherIsBetter) => renderOfKind(comparisons, higherIsBetter)).join("\n");
}

/** One group a task and subset, one row a pair of models, over all cells together. */
function renderOfKind(comparisons: readonly RunComparison[], higherIsBetter: boolean): string {
  const groups = new Map<
    string,
    { readonly title: string; readonly rows: ForestRow[]; readonly line: number }
  >();
  for (const { first, second, differences } of comparisons) {
    for (const row of differences) {
      if (row.cell !== "average" || row.higherIsBetter !== higherIsBetter) continue;
      const { task, subset, metric } = row;
      const key = cellOrder(task, subset, row.cell, metric);
      const title = `${taskNamed(task)?.title ?? task}, ${SUBSET_NAMES[subset] ?? subset}, ${metric}`;
      const group = groups.get(key) ?? { title, rows: [], line: 0 };
      groups.set(key, group);
      group.rows.push(toRow(`${first} − ${second}`, row));
    }
  }
  if (groups.size === 0) return "";
  const forest: ForestGroup[] = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  return renderForestTable(forest, axisOf(forest, higherIsBetter));
}

function toRow(label: string, row: RunComparison["differences"][number]): ForestRow {
  const { mean, low, high, items, patients, tooSmall } = row.difference;
  const number = (value: number): string =>
    signed(row.higherIsBetter ? value * 100 : value, row.higherIsBetter ? 1 : 3);
  return {
    label,
    mean,
    interval: [low, high],
    tone: tooSmall ? "muted" : row.supported ? (mean > 0 === row.higherIsBetter ? "best" : "worse") : "plain",
    value: number(mean),
    detail: tooSmall ? "n too small" : `[${number(low)}, ${number(high)}]`,
    size: `${items.toLocaleString("en-US")} items, ${patients.toLocaleString("en-US")} patients`,
  };
}

function axisOf(groups: readonly ForestGroup[], higherIsBetter: boolean): ForestAxis {
  const ends = groups.flatMap(({ rows }) =>
    rows.flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]),
  );
  const widest = Math.max(0.1, ...ends.filter(Number.isFinite).map(Math.abs));
  const half = Math.ceil(widest * 10) / 10;
  const label = (at: number): string => signed(higherIsBetter ? at * 100 : at, higherIsBetter ? 0 : 1);
  // Errors have long labels: the lines between stay without one, or they would run into each other on a phone.
  const ticks = [-half, -half / 2, 0, half / 2, half].map((at, index) => ({
    at,
    label: higherIsBetter || index % 2 === 0 ? label(at) : "",
  }));
  return { low: -half, high: half, ticks, title: higherIsBetter ? "points of 100" : "mse" };
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : "+"}${text}`;
}
