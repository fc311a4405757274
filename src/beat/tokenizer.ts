// The tokenizer in use: recordings to codes, codes to signals, and what comes next.

import type { ParameterStore } from "../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../graph/runtime.ts";
import type { EcgRecord } from "../record/ecg-record.ts";
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";
import type { FileStore } from "../shared/byte-source.ts";
import { EcgError } from "../shared/errors.ts";
import { readBeat } from "./beat-checkpoint.ts";
import { type BeatCodes, type CodeWindow, checkBeatCodes } from "./beat-codes.ts";
import type { BeatConfig } from "./beat-config.ts";
import { type BeatPrograms, type DecodedBatch, openBeatPrograms } from "./beat-programs.ts";
import { prepareRecording } from "./prepare-recording.ts";
import { type BeatSegment, createSegment, fillSegment, toStandardLeads } from "./segment.ts";
import { sliceWindows } from "./slice-windows.ts";

/** Segments a run when there are many: one graph for them, one for single segments. */
const LARGE_BATCH = 8;

export type EncodeOptions = {
  /**
   * The record is at the model's rate and cleaned already (`cleanRecord`, a dataset's signals). Default false: it
   * is resampled and cleaned as the training data were. z-scores are never cleaned.
   */
  readonly prepared?: boolean;
};

/** A signal at the model's rate, rows in canonical lead order; `mV` false: z-scores of unknown voltage. */
export type DecodedSignal = {
  readonly samplingRateHz: number;
  readonly signal: LeadMatrix;
  readonly unit: "mV" | "z";
  /** Where it lies in the recording, in samples at `samplingRateHz`. */
  readonly startSample: number;
};

export type EncodedSegment = BeatCodes & {
  /** Sum of the chosen codes of each query, (queries, dimension): what a language model reads. */
  readonly vectors: Float32Array;
};

export type BeatTokenizer = {
  readonly config: BeatConfig;
  /** Codes of every segment, in order of time. Any length, any leads, any rate. */
  encode(record: EcgRecord, options?: EncodeOptions): Promise<EncodedSegment[]>;
  /** The signal that codes stand for: mV where every segment has its means and SDs, z-scores otherwise. */
  decode(codes: readonly BeatCodes[]): Promise<DecodedSignal>;
  /**
   * What follows the record: predicted, appended, and predicted from again until `seconds` are there. mV; missing
   * leads are NaN, flat ones stay flat. z-scored records give z-scores.
   */
  forecast(record: EcgRecord, seconds: number, options?: EncodeOptions): Promise<DecodedSignal>;
  dispose(): Promise<void>;
};

/**
 * Open a checkpoint folder.
 * @throws EcgError as `readBeat`: NOT_FOUND, INVALID_FILE, SHAPE_MISMATCH naming the tensor.
 */
export async function loadBeat(
  folder: string,
  runtime: Runtime,
  options: { readonly files: FileStore; readonly session?: SessionOptions },
): Promise<BeatTokenizer> {
  const { config, store } = await readBeat(options.files, folder);
  return createBeatTokenizer(config, store, {
    runtime,
    ...(options.session ? { session: options.session } : {}),
  });
}

