// Do the codes keep what matters? Superclasses read off them linearly, beside rivals on the same recordings.
import type { BeatConfig } from "../../beat/beat-config.ts";
import { createSegment, fillSegment } from "../../beat/segment.ts";
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import type { Runtime } from "../../graph/runtime.ts";
import { SUPERCLASSES } from "../../labels/statement-definition.ts";
import { sliceSamples } from "../../record/lead-matrix.ts";
import { EcgError } from "../../shared/errors.ts";
import type { LoadedRecording } from "../packed-recording.ts";
import { asRecord, compareReconstruction, type ReconstructionComparison } from "./compare-reconstruction.ts";
import { fitLogistic, predictLogistic } from "./fit-logistic.ts";
import { aurocByLabel, bootstrapAuroc, type Interval, macroAuroc, type Scored } from "./macro-auroc.ts";
import { measuredFeatures } from "./measured-features.ts";
import { fitComponents, projectRows } from "./principal-components.ts";
import { type LabelledWindows, trainSmallResnet } from "./small-resnet.ts";

/** What is read: codes, codes and the scale of every lead, and three rivals. */
export const PROBE_METHODS = ["beat", "beatWithScale", "pca", "measured", "resnet"] as const;
export type ProbeMethod = (typeof PROBE_METHODS)[number];

export type MethodReport = {
  /** Mean over the five superclasses on fold 10. */
  readonly macroAuroc: Interval;
  readonly auroc: Readonly<Record<string, number>>;
  /** Chosen on fold 9 where there was something to choose. */
  readonly penalty: number | null;
};

export type ProbeReport = {
  readonly recordings: { readonly train: number; readonly val: number; readonly test: number };
  readonly methods: Readonly<Record<string, MethodReport>>;
  /** beatWithScale minus each other method, paired by patient. */
  readonly beatWithScaleMinus: Readonly<Record<string, Interval>>;
  readonly reconstruction: ReconstructionComparison;
};

export type ProbeOptions = {
  readonly runtime: Runtime;
  readonly seed: number;
  readonly threads: number;
  /** Steps of the residual network; 0 leaves it out. */
  readonly resnetSteps: number;
  readonly onProgress?: (done: number, total: number, step: string) => void;
};

const PENALTIES = [1, 0.3, 0.1, 0.03, 0.01, 0.003];
const COMPONENTS = 64;
/** Raw samples are averaged in twos before the components are fitted: half the memory, nothing above 60 Hz. */
const POOLED = 2;
const LABELS = SUPERCLASSES.length;

type Split = { readonly recordings: readonly LoadedRecording[]; readonly windows: readonly Window[] };
type Window = { readonly recording: number; readonly start: number };
type SplitName = "train" | "val" | "test";

/**
 * Fit on PTB-XL folds 1-8, choose penalties on fold 9, score fold 10. Every 4 s window that starts at a multiple of
 * 2 s is read by itself; a recording's score is the mean of its windows' logits.
 * @throws EcgError INVALID_OPTION when a split has no labelled recording.
 */
export async function probeBeat(
  tokenizer: BeatTokenizer,
  recordings: Readonly<Record<SplitName, readonly LoadedRecording[]>>,
  options: ProbeOptions,
): Promise<ProbeReport> {
  const { config } = tokenizer;
  const splits = {
    train: openSplit("train", recordings.train, config),
    val: openSplit("val", recordings.val, config),
    test: openSplit("test", recordings.test, config),
  };
  const scored: Record<string, Scored> = {};
  const penalties: Record<string, number | null> = {};
  const keep = (name: ProbeMethod, found: { scored: Scored; penalty: number | null }): void => {
    scored[name] = found.scored;
    penalties[name] = found.penalty;
  };
  const codes = await mapSplits(splits, (split, name) =>
    codeFeatures(tokenizer, split, progressOf(options, `codes of ${name}`)),
  );
  keep("beatWithScale", fitAndScore(splits, codes));
  keep(
    "beat",
    fitAndScore(splits, await mapSplits(splits, async (_, name) => withoutScale(codes[name], config))),
  );
  keep("pca", fitAndScore(splits, componentFeatures(splits, config, options.seed)));
  const measured = await mapSplits(splits, async (split, name) =>
    measuredOf(split, config, progressOf(options, `measure ${name}`)),
  );
  keep("measured", fitAndScore(asWholeRecordings(splits), measured));
  if (options.resnetSteps > 0)
    keep("resnet", { scored: await scoreResnet(splits, config, options), penalty: null });
  const bootstrap = bootstrapAuroc(scored, { seed: options.seed });
  const reconstruction = await compareReconstruction(
    tokenizer,
    splits.test.recordings,
    progressOf(options, "reconstruct test"),
  );
  return {
    recordings: {
      train: splits.train.recordings.length,
      val: splits.val.recordings.length,
      test: splits.test.recordings.length,
    },
    methods: Object.fromEntries(
      Object.entries(scored).map(([name, result]): [string, MethodReport] => [
        name,
        {
          macroAuroc: bootstrap.macro[name]!,
          auroc: Object.fromEntries(
            aurocByLabel(result).map((value, label) => [SUPERCLASSES[label]!, value]),
          ),
          penalty: penalties[name] ?? null,
        },
      ]),
    ),
    beatWithScaleMinus: bootstrap.firstMinus,
    reconstruction,
  };
}

