// Train Beat: recordings, the stage, the loop, and a folder with everything that the run was. Node only.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BEAT_CARD_FILE, BEAT_CONFIG_FILE, BEAT_MODEL_FILE, encodeBeat } from "../beat/beat-checkpoint.ts";
import { loadNodeRuntime } from "../graph/node/load-node-runtime.ts";
import { EcgError } from "../shared/errors.ts";
import { hashText } from "../shared/rng.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { openBeatStage } from "./beat-stage.ts";
import { describeEnvironment } from "./describe-environment.ts";
import { SEEN_FILE, type SeenRecordings, seenRecordings } from "./held-out.ts";
import { type LoadedRecordings, loadRecordings } from "./load-recordings.ts";
import type { LoadedRecording } from "./packed-recording.ts";
import { runTraining } from "./run-training.ts";
import { checkSameSettings } from "./same-settings.ts";
import { resolveTrainBeatConfig, type TrainBeatConfig } from "./train-beat-config.ts";
import type { NamedNumbers, TrainingEvent, TrainingSummary } from "./training-event.ts";
import { writeRunReport } from "./write-run-report.ts";

export type TrainBeatOptions = {
  readonly sources: readonly string[];
  /** The run's folder: config.json, env.json, data.json, log.jsonl, curves.svg, report.html, checkpoints/. */
  readonly folder: string;
  readonly config: TrainBeatConfig;
  /** Go on from `checkpoints/last`; the configuration and the recordings must be those of the run. */
  readonly resume?: boolean;
  /** Where prepared recordings are kept between runs; left out: nowhere. */
  readonly cacheFolder?: string;
  readonly includeUnlicensed?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
};

/** What a run was trained on, written as data.json. */
type DataFacts = {
  readonly sources: readonly {
    readonly source: string;
    readonly format: string;
    readonly read: number;
    readonly leftOut: number;
  }[];
  readonly recordings: { readonly train: number; readonly val: number; readonly test: number };
  readonly patients: { readonly train: number; readonly val: number; readonly test: number };
  readonly duplicates: number;
  /** Of identities, splits and lengths: a resumed run must draw from the same recordings. */
  readonly fingerprint: string;
};

/**
 * Train on the train split of the sources, chosen on val; test is never looked at.
 * @throws EcgError as `loadRecordings` and `runTraining`; INVALID_OPTION when a resumed run differs in
 * configuration or recordings from what it began as; NOT_FOUND when there is nothing to resume.
 */
export async function trainBeat(options: TrainBeatOptions): Promise<TrainingSummary> {
  const { config, folder } = options;
  const tell = options.onEvent ?? ((): void => undefined);
  const runtime = await loadNodeRuntime();
  const loaded = await loadRecordings(options.sources, {
    samplingRateHz: config.model.samplingRateHz,
    minimumSamples: config.model.inputSamples + config.model.predictionSamples,
    ...(options.cacheFolder ? { cacheFolder: options.cacheFolder } : {}),
    includeUnlicensed: options.includeUnlicensed ?? false,
    ...(options.signal ? { signal: options.signal } : {}),
    onProgress: (done, total, source) => tell({ kind: "loading", done, total, source }),
  });
  const data = describeData(loaded);
  requireSplits(data);
  tell({ kind: "note", text: describeCounts(data) });
  if (options.resume) await checkResumable(folder, config, data);
  else await writeRunFiles(folder, options.sources, config, data);
  await writeJson(
    join(folder, "env.json"),
    await describeEnvironment(runtime, { seed: config.seed, threads: config.threads }),
  );
  const onNote = (text: string): void => tell({ kind: "note", text });
  const { train, val } = loaded.splits;
  const stage = await openBeatStage({ runtime, config, train, val, onNote });
  try {
    const writeModel = (target: string, position: { step: number; scores: NamedNumbers }): Promise<void> =>
      writeBeatModel(target, config, {
        ...position,
        store: stage.store,
        data,
        seen: seenRecordings(train, val),
      });
    const summary = await runTraining({ ...stage, writeModel }, { ...options, ...config, folder });
    await writeRunReport(folder, { title: "Beat training", config, data, summary });
    return summary;
  } finally {
    await stage.dispose();
  }
}

/** The configuration and sources that a run began with. @throws EcgError NOT_FOUND, INVALID_FILE. */
export async function readRunConfig(
  folder: string,
): Promise<{ config: TrainBeatConfig; sources: readonly string[] }> {
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new EcgError("NOT_FOUND", `${path}: expected the configuration of a run, found none`, {
      hint: "start the run without --resume",
      cause,
    });
  });
  const { sources, ...rest } = JSON.parse(text) as TrainBeatConfig & { sources: readonly string[] };
  return { config: resolveTrainBeatConfig([rest], path), sources };
}

