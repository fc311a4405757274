// Ask a model every question of a selection and log its answers, one line each, resumable at any point.
import { join } from "node:path";
import type { QaItem } from "../qa/qa-item.ts";
import { EcgError, errorMessage } from "../shared/errors.ts";
import { appendJsonLine, repairJsonLines } from "../shared/json-lines.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { type LoggedAnswer, readAnswerLog } from "./answer-log.ts";
import type { BenchAnswer, BenchModel, BenchQuestion } from "./bench-model.ts";
import { forecastMse } from "./metrics/forecast-mse.ts";
import { type OpenBench, openBench, type ShownInstead } from "./open-bench.ts";
import { type RunDescription, requireRunFolder } from "./run-description.ts";
import { type BenchSelection, hashItems, selectionOf } from "./select-items.ts";
import { BENCH_TASKS } from "./tasks/index.ts";
import { FORECAST_SAMPLES } from "./tasks/prediction/task.ts";

export type RunOptions = BenchSelection & {
  /** Continue the run in this folder; finished answers are kept, failed ones asked again. */
  readonly resume?: boolean;
  /** Show other recordings or other pages; a shuffled run leaves predictions out. */
  readonly shown?: ShownInstead | undefined;
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
 * One failed answer is logged and counted as wrong; it never ends the run. Stopped or killed at any point, also in
 * the middle of a line, `resume` goes on.
 * @throws EcgError INVALID_OPTION when the folder holds another run, or this one and `resume` is missing; ABORTED.
 */
export async function runBench(
  dataset: string,
  model: BenchModel,
  runFolder: string,
  options: RunOptions,
): Promise<RunSummary> {
  const shown = options.shown ?? {};
  const selection = selectionOf(shown.shuffleSeed === undefined ? model : withoutForecasts(model), options);
  const bench = await openBench(dataset, selection, shown);
  const description = describeRun(model, { ...selection, shown }, bench);
  await requireRunFolder(runFolder, description, { resume: options.resume === true });
  await writeFileAtomic(join(runFolder, "run.json"), `${JSON.stringify(description, null, 2)}\n`);
  const answersPath = join(runFolder, "answers.jsonl");
  const done = await finishedItems(answersPath);

  let [asked, kept, failed] = [0, 0, 0];
  for (const item of bench.items) {
    options.signal?.throwIfAborted();
    if (done.has(item.id)) kept++;
    else {
      const answer = await askOne(bench, model, item, options.signal);
      if (answer.error !== undefined) failed++;
      asked++;
      await appendJsonLine(answersPath, answer);
    }
    options.onProgress?.(asked + kept, bench.items.length);
  }
  return { runFolder, asked, kept, failed };
}

/** A forecast is measured against what followed the item's own window. */
function withoutForecasts(model: BenchModel): Pick<BenchModel, "tasks" | "modalities"> {
  return { ...model, tasks: model.tasks.filter((task) => task !== "prediction") };
}

function describeRun(
  model: BenchModel,
  selection: BenchSelection & { readonly shown: ShownInstead },
  bench: OpenBench,
): RunDescription {
  const { shuffleSeed, page } = selection.shown;
  const tasks = BENCH_TASKS.filter(({ name }) => selection.tasks?.includes(name));
  return {
    model: { id: model.id, version: model.version },
    dataset: bench.folder,
    split: selection.split,
    tasks: tasks.map(({ name }) => name),
    modalities: [...(selection.modalities ?? (["signal", "image"] as const))],
    taskVersions: Object.fromEntries(tasks.map(({ name, version }) => [name, version])),
    limit: selection.limit ?? null,
    seed: selection.seed,
    ...(selection.realOnly ? { realOnly: true } : {}),
    ...(shuffleSeed === undefined && !page ? {} : { shown: { shuffleSeed, page: page?.name } }),
    items: { hash: hashItems(bench.items), count: bench.items.length },
    environment: { node: process.version, platform: `${process.platform} ${process.arch}` },
  };
}

/** Items with an answer; a line that a kill cut is taken off the log first. */
async function finishedItems(answersPath: string): Promise<Set<string>> {
  await repairJsonLines(answersPath);
  const answers = await readAnswerLog(answersPath);
  return new Set([...answers.values()].flatMap(({ itemId, error }) => (error === undefined ? [itemId] : [])));
}

async function askOne(
  bench: OpenBench,
  model: BenchModel,
  item: QaItem,
  signal: AbortSignal | undefined,
): Promise<LoggedAnswer> {
  const startedAt = performance.now();
  const base = { itemId: item.id, task: item.task };
  const seconds = (): number => Number(((performance.now() - startedAt) / 1000).toFixed(4));
  try {
    const question = bench.question(item);
    const answer = await model.answer(question, signal);
    const said =
      "text" in answer ? { text: answer.text } : await measureForecast(bench, item, question, answer);
    return { ...base, ...said, seconds: seconds() };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { ...base, text: "", error: errorMessage(error), seconds: seconds() };
  }
}

/** The error of a forecast, computed while the signal is at hand. */
async function measureForecast(
  bench: OpenBench,
  item: QaItem,
  question: BenchQuestion,
  answer: Extract<BenchAnswer, { readonly forecastMv: unknown }>,
): Promise<Pick<LoggedAnswer, "text" | "measures">> {
  const [input] = question.inputs;
  if (item.task !== "prediction" || input === undefined) {
    throw new EcgError("INVALID_OPTION", `${item.task}: expected an answer in words, got a forecast`);
  }
  const truth = await bench.readContinuation(item, FORECAST_SAMPLES);
  const mse = forecastMse(await input.readWindow(), answer.forecastMv, truth);
  if (Number.isNaN(mse)) {
    throw new EcgError(
      "INVALID_SIGNAL",
      `${item.id}: expected a lead that varies and goes on for ${FORECAST_SAMPLES} samples, found none`,
    );
  }
  return { text: "<pred>", measures: { mse } };
}
