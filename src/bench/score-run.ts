// Scores of a run from its answer log alone: by task, subset and cell, with patient-clustered intervals.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { QaItem } from "../qa/qa-item.ts";
import { EcgError } from "../shared/errors.ts";
import { bootstrapMean, type Estimate, type ScoredItem } from "../shared/patient-bootstrap.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { type LoggedAnswer, readAnswerLog } from "./answer-log.ts";
import { openBench } from "./open-bench.ts";
import type { RunDescription } from "./run-bench.ts";
import type { BenchTask } from "./task.ts";
import { BENCH_TASKS } from "./tasks/index.ts";

/** One cell of the result table. */
export type CellScore = {
  readonly task: string;
  readonly subset: string;
  /** Dimension, pair kind, or `average` over the cells of a task and subset (each item weighs the same). */
  readonly cell: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  readonly estimate: Estimate;
  readonly unparsed: number;
  readonly failed: number;
};

export type RunScores = {
  readonly run: RunDescription;
  readonly cells: readonly CellScore[];
  /** Items of the selection that the log does not answer (an unfinished run). */
  readonly unanswered: number;
};

/** Read `run.json`. @throws EcgError NOT_FOUND when the folder holds no run. */
export async function readRun(runFolder: string): Promise<RunDescription> {
  const text = await readFile(join(runFolder, "run.json"), "utf8").catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${runFolder}: expected a run with run.json, found none`, {
      hint: "make one with: heartcare bench run <dataset> --model <name> --out <dir>",
      cause,
    });
  });
  return JSON.parse(text) as RunDescription;
}

/** Items of a run with what was answered and how it scored; the per-item view of {@link scoreRun}. */
export async function scoreItems(
  runFolder: string,
  dataset?: string,
): Promise<{
  run: RunDescription;
  items: { item: QaItem; answer: LoggedAnswer | undefined; task: BenchTask }[];
}> {
  const run = await readRun(runFolder);
  const bench = await openBench(dataset ?? run.dataset, {
    split: run.split as "train" | "val" | "test",
    tasks: run.tasks as QaItem["task"][],
    limit: run.limit ?? undefined,
    seed: run.seed,
  });
  const answers = await readAnswerLog(join(runFolder, "answers.jsonl"));
  const items = bench.items.flatMap((item) => {
    const task = BENCH_TASKS.find((candidate) => candidate.name === item.task);
    return task ? [{ item, answer: answers.get(item.id), task }] : [];
  });
  return { run, items };
}

/** Score a run and write its `report.json`. `dataset` replaces the path kept in the run (a moved folder). */
export async function scoreRun(runFolder: string, dataset?: string): Promise<RunScores> {
  const { run, items } = await scoreItems(runFolder, dataset);
  const collected = new Map<string, CellCollector>();
  let unanswered = 0;
  for (const { item, answer, task } of items) {
    if (!answer) {
      unanswered++;
      continue;
    }
    const score = task.score(item, answer);
    for (const cell of new Set([task.cell(item), "average"])) {
      for (const metric of task.metrics) {
        const key = [task.name, item.subset, cell === "average" ? "~" : cell, metric.name].join("|");
        const collector = collected.get(key) ?? newCollector(task, item.subset, cell, metric);
        collected.set(key, collector);
        collector.items.push({ patientId: answer.patientId, value: score.values[metric.name] ?? Number.NaN });
        if (score.unparsed !== undefined) collector.unparsed++;
        if (answer.error !== undefined) collector.failed++;
      }
    }
  }
  const cells = [...collected.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, collector]) => ({
      ...collector.head,
      estimate: bootstrapMean(collector.items, { seed: run.seed }),
      unparsed: collector.unparsed,
      failed: collector.failed,
    }));
  const scores: RunScores = { run, cells, unanswered };
  await writeFileAtomic(join(runFolder, "report.json"), `${JSON.stringify(scores, null, 2)}\n`);
  return scores;
}

type CellCollector = {
  readonly head: Pick<CellScore, "task" | "subset" | "cell" | "metric" | "higherIsBetter">;
  readonly items: ScoredItem[];
  unparsed: number;
  failed: number;
};

function newCollector(
  task: BenchTask,
  subset: string,
  cell: string,
  metric: BenchTask["metrics"][number],
): CellCollector {
  const head = { task: task.name, subset, cell, metric: metric.name, higherIsBetter: metric.higherIsBetter };
  return { head, items: [], unparsed: 0, failed: 0 };
}
