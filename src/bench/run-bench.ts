// Ask a model every question of a selection and log its answers, one line each, resumable at any point.
import { join } from "node:path";
import type { QaItem } from "../qa/qa-item.ts";
import { EcgError, errorMessage } from "../shared/errors.ts";
import { appendJsonLine, repairJsonLines } from "../shared/json-lines.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { type LoggedAnswer, readAnswerLog } from "./answer-log.ts";
import type { BenchModel } from "./bench-model.ts";
import { forecastMse } from "./metrics/forecast-mse.ts";
import { type BenchSelection, type OpenBench, openBench } from "./open-bench.ts";
import { BENCH_TASKS } from "./tasks/index.ts";

/** Samples of a forecast: 2 s at 250 Hz, half of the 4 s input (design 4.6). */
export const FORECAST_SAMPLES = 500;

export type RunOptions = BenchSelection & {
  /** Continue the run in this folder; finished answers are kept, failed ones asked again. */
  readonly resume?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
};

export type RunSummary = {
  readonly runFolder: string;
  readonly asked: number;
  readonly kept: number;
  readonly failed: number;
};

/**
 * Run a model over a dataset into `runFolder` (`run.json`, `answers.jsonl`).
 *
 * One failed answer is logged and counted as wrong; it never ends the run.
 * @throws EcgError INVALID_OPTION when the folder already holds another run or `resume` is missing.
 */
export async function runBench(
  dataset: string,
  model: BenchModel,
  runFolder: string,
  options: RunOptions,
): Promise<RunSummary> {
  const bench = await openBench(dataset, options);
  const answersPath = join(runFolder, "answers.jsonl");
  const done = await prepareFolder(
    runFolder,
    answersPath,
    describeRun(dataset, model, options),
    options.resume === true,
  );
  const items = bench.items.filter((item) => model.tasks.includes(item.task));
  let failed = 0;
  let asked = 0;
  for (const [index, item] of items.entries()) {
    options.signal?.throwIfAborted();
    if (!done.has(item.id)) {
      const answer = await askOne(bench, model, item, options.signal);
      if (answer.error !== undefined) failed++;
      asked++;
      await appendJsonLine(answersPath, answer);
    }
    options.onProgress?.(index + 1, items.length);
  }
  return { runFolder, asked, kept: done.size, failed };
}

/** What a run was made with: `run.json`. */
export type RunDescription = {
  model: { id: string; version: string };
  dataset: string;
  split: string;
  tasks: string[];
  taskVersions: Record<string, number>;
  limit: number | null;
  seed: number;
};

function describeRun(dataset: string, model: BenchModel, options: RunOptions): RunDescription {
  const tasks = (options.tasks ?? BENCH_TASKS.map((task) => task.name)).filter((name) =>
    model.tasks.includes(name),
  );
  return {
    model: { id: model.id, version: model.version },
    dataset,
    split: options.split,
    tasks,
    taskVersions: Object.fromEntries(BENCH_TASKS.map((task) => [task.name, task.version])),
    limit: options.limit ?? null,
    seed: options.seed,
  };
}

async function prepareFolder(
  runFolder: string,
  answersPath: string,
  description: RunDescription,
  resume: boolean,
): Promise<Set<string>> {
  const complete = await repairJsonLines(answersPath);
  if (complete !== "" && !resume) {
    throw new EcgError(
      "INVALID_OPTION",
      `${runFolder}: expected an empty run folder, found answers of an earlier run`,
      {
        hint: "go on with --resume or choose another --out",
      },
    );
  }
  await writeFileAtomic(join(runFolder, "run.json"), `${JSON.stringify(description, null, 2)}\n`);
  if (complete === "") return new Set();
  const answers = await readAnswerLog(answersPath);
  return new Set(
    [...answers.values()].filter((answer) => answer.error === undefined).map((answer) => answer.itemId),
  );
}

async function askOne(
  bench: OpenBench,
  model: BenchModel,
  item: QaItem,
  signal: AbortSignal | undefined,
): Promise<LoggedAnswer> {
  const startedAt = performance.now();
  const base = {
    itemId: item.id,
    task: item.task,
    patientId: item.records.map((entry) => entry.patientId).sort()[0] ?? "",
  };
  const seconds = (): number => Number(((performance.now() - startedAt) / 1000).toFixed(4));
  try {
    const question = bench.question(item);
    const answer = await model.answer(question, signal);
    if ("text" in answer) return { ...base, text: answer.text, seconds: seconds() };
    const input = await question.inputs[0]?.readWindow();
    const truth = await bench.readContinuation(item, answer.forecastMv.sampleCount);
    const mse = input ? forecastMse(input, answer.forecastMv, truth) : Number.NaN;
    return {
      ...base,
      text: "<pred>",
      ...(Number.isFinite(mse) ? { measures: { mse } } : {}),
      seconds: seconds(),
    };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { ...base, text: "", error: errorMessage(error), seconds: seconds() };
  }
}
