// The demo's steps, each one call: build, audit, run the baselines, compare, write the report.
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildDataset } from "../../agent/build-dataset.ts";
import { openBeat } from "../../beat/node/open-beat.ts";
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import { makeBaseline } from "../../bench/baselines/make-baseline.ts";
import type { BenchModel } from "../../bench/bench-model.ts";
import { compareRuns } from "../../bench/compare-runs.ts";
import { beatForecaster } from "../../bench/models/beat-forecaster.ts";
import { runBench } from "../../bench/run-bench.ts";
import { type RunScores, scoreRun } from "../../bench/score-run.ts";
import { errorMessage } from "../../shared/errors.ts";
import { showSteps } from "../progress.ts";
import { askShippedModel, type ModelDemo, shippedModelFolder } from "./ask-shipped-model.ts";
import { writeDemoReport } from "./write-demo-report.ts";

/** Embedded recordings: seeded, labelled, several of some patients. */
const EMBEDDED_SOURCE = "synthetic:160:7";

/** Questions asked of each baseline and task: enough for intervals, quick enough for a demo. */
const QUESTIONS_PER_TASK = 300;

const BASELINES = [
  "majority",
  "blind-text",
  "measured",
  "zero",
  "persistence",
  "scaled-persistence",
] as const;

export type DemoOptions = {
  readonly out: string;
  readonly seed: number;
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
};

export type DemoStep = { readonly name: string; readonly result: string; readonly seconds: number };
export type DemoSummary = {
  readonly steps: readonly DemoStep[];
  readonly reportPath: string;
  readonly dataset: string;
};

/** Does a step and notes what came of it and how long it took. */
type Timed = <T>(name: string, work: () => Promise<T>, describe: (value: T) => string) => Promise<T>;

/** Run the story. Earlier results in `out` are replaced. */
export async function runDemo(sources: readonly string[], options: DemoOptions): Promise<DemoSummary> {
  const dataset = join(options.out, "dataset");
  const steps: DemoStep[] = [];
  const bars = showSteps("recordings");
  const timed: Timed = async (name, work, describe) => {
    const startedAt = performance.now();
    const value = await work();
    steps.push({ name, result: describe(value), seconds: (performance.now() - startedAt) / 1000 });
    return value;
  };
  await rm(dataset, { recursive: true, force: true });
  const built = await timed(
    "build",
    () =>
      buildDataset(sources.length > 0 ? sources : [EMBEDDED_SOURCE], {
        ...options,
        out: dataset,
        onProgress: bars.update,
      }),
    ({ manifest }) =>
      `${manifest.records.total} recordings of ${manifest.records.patients} patients, ${manifest.itemCount} items`,
  );
  bars.finish();
  const { audit } = built;
  steps.push({
    name: "audit",
    result: audit
      ? `${audit.leaks.length} leaks, ${audit.copies.length} copies among ${audit.fingerprints.pairs} pairs of patients`
      : "left out",
    seconds: 0,
  });
  const { tokenizer } = await openBeat(undefined);
  const runs = await timed("bench", () => runModels(dataset, tokenizer, options), describeRuns);
  const runFolder = (name: string): string => join(options.out, "runs", name);
  const comparison = await timed(
    "compare",
    () => compareRuns(runFolder("measured"), runFolder("majority"), dataset),
    ({ differences }) => {
      const closed = differences.find(
        (row) => row.task === "closed-qa" && row.cell === "average" && row.subset === "S",
      );
      if (!closed) return "no closed questions";
      const { mean, low, high } = closed.difference;
      return `measured - majority on closed questions: ${percent(mean)} [${percent(low)}, ${percent(high)}]`;
    },
  );
  const model = await runShippedModel(dataset, timed);
  const reportPath = resolve(options.out, "report.html");
  await timed(
    "report",
    () =>
      writeDemoReport(reportPath, {
        dataset,
        built,
        runs,
        comparison,
        options,
        tokenizer,
        model,
        embedded: sources.length === 0,
      }),
    (bytes) => `${(bytes / 1024).toFixed(0)} KiB`,
  );
  await tokenizer.dispose();
  return { steps, reportPath, dataset };
}

/** The model that ships, where one does. What it cannot do leaves the rest of the story alone. */
async function runShippedModel(dataset: string, timed: Timed): Promise<ModelDemo | undefined> {
  const folder = shippedModelFolder();
  if (folder === undefined) return undefined;
  const work = async (): Promise<ModelDemo | string> => {
    try {
      return (await askShippedModel(dataset, folder)) ?? "left out: no closed question on a test recording";
    } catch (error) {
      return `left out: ${errorMessage(error)}`;
    }
  };
  const said = await timed("model", work, (found) =>
    typeof found === "string" ? found : `${found.report.model} on ${found.report.id}: ${found.answer.answer}`,
  );
  return typeof said === "string" ? undefined : said;
}

async function runModels(
  dataset: string,
  tokenizer: BeatTokenizer,
  options: DemoOptions,
): Promise<RunScores[]> {
  const models: BenchModel[] = [];
  for (const name of BASELINES) models.push(await makeBaseline(name, dataset, options.seed));
  models.push(beatForecaster(tokenizer));
  const runs: RunScores[] = [];
  for (const model of models) {
    const folder = join(options.out, "runs", model.id);
    await rm(folder, { recursive: true, force: true });
    await runBench(dataset, model, folder, {
      split: "test",
      limit: QUESTIONS_PER_TASK,
      seed: options.seed,
      signal: options.signal,
    });
    runs.push(await scoreRun(folder, dataset));
  }
  return runs;
}

function describeRuns(runs: readonly RunScores[]): string {
  const accuracy = (id: string): string => {
    const cells =
      runs
        .find((run) => run.run.model.id === id)
        ?.cells.filter((cell) => cell.task === "closed-qa" && cell.cell === "average") ?? [];
    const items = cells.reduce((sum, cell) => sum + cell.estimate.items, 0);
    return items === 0
      ? "-"
      : percent(cells.reduce((sum, cell) => sum + cell.estimate.mean * cell.estimate.items, 0) / items);
  };
  return `closed-qa accuracy: measured ${accuracy("measured")}, majority ${accuracy("majority")}, blind-text ${accuracy("blind-text")}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