/** A tokenizer over weights in memory. */
export function createBeatTokenizer(
  config: BeatConfig,
  store: ParameterStore,
  options: { readonly runtime: Runtime; readonly session?: SessionOptions },
): BeatTokenizer {
  const single = openBeatPrograms(config, store, { ...options, batch: 1 });
  const large = openBeatPrograms(config, store, { ...options, batch: LARGE_BATCH });
  const choose = (count: number): BeatPrograms => (count >= LARGE_BATCH ? large : single);
  return {
    config,
    async encode(record, encodeOptions) {
      const signal = prepareForBeat(record, config, encodeOptions);
      const windows = sliceWindows(signal.sampleCount, config);
      const withVoltage = record.provenance.amplitudeUnit !== "z";
      const encoded: EncodedSegment[] = [];
      for (const chunk of chunks(windows)) {
        encoded.push(
          ...(await encodeWindows(signal, chunk, { programs: choose(chunk.length), config, withVoltage })),
        );
      }
      return encoded;
    },
    async decode(codes) {
      for (const [index, segment] of codes.entries())
        checkBeatCodes(segment, config, `decode: segment ${index}`);
      const unit =
        codes.length > 0 && codes.every(({ leadMeanMv, leadSdMv }) => leadMeanMv && leadSdMv) ? "mV" : "z";
      const parts: LeadMatrix[] = [];
      for (const chunk of chunks(codes)) {
        const { reconstruction } = await decodeChunk(chunk, choose(chunk.length), config);
        const size = reconstruction.length / chunk.length;
        chunk.forEach((segment, row) => {
          const part = reconstruction.subarray(row * size, (row + 1) * size);
          parts.push(rowAsLeads(part, config.leadCount, unit === "mV" ? segment : {}));
        });
      }
      return { ...assemble(codes, parts, config), unit };
    },
    async forecast(record, seconds, encodeOptions) {
      if (!(seconds > 0) || !Number.isFinite(seconds)) {
        throw new EcgError("INVALID_OPTION", `forecast: expected seconds > 0, got ${seconds}`);
      }
      const signal = prepareForBeat(record, config, encodeOptions);
      if (signal.sampleCount === 0) {
        throw new EcgError(
          "INVALID_SIGNAL",
          `forecast: expected samples to go on from, got 0 in ${record.id}`,
        );
      }
      const wanted = Math.round(seconds * config.samplingRateHz);
      const forecast = await forecastOn(signal, wanted, single, config);
      const unit = record.provenance.amplitudeUnit === "z" ? "z" : "mV";
      return {
        samplingRateHz: config.samplingRateHz,
        signal: forecast,
        unit,
        startSample: signal.sampleCount,
      };
    },
    async dispose() {
      await single.dispose();
      await large.dispose();
    },
  };
}

/** Twelve leads at the model's rate. @throws EcgError INVALID_OPTION for a prepared record at another rate. */
function prepareForBeat(record: EcgRecord, config: BeatConfig, options: EncodeOptions = {}): LeadMatrix {
  if (!options.prepared) return prepareRecording(record, config.samplingRateHz);
  if (record.samplingRateHz !== config.samplingRateHz) {
    throw new EcgError(
      "INVALID_OPTION",
      `${record.id}: expected a prepared record at ${config.samplingRateHz} Hz, got ${record.samplingRateHz} Hz`,
      { hint: "leave `prepared` out: the record is then resampled and cleaned" },
    );
  }
  return toStandardLeads(record.signal, record.leads);
}

/** Eight at a time while there are eight, then one by one. */
function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  let at = 0;
  while (at < items.length) {
    const size = items.length - at >= LARGE_BATCH ? LARGE_BATCH : 1;
    yield items.slice(at, at + size);
    at += size;
  }
}

async function encodeWindows(
  signal: LeadMatrix,
  windows: readonly CodeWindow[],
  { programs, config, withVoltage }: { programs: BeatPrograms; config: BeatConfig; withVoltage: boolean },
): Promise<EncodedSegment[]> {
  const segments = windows.map(({ startSample }) => segmentAt(signal, startSample, config));
  const size = config.leadCount * config.inputSamples;
  const batch = new Float32Array(windows.length * size);
  for (const [row, segment] of segments.entries()) batch.set(segment.signal, row * size);
  const { codes, vectors } = await programs.encode(batch);
  const { queryCount, dimension } = config;
  return windows.map((window, row) => {
    const { leadMeanMv, leadSdMv } = segments[row]!;
    const pick = (level: number): number[] =>
      Array.from(codes[level]?.subarray(row * queryCount, (row + 1) * queryCount) ?? []);
    return {
      core: pick(0),
      residual: pick(1),
      window,
      ...(withVoltage ? { leadMeanMv: [...leadMeanMv], leadSdMv: [...leadSdMv] } : {}),
      vectors: vectors.slice(row * queryCount * dimension, (row + 1) * queryCount * dimension),
    };
  });
}