function openSplit(name: SplitName, all: readonly LoadedRecording[], config: BeatConfig): Split {
  const recordings = all.filter(
    ({ superclasses, identity }) => superclasses !== null && identity.fold !== undefined,
  );
  if (recordings.length === 0) {
    throw new EcgError(
      "INVALID_OPTION",
      `beat probe: expected PTB-XL recordings in ${name}, found 0 of ${all.length}`,
      {
        hint: "give PTB-XL or its z-scored shards: only they have the superclasses and folds",
      },
    );
  }
  const windows = recordings.flatMap(({ sampleCount }, recording) => {
    const starts: Window[] = [];
    for (let start = 0; start + config.inputSamples <= sampleCount; start += config.inputSamples / 2) {
      starts.push({ recording, start });
    }
    return starts;
  });
  return { recordings, windows };
}

type Features = { readonly values: Float64Array; readonly width: number };

/** Pooled code vectors and, at the end of each row, the log SD of every lead (NaN where voltages are lost). */
async function codeFeatures(
  tokenizer: BeatTokenizer,
  split: Split,
  onProgress: (done: number, total: number) => void,
): Promise<Features> {
  const { config } = tokenizer;
  const rows: number[][] = [];
  for (const [index, recording] of split.recordings.entries()) {
    const whole = asRecord(recording, config.samplingRateHz);
    for (const { start } of split.windows.filter((window) => window.recording === index)) {
      const signal = sliceSamples(whole.signal, start, start + config.inputSamples);
      const [segment] = await tokenizer.encode({ ...whole, signal }, { prepared: true });
      const scale = segment!.leadSdMv!.map((deviation) =>
        recording.unit === "z" || !(deviation > 0) ? Number.NaN : Math.log(deviation),
      );
      rows.push([...poolQueries(segment!.vectors, config), ...scale]);
    }
    onProgress(index + 1, split.recordings.length);
  }
  return toFeatures(rows);
}

