// Scores of a run from its answer log alone: by task, subset and cell, with patient-clustered intervals.
import { join } from "node:path";
import type { QaItem } from "../qa/qa-item.ts";
import { bootstrapMean, type Estimate } from "../shared/patient-bootstrap.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import type { RunDescription } from "./run-description.ts";
import {
  asScoredItems,
  cellOrder,
  cellsOf,
  type ScoredAnswer,
  type ScoredRun,
  scoreItems,
} from "./score-items.ts";
import type { BenchMetric } from "./task.ts";

/** One cell of the result table. */
export type CellScore = {
  readonly task: string;
  readonly subset: string;
  /** Dimension, pair kind, or `average` over the cells of a task and subset (each item weighs the same). */
  readonly cell: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  readonly estimate: Estimate;
  /** Mean score of answering at random; undefined where there is nothing to choose from. */
  readonly chance?: number | undefined;
  readonly unparsed: number;
  readonly failed: number;
};

export type RunScores = {
  readonly run: RunDescription;
  readonly cells: readonly CellScore[];
  /** Items of the selection that the log does not answer (an unfinished run). */
  readonly unanswered: number;
  /** Versions of the rules that scored, by task. */
  readonly scoredBy: Readonly<Record<string, number>>;
};

/** Score a run and write its `report.json`. `dataset` replaces the path kept in the run (a moved folder). */
export async function scoreRun(runFolder: string, dataset?: string): Promise<RunScores> {
  const scores = summariseRun(await scoreItems(runFolder, dataset));
  await writeFileAtomic(join(runFolder, "report.json"), `${JSON.stringify(scores, null, 2)}\n`);
  return scores;
}

/** Cells of a run whose answers are scored. */
export function summariseRun({ run, answers, unanswered }: ScoredRun): RunScores {
  const cells = new Map<string, CellCollector>();
  for (const answer of answers) {
    for (const cell of cellsOf(answer)) {
      for (const metric of answer.task.metrics) collect(cells, answer, cell, metric);
    }
  }
  return {
    run,
    cells: [...cells.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, collector]) => closeCell(collector, run.seed)),
    unanswered,
    scoredBy: Object.fromEntries(answers.map(({ task }) => [task.name, task.version])),
  };
}

type CellCollector = {
  readonly head: Pick<CellScore, "task" | "subset" | "cell" | "metric" | "higherIsBetter">;
  readonly metric: BenchMetric;
  readonly values: { readonly item: QaItem; readonly value: number }[];
  chance: number;
  unparsed: number;
  failed: number;
};

function collect(
  cells: Map<string, CellCollector>,
  { item, task, answer, score }: ScoredAnswer,
  cell: string,
  metric: BenchMetric,
): void {
  const { name, higherIsBetter } = metric;
  const key = cellOrder(task.name, item.subset, cell, name);
  const collector = cells.get(key) ?? {
    head: { task: task.name, subset: item.subset, cell, metric: name, higherIsBetter },
    metric,
    values: [],
    chance: 0,
    unparsed: 0,
    failed: 0,
  };
  cells.set(key, collector);
  collector.values.push({ item, value: score.values[name] ?? Number.NaN });
  collector.chance += metric.chance?.(item) ?? Number.NaN;
  if (score.unparsed !== undefined) collector.unparsed++;
  if (answer.error !== undefined) collector.failed++;
}

function closeCell(collector: CellCollector, seed: number): CellScore {
  const { head, metric, values, chance, unparsed, failed } = collector;
  return {
    ...head,
    estimate: bootstrapMean(asScoredItems(values, metric), { seed }),
    chance: Number.isNaN(chance) ? undefined : chance / values.length,
    unparsed,
    failed,
  };
}