async function writeRunFiles(
  folder: string,
  sources: readonly string[],
  config: TrainBeatConfig,
  data: DataFacts,
): Promise<void> {
  await writeJson(join(folder, "config.json"), { ...config, sources });
  await writeJson(join(folder, "data.json"), data);
}

async function checkResumable(folder: string, config: TrainBeatConfig, data: DataFacts): Promise<void> {
  const began = await readRunConfig(folder);
  checkSameSettings(began.config, config, "resume");
  const path = join(folder, "data.json");
  const before = JSON.parse(await readFile(path, "utf8")) as DataFacts;
  if (before.fingerprint === data.fingerprint) return;
  throw new EcgError(
    "INVALID_OPTION",
    `${path}: expected ${describeCounts(before)} (${before.fingerprint}), got ${describeCounts(data)} (${data.fingerprint})`,
    { hint: "resume with the sources that the run began with, or start another run" },
  );
}

type ModelFacts = {
  readonly step: number;
  readonly scores: NamedNumbers;
  readonly store: Parameters<typeof encodeBeat>[1];
  readonly data: DataFacts;
  readonly seen: SeenRecordings;
};

async function writeBeatModel(target: string, config: TrainBeatConfig, facts: ModelFacts): Promise<void> {
  const { step, scores, store, data } = facts;
  const { model: _model, ...training } = config;
  const about = { trained: { step, ...training }, valScores: scores, data };
  const files = encodeBeat(config.model, store, { about });
  await writeFileAtomic(join(target, BEAT_MODEL_FILE), files.model);
  await writeFileAtomic(join(target, BEAT_CONFIG_FILE), files.config);
  await writeFileAtomic(join(target, SEEN_FILE), `${JSON.stringify(facts.seen)}\n`);
  await writeFileAtomic(join(target, BEAT_CARD_FILE), renderCard(config, facts));
}

function renderCard(config: TrainBeatConfig, { step, scores, data }: ModelFacts): string {
  const rows = Object.entries(scores).map(([name, value]) => `| ${name} | ${value.toFixed(4)} |`);
  const sources = data.sources.map(
    ({ source, format, read }) => `- ${source.split("/").at(-1)} (${format}): ${read} recordings read`,
  );
  return [
    "# Beat checkpoint",
    "",
    `Discrete ECG tokenizer: ${config.model.inputSamples} samples of 12 leads at ${config.model.samplingRateHz} Hz become ${config.model.queryCount} pairs of codes. Not a medical device.`,
    "",
    `Trained for ${step} of ${config.steps} steps, batch ${config.batch}, learning rate ${config.learningRate} (cosine), seed ${config.seed}.`,
    "",
    `## Data: ${describeCounts(data)}`,
    "",
    ...sources,
    "",
    "Split by identity (PTB-XL folds 1-8 train, 9 val, 10 test; a hash of the patient elsewhere). Trained on train, chosen on val.",
    "",
    "## Scores on val",
    "",
    "| score | value |",
    "| --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function describeData(loaded: LoadedRecordings): DataFacts {
  const { train, val, test } = loaded.splits;
  const bySplit = (count: (recordings: readonly LoadedRecording[]) => number) => ({
    train: count(train),
    val: count(val),
    test: count(test),
  });
  const identity = [...train, ...val, ...test].map(({ id, split, sampleCount, unit }) => [
    id,
    split,
    sampleCount,
    unit,
  ]);
  return {
    sources: loaded.sources.map(({ source, format, read, leftOut }) => ({
      source,
      format,
      read,
      leftOut: leftOut.length,
    })),
    recordings: bySplit((recordings) => recordings.length),
    patients: bySplit((recordings) => new Set(recordings.map(({ patientId }) => patientId)).size),
    duplicates: loaded.duplicates,
    fingerprint: hashText(JSON.stringify(identity)).toString(16).padStart(8, "0"),
  };
}

function describeCounts({ recordings, duplicates }: DataFacts): string {
  const { train, val, test } = recordings;
  return `${train} train, ${val} val, ${test} test recordings (${duplicates} found twice, counted once)`;
}

function requireSplits({ recordings }: DataFacts): void {
  for (const split of ["train", "val"] as const) {
    if (recordings[split] > 0) continue;
    throw new EcgError("INVALID_OPTION", `beat train: expected recordings in ${split}, found 0`, {
      hint: "give more sources: the split is by PTB-XL fold, or a hash of the patient",
      details: recordings,
    });
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
