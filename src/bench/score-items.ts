// The per-item view of a run: every asked item with its answer and its scores, from the log alone.
import { join } from "node:path";
import { type QaItem, SUBSETS } from "../qa/qa-item.ts";
import { DIMENSIONS } from "../record/statement.ts";
import { EcgError } from "../shared/errors.ts";
import type { ScoredItem } from "../shared/patient-bootstrap.ts";
import { type LoggedAnswer, readAnswerLog } from "./answer-log.ts";
import { balanceWeights } from "./balance-weights.ts";
import { type RunDescription, readRun } from "./run-description.ts";
import { hashItems, selectItems } from "./select-items.ts";
import type { AnswerScore, BenchMetric, BenchTask } from "./task.ts";
import { BENCH_TASKS, taskNamed } from "./tasks/index.ts";

export type ScoredAnswer = {
  readonly item: QaItem;
  readonly task: BenchTask;
  readonly answer: LoggedAnswer;
  readonly score: AnswerScore;
};

export type ScoredRun = {
  readonly run: RunDescription;
  readonly answers: readonly ScoredAnswer[];
  /** Asked items that the log does not answer (an unfinished run). */
  readonly unanswered: number;
};

/**
 * Score every answer of a run. `dataset` replaces the path kept in the run (a moved folder).
 * @throws EcgError NOT_FOUND for no run, INVALID_FILE when the dataset no longer holds the items that were asked or
 *   the log was measured by another version of a task.
 */
export async function scoreItems(runFolder: string, dataset?: string): Promise<ScoredRun> {
  const run = await readRun(runFolder);
  requireMeasuredVersions(runFolder, run);
  const folder = dataset ?? run.dataset;
  const items = await selectItems(folder, {
    split: run.split,
    tasks: run.tasks,
    modalities: run.modalities,
    limit: run.limit ?? undefined,
    seed: run.seed,
    realOnly: run.realOnly,
  });
  if (hashItems(items) !== run.items.hash) {
    throw new EcgError(
      "INVALID_FILE",
      `${folder}: expected the ${run.items.count} items that ${runFolder} was asked (${run.items.hash}), found ${items.length} others (${hashItems(items)})`,
      { hint: "the dataset was built anew: run the model again, or name the old one with --dataset" },
    );
  }
  const log = await readAnswerLog(join(runFolder, "answers.jsonl"));
  const answers = items.flatMap((item) => {
    const [task, answer] = [taskNamed(item.task), log.get(item.id)];
    return task && answer ? [{ item, task, answer, score: task.score(item, answer) }] : [];
  });
  return { run, answers, unanswered: items.length - answers.length };
}

/** An item's value with the patients that it is about. */
export function asScoredItem(item: QaItem, value: number): ScoredItem {
  const [first, second] = item.records;
  return { patientId: first?.patientId ?? "", otherPatientId: second?.patientId, value };
}

/** The values of a cell's items by a metric, weighted where it balances answers. */
export function asScoredItems(
  values: readonly { readonly item: QaItem; readonly value: number }[],
  { balance }: Pick<BenchMetric, "balance">,
): ScoredItem[] {
  const scored = values.map(({ item, value }) => asScoredItem(item, value));
  if (!balance) return scored;
  const weights = balanceWeights(
    values.map(({ item }) => item),
    balance,
  );
  return scored.map((entry, index) => ({ ...entry, weight: weights[index] }));
}

/** `average` holds every item of a task and subset; the others are what the task's tables show. */
export function cellsOf({ item, task }: Pick<ScoredAnswer, "item" | "task">): string[] {
  return [...new Set([task.cell(item), "average"])];
}

/** A key that sorts cells by task, subset, dimension or kind of pair as the paper's tables do, the average last. */
export function cellOrder(task: string, subset: string, cell: string, metric: string): string {
  const ranks = [
    BENCH_TASKS.findIndex(({ name }) => name === task),
    (SUBSETS as readonly string[]).indexOf(subset),
    CELLS.indexOf(cell),
  ];
  return [...ranks.map((rank) => (rank < 0 ? 90 : rank + 10)), cell === "average" ? "~" : cell, metric].join(
    "|",
  );
}

/** Cells in the order of the paper's tables; others follow by name, before the average. */
const CELLS: readonly string[] = [
  ...DIMENSIONS,
  ...["S-S", "I-I", "S-I"].flatMap((pair) => [`${pair} consecutive`, `${pair} irrelevant`]),
  "all",
];

/** Words can be scored again by a newer rule; what was measured while the signal was at hand cannot. */
function requireMeasuredVersions(runFolder: string, run: RunDescription): void {
  for (const [name, version] of Object.entries(run.taskVersions)) {
    const task = taskNamed(name);
    if (!task?.measuredAtRun || task.version === version) continue;
    throw new EcgError(
      "INVALID_FILE",
      `${runFolder}: expected answers measured by version ${task.version} of ${name}, found version ${version}`,
      { hint: "run the model again" },
    );
  }
}
