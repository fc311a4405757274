// Score tables of several models side by side: one table a task and subset, a row a cell.
import type { CellScore, RunScores } from "../score-run.ts";
import { BENCH_TASKS } from "../tasks/index.ts";
import { escapeHtml, renderTable } from "./html-page.ts";

const SUBSET_NAMES: Readonly<Record<string, string>> = { S: "signal", I: "image", C: "two recordings" };

/** HTML of every task that at least one run answers. The best model of each row is marked. */
export function renderScoreTables(runs: readonly RunScores[]): string {
  const parts: string[] = [];
  for (const task of BENCH_TASKS) {
    const subsets = [
      ...new Set(runs.flatMap((run) => cellsOf(run, task.name).map((cell) => cell.subset))),
    ].sort();
    for (const subset of subsets) {
      const answering = runs.filter((run) => cellsOf(run, task.name).some((cell) => cell.subset === subset));
      const metric = task.metrics[0];
      if (!metric || answering.length === 0) continue;
      parts.push(
        `<h3>${escapeHtml(task.title)}, ${escapeHtml(SUBSET_NAMES[subset] ?? subset)}</h3>`,
        `<p class="muted">${escapeHtml(metric.formula)}; 95% interval over patients in brackets.</p>`,
        scoreTable(answering, task.name, subset),
      );
    }
  }
  return parts.join("\n");
}

function cellsOf(run: RunScores, task: string): CellScore[] {
  return run.cells.filter((cell) => cell.task === task);
}

function scoreTable(runs: readonly RunScores[], task: string, subset: string): string {
  const names = [
    ...new Set(
      runs.flatMap((run) =>
        cellsOf(run, task)
          .filter((cell) => cell.subset === subset)
          .map((cell) => cell.cell),
      ),
    ),
  ];
  const rows = names.map((name) => {
    const cells = runs.map((run) =>
      cellsOf(run, task).find((cell) => cell.subset === subset && cell.cell === name),
    );
    const best = bestValue(cells);
    const [first] = cells.filter((cell) => cell !== undefined);
    const size = first ? `${first.estimate.items}` : "-";
    return [escapeHtml(name), ...cells.map((cell) => formatCell(cell, best)), size];
  });
  return renderTable(["", ...runs.map((run) => run.run.model.id), "items"], rows);
}

function bestValue(cells: readonly (CellScore | undefined)[]): number {
  const values = cells.flatMap((cell) => (cell ? [cell.estimate.mean] : []));
  return cells.find((cell) => cell)?.higherIsBetter ? Math.max(...values) : Math.min(...values);
}

/** `61.2 [57.0, 65.4]`; accuracy and ROUGE in percent, errors with three decimals. */
export function formatEstimate(cell: CellScore): string {
  const scale = cell.higherIsBetter ? 100 : 1;
  const digits = cell.higherIsBetter ? 1 : 3;
  const number = (value: number): string => (value * scale).toFixed(digits);
  const { mean, low, high, tooSmall } = cell.estimate;
  return tooSmall ? `${number(mean)} (n too small)` : `${number(mean)} [${number(low)}, ${number(high)}]`;
}

function formatCell(cell: CellScore | undefined, best: number): string {
  if (!cell) return "-";
  const [value = "", ...rest] = formatEstimate(cell).split(" ");
  const strong = cell.estimate.mean === best ? `<span class="best">${value}</span>` : value;
  return `${strong} <small>${rest.join(" ")}</small>`;
}