function segmentAt(signal: LeadMatrix, startSample: number, config: BeatConfig): BeatSegment {
  const segment = createSegment(config);
  fillSegment(segment, signal, startSample, config);
  return segment;
}

function decodeChunk(
  chunk: readonly BeatCodes[],
  programs: BeatPrograms,
  { codebookLevels }: BeatConfig,
): Promise<DecodedBatch> {
  const levels = [chunk.flatMap(({ core }) => core), chunk.flatMap(({ residual }) => residual)];
  return programs.decode(levels.slice(0, codebookLevels));
}

type Scale = Pick<BeatCodes, "leadMeanMv" | "leadSdMv">;

/** A row of a decoded batch as leads: times SD plus mean where they are given, else as it is. */
function rowAsLeads(decoded: Float32Array, leadCount: number, { leadMeanMv, leadSdMv }: Scale): LeadMatrix {
  const sampleCount = decoded.length / leadCount;
  const out = createLeadMatrix(leadCount, sampleCount);
  for (let lead = 0; lead < leadCount; lead++) {
    const from = decoded.subarray(lead * sampleCount, (lead + 1) * sampleCount);
    const to = leadSamples(out, lead);
    const mean = leadMeanMv?.[lead] ?? 0;
    const deviation = leadSdMv?.[lead] ?? 1;
    for (let t = 0; t < sampleCount; t++) to[t] = mean + deviation * from[t]!;
  }
  return out;
}

/** Segments put side by side where their windows lie; padding before sample 0 is cut off, gaps are NaN. */
function assemble(
  codes: readonly BeatCodes[],
  parts: readonly LeadMatrix[],
  config: BeatConfig,
): Omit<DecodedSignal, "unit"> {
  let [start, end] = codes.length === 0 ? [0, 0] : [Number.POSITIVE_INFINITY, 0];
  for (const { window } of codes) {
    start = Math.min(start, Math.max(0, window.startSample));
    end = Math.max(end, window.endSample);
  }
  const signal = createLeadMatrix(config.leadCount, end - start);
  for (const [index, part] of parts.entries()) {
    const offset = codes[index]!.window.startSample - start;
    for (let lead = 0; lead < config.leadCount; lead++) {
      const from = leadSamples(part, lead);
      leadSamples(signal, lead).set(from.subarray(Math.max(0, -offset)), Math.max(0, offset));
    }
  }
  return { samplingRateHz: config.samplingRateHz, signal, startSample: start };
}

/** Predict, append, slide. Every window is scaled by its own mean and SD, so what was predicted counts as signal. */
async function forecastOn(
  signal: LeadMatrix,
  wanted: number,
  programs: BeatPrograms,
  config: BeatConfig,
): Promise<LeadMatrix> {
  const { inputSamples, predictionSamples, leadCount } = config;
  const rounds = Math.ceil(wanted / predictionSamples);
  const extended = createLeadMatrix(leadCount, inputSamples + rounds * predictionSamples);
  const known = Math.min(inputSamples, signal.sampleCount);
  for (let lead = 0; lead < leadCount; lead++) {
    leadSamples(extended, lead).set(
      leadSamples(signal, lead).subarray(signal.sampleCount - known),
      inputSamples - known,
    );
  }
  for (let round = 0; round < rounds; round++) {
    const at = round * predictionSamples;
    const segment = segmentAt(extended, at, config);
    const { codes } = await programs.encode(segment.signal);
    const { prediction } = await programs.decode(codes);
    const scale = { leadMeanMv: [...segment.leadMeanMv], leadSdMv: [...segment.leadSdMv] };
    const next = rowAsLeads(prediction, leadCount, scale);
    for (let lead = 0; lead < leadCount; lead++) {
      leadSamples(extended, lead).set(leadSamples(next, lead), at + inputSamples);
    }
  }
  const out = createLeadMatrix(leadCount, wanted);
  for (let lead = 0; lead < leadCount; lead++) {
    leadSamples(out, lead).set(leadSamples(extended, lead).subarray(inputSamples, inputSamples + wanted));
  }
  return out;
}
