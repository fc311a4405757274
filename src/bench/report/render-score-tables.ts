// Scores of several models side by side: one forest plot a task and subset, models as rows within each cell.
import { SUBSETS } from "../../qa/qa-item.ts";
import { HEARTCARE_GPT_38B, referenceScore } from "../reference-scores.ts";
import type { CellScore, RunScores } from "../score-run.ts";
import type { BenchMetric, BenchTask } from "../task.ts";
import { BENCH_TASKS } from "../tasks/index.ts";
import { type ForestAxis, type ForestGroup, type ForestRow, renderForestTable } from "./forest-table.ts";
import { escapeHtml } from "./html-page.ts";

const SUBSET_NAMES: Readonly<Record<string, string>> = {
  S: "signals",
  I: "images",
  C: "two recordings",
};

export type ScoreTableOptions = {
  /** Show the paper's numbers as rows of their own. Default false. */
  readonly references?: boolean;
};

/** HTML of every task that at least one run answers. */
export function renderScoreTables(runs: readonly RunScores[], options: ScoreTableOptions = {}): string {
  const parts: string[] = [];
  for (const task of BENCH_TASKS) {
    const [metric] = task.metrics;
    if (!metric) continue;
    const scored = runs.flatMap((run) => cellsOf(run, task, metric));
    for (const subset of SUBSETS.filter((name) => scored.some((cell) => cell.subset === name))) {
      const groups = forestGroups(runs, { task, metric, subset, references: options.references === true });
      parts.push(
        `<h3>${escapeHtml(task.title)}, ${escapeHtml(SUBSET_NAMES[subset] ?? subset)}</h3>`,
        `<p class="muted">${escapeHtml(caption(metric, groups))}</p>`,
        renderForestTable(groups, axisOf(metric, groups)),
      );
    }
  }
  return parts.join("\n");
}

type Choice = {
  readonly task: BenchTask;
  readonly metric: BenchMetric;
  readonly subset: string;
  readonly references: boolean;
};

/** Groups in the order of the cells, the average last; rows in the order of the runs. */
function forestGroups(runs: readonly RunScores[], choice: Choice): ForestGroup[] {
  const { task, metric, subset } = choice;
  const bySubset = runs.flatMap((run) =>
    cellsOf(run, task, metric).flatMap((cell) => (cell.subset === subset ? [{ run, cell }] : [])),
  );
  const names = [...new Set(bySubset.map(({ cell }) => cell.cell))];
  // A task of one cell needs no average beside it.
  const shown = names.length === 2 ? names.filter((name) => name !== "average") : names;
  return shown.map((name) => {
    const members = bySubset.filter(({ cell }) => cell.cell === name);
    const best = bestMean(members.map(({ cell }) => cell));
    const reference = choice.references ? referenceRow({ ...choice, cell: name }) : [];
    return {
      title: name === "average" ? "all cells together" : name === "all" ? "" : name,
      line: members.find(({ cell }) => cell.chance !== undefined)?.cell.chance,
      rows: [...members.map(({ run, cell }) => toRow(run.run.model.id, cell, best)), ...reference],
    };
  });
}

function toRow(label: string, cell: CellScore, best: number | undefined): ForestRow {
  const { mean, low, high, items, patients, tooSmall } = cell.estimate;
  const lost = [
    cell.unparsed > 0 ? `${cell.unparsed} unparsed` : "",
    cell.failed > 0 ? `${cell.failed} failed` : "",
  ].filter(Boolean);
  return {
    label,
    remark: lost.join(", ") || undefined,
    mean,
    interval: [low, high],
    tone: tooSmall ? "muted" : mean === best ? "best" : "plain",
    value: formatMean(cell),
    detail: tooSmall ? "n too small" : formatInterval(cell),
    size: `${counted(items, "item")}, ${counted(patients, "patient")}`,
  };
}

function referenceRow(choice: Choice & { readonly cell: string }): ForestRow[] {
  const { task, metric, subset, cell } = choice;
  const mean = referenceScore({ task: task.name, subset, cell, metric: metric.name });
  if (mean === undefined) return [];
  return [
    {
      label: HEARTCARE_GPT_38B.name,
      remark: "paper",
      mean,
      tone: "reference",
      value: formatNumber(mean, metric),
      detail: "",
      size: HEARTCARE_GPT_38B.caution,
    },
  ];
}

/** Of cells that support a claim and hold all the items that any model was asked; undefined for fewer than two. */
function bestMean(cells: readonly CellScore[]): number | undefined {
  const most = Math.max(...cells.map(({ estimate }) => estimate.items));
  const means = cells.flatMap(({ estimate }) =>
    estimate.tooSmall || estimate.items < most ? [] : [estimate.mean],
  );
  if (means.length < 2) return undefined;
  return cells[0]?.higherIsBetter ? Math.max(...means) : Math.min(...means);
}

function caption(metric: BenchMetric, groups: readonly ForestGroup[]): string {
  const chance = groups.some(({ line }) => line !== undefined) ? "; dashed: guessing" : "";
  return `${capital(metric.formula)}; ${metric.higherIsBetter ? "higher" : "lower"} is better${chance}.`;
}

/** Shares run from 0 to 100%; errors from 0 to a round number above everything that is shown. */
function axisOf(metric: BenchMetric, groups: readonly ForestGroup[]): ForestAxis {
  if (metric.higherIsBetter) {
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, label: String(at * 100) }));
    return { low: 0, high: 1, ticks, title: `${metric.name}, %` };
  }
  const means = groups.flatMap(({ rows }) =>
    rows.flatMap(({ mean, interval }) => [mean, interval?.[1] ?? mean]),
  );
  const [high, steps] = roundAxis(Math.max(1, ...means.filter(Number.isFinite)));
  const ticks = Array.from({ length: steps + 1 }, (_, index) => (index * high) / steps).map((at) => ({
    at,
    label: String(Number(at.toFixed(3))),
  }));
  return { low: 0, high, ticks, title: metric.name };
}

/** End of an axis above `value`, with the number of steps that gives round ticks. */
function roundAxis(value: number): readonly [high: number, steps: number] {
  const power = 10 ** Math.floor(Math.log10(value));
  const ends = [
    [1, 4],
    [1.5, 3],
    [2, 4],
    [3, 3],
    [4, 4],
    [6, 3],
    [8, 4],
    [10, 4],
  ] as const;
  const [high, steps] = ends.find(([end]) => end * power >= value) ?? ([10, 4] as const);
  return [high * power, steps];
}

function cellsOf(run: RunScores, task: BenchTask, metric: BenchMetric): CellScore[] {
  return run.cells.filter((cell) => cell.task === task.name && cell.metric === metric.name);
}

/** `61.2 [57.0, 65.4]`; accuracy and ROUGE in percent, errors with three decimals. */
export function formatEstimate(cell: CellScore): string {
  return `${formatMean(cell)} ${cell.estimate.tooSmall ? "(n too small)" : formatInterval(cell)}`;
}

function formatMean(cell: CellScore): string {
  return formatNumber(cell.estimate.mean, cell);
}

function formatInterval(cell: CellScore): string {
  const { low, high } = cell.estimate;
  return `[${formatNumber(low, cell)}, ${formatNumber(high, cell)}]`;
}

function formatNumber(value: number, { higherIsBetter }: { readonly higherIsBetter: boolean }): string {
  return higherIsBetter ? (value * 100).toFixed(1) : value.toFixed(3);
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