/** Mean, SD, lowest and highest of every dimension over the queries: beats come at any time in a window. */
function poolQueries(vectors: Float32Array, { queryCount, dimension }: BeatConfig): number[] {
  const pooled = new Array<number>(4 * dimension).fill(0);
  for (let d = 0; d < dimension; d++) {
    const values = Array.from({ length: queryCount }, (_, query) => vectors[query * dimension + d]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / queryCount;
    pooled[d] = mean;
    pooled[dimension + d] = Math.sqrt(
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / queryCount,
    );
    pooled[2 * dimension + d] = Math.min(...values);
    pooled[3 * dimension + d] = Math.max(...values);
  }
  return pooled;
}

function withoutScale({ values, width }: Features, { leadCount }: BeatConfig): Features {
  const kept = width - leadCount;
  const out = new Float64Array((values.length / width) * kept);
  for (let row = 0; row < values.length / width; row++) {
    out.set(values.subarray(row * width, row * width + kept), row * kept);
  }
  return { values: out, width: kept };
}

function componentFeatures(
  splits: Readonly<Record<SplitName, Split>>,
  config: BeatConfig,
  seed: number,
): Record<SplitName, Features> {
  const pooled = (split: Split): Float32Array => poolSamples(windowSignals(split, config));
  const width = (config.leadCount * config.inputSamples) / POOLED;
  const train = pooled(splits.train);
  const components = fitComponents(train, width, { count: COMPONENTS, seed });
  const project = (data: Float32Array): Features => {
    const values = projectRows(components, data);
    return { values, width: (values.length * width) / data.length };
  };
  return { train: project(train), val: project(pooled(splits.val)), test: project(pooled(splits.test)) };
}

function poolSamples(signals: Float32Array): Float32Array {
  const out = new Float32Array(signals.length / POOLED);
  for (let i = 0; i < signals.length; i++) out[Math.floor(i / POOLED)]! += signals[i]! / POOLED;
  return out;
}

/** z-scored windows of a split, (windows, leads, inputSamples). */
function windowSignals({ recordings, windows }: Split, config: BeatConfig): Float32Array {
  const segment = createSegment(config);
  const size = segment.signal.length;
  const out = new Float32Array(windows.length * size);
  for (const [row, { recording, start }] of windows.entries()) {
    fillSegment(segment, recordings[recording]!.signal, start, config);
    out.set(segment.signal, row * size);
  }
  return out;
}

function measuredOf(
  split: Split,
  config: BeatConfig,
  onProgress: (done: number, total: number) => void,
): Features {
  return toFeatures(
    split.recordings.map((recording, index) => {
      onProgress(index + 1, split.recordings.length);
      return measuredFeatures(asRecord(recording, config.samplingRateHz));
    }),
  );
}

function toFeatures(rows: readonly (readonly number[])[]): Features {
  const width = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(row, index * width);
  return { values, width };
}

/** One row a recording: features that need all of it. */
function asWholeRecordings(splits: Readonly<Record<SplitName, Split>>): Record<SplitName, Split> {
  const whole = ({ recordings }: Split): Split => ({
    recordings,
    windows: recordings.map((_, recording) => ({ recording, start: 0 })),
  });
  return { train: whole(splits.train), val: whole(splits.val), test: whole(splits.test) };
}

function fitAndScore(
  splits: Readonly<Record<SplitName, Split>>,
  features: Readonly<Record<SplitName, Features>>,
): { scored: Scored; penalty: number } {
  const train = {
    features: features.train.values,
    width: features.train.width,
    labels: labelsOf(splits.train),
    labelCount: LABELS,
  };
  let best: { scored: Scored; penalty: number; val: number } | undefined;
  for (const penalty of PENALTIES) {
    const model = fitLogistic(train, { penalty });
    const val = macroAuroc(byRecording(splits.val, predictLogistic(model, features.val.values)));
    if (best && val <= best.val) continue;
    best = { penalty, val, scored: byRecording(splits.test, predictLogistic(model, features.test.values)) };
  }
  return best!;
}

async function scoreResnet(
  splits: Readonly<Record<SplitName, Split>>,
  config: BeatConfig,
  options: ProbeOptions,
): Promise<Scored> {
  const train: LabelledWindows = {
    signals: windowSignals(splits.train, config),
    labels: labelsOf(splits.train),
    leads: config.leadCount,
    samples: config.inputSamples,
    labelCount: LABELS,
  };
  const net = await trainSmallResnet(train, {
    runtime: options.runtime,
    steps: options.resnetSteps,
    seed: options.seed,
    threads: options.threads,
    onProgress: progressOf(options, "train resnet"),
  });
  try {
    return byRecording(splits.test, await net.predict(windowSignals(splits.test, config)));
  } finally {
    await net.dispose();
  }
}

/** Labels of every window, (windows, labels). */
function labelsOf({ recordings, windows }: Split): Float64Array {
  return Float64Array.from(
    windows.flatMap(({ recording }) =>
      SUPERCLASSES.map((name) => (recordings[recording]!.superclasses!.includes(name) ? 1 : 0)),
    ),
  );
}

/** Mean logits of each recording's windows. */
function byRecording({ recordings, windows }: Split, logits: Float64Array): Scored {
  const scores = new Float64Array(recordings.length * LABELS);
  const counts = new Float64Array(recordings.length);
  for (const [row, { recording }] of windows.entries()) {
    counts[recording]!++;
    for (let label = 0; label < LABELS; label++)
      scores[recording * LABELS + label]! += logits[row * LABELS + label]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= counts[Math.floor(i / LABELS)]!;
  const whole = { recordings, windows: recordings.map((_, recording) => ({ recording, start: 0 })) };
  return {
    scores,
    labels: labelsOf(whole),
    labelCount: LABELS,
    patientIds: recordings.map(({ patientId }) => patientId),
  };
}

async function mapSplits<T>(
  splits: Readonly<Record<SplitName, Split>>,
  map: (split: Split, name: SplitName) => Promise<T>,
): Promise<Record<SplitName, T>> {
  return {
    train: await map(splits.train, "train"),
    val: await map(splits.val, "val"),
    test: await map(splits.test, "test"),
  };
}

function progressOf({ onProgress }: ProbeOptions, step: string): (done: number, total: number) => void {
  return (done, total) => onProgress?.(done, total, step);
}
