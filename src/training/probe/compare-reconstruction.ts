// What a clinician would lose: rate, beats, QRS and ST of recordings before and after Beat.
import { toStandardLeads } from "../../beat/segment.ts";
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import { SUPERCLASSES, type Superclass } from "../../labels/statement-definition.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { type LeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { measureIntervals } from "../../signal/measure/measure-intervals.ts";
import type { LoadedRecording } from "../packed-recording.ts";

/** Beats this far apart are the same beat (ANSI/AAMI EC57 allows 150 ms; this asks for more). */
const SAME_BEAT_SECONDS = 0.04;

export type ErrorSummary = {
  readonly median: number;
  readonly mean: number;
  readonly p90: number;
  readonly n: number;
};

export type ReconstructionComparison = {
  readonly recordings: number;
  readonly heartRateErrorBpm: ErrorSummary;
  /** Of all beats of all recordings, within 40 ms. */
  readonly rPeakF1: number;
  readonly qrsDurationErrorMs: ErrorSummary;
  /** Over leads of recordings in mV; n is 0 where voltages are lost. */
  readonly stLevelErrorMv: ErrorSummary;
  /** Of z-scores, over the recordings that have the superclass. */
  readonly msePerSuperclass: Readonly<Record<Superclass, { readonly mse: number; readonly n: number }>>;
};

/** Encode and decode every recording and measure both. */
export async function compareReconstruction(
  tokenizer: BeatTokenizer,
  recordings: readonly LoadedRecording[],
  onProgress?: (done: number, total: number) => void,
): Promise<ReconstructionComparison> {
  const errors = { rate: [] as number[], qrs: [] as number[], st: [] as number[] };
  const beats = { matched: 0, original: 0, reconstructed: 0 };
  const bySuperclass = new Map<Superclass, number[]>(SUPERCLASSES.map((name) => [name, []]));
  for (const [index, recording] of recordings.entries()) {
    const original = asRecord(recording, tokenizer.config.samplingRateHz);
    const { signal } = await tokenizer.decode(await tokenizer.encode(original, { prepared: true }));
    const restored = { ...original, signal };
    const [before, after] = [measureIntervals(original), measureIntervals(restored)];
    pushDifference(errors.rate, before.heartRateBpm, after.heartRateBpm);
    pushDifference(errors.qrs, before.qrsMs, after.qrsMs);
    if (recording.unit === "mV") {
      for (const lead of STANDARD_LEADS)
        pushDifference(errors.st, before.leads[lead]?.stLevelMv, after.leads[lead]?.stLevelMv);
    }
    beats.original += before.beats.length;
    beats.reconstructed += after.beats.length;
    beats.matched += countMatches(
      before.beats.map(({ sample }) => sample),
      after.beats.map(({ sample }) => sample),
      SAME_BEAT_SECONDS * original.samplingRateHz,
    );
    const mse = scaledError(original.signal, signal);
    if (Number.isFinite(mse))
      for (const name of recording.superclasses ?? []) bySuperclass.get(name)!.push(mse);
    onProgress?.(index + 1, recordings.length);
  }
  return {
    recordings: recordings.length,
    heartRateErrorBpm: summarise(errors.rate),
    rPeakF1: (2 * beats.matched) / (beats.original + beats.reconstructed),
    qrsDurationErrorMs: summarise(errors.qrs),
    stLevelErrorMv: summarise(errors.st),
    msePerSuperclass: Object.fromEntries(
      [...bySuperclass].map(([name, values]) => [name, { mse: meanOf(values), n: values.length }]),
    ) as ReconstructionComparison["msePerSuperclass"],
  };
}

/** A loaded recording as a record; z-scores count as mV so that means and SDs are kept with the codes. */
export function asRecord(recording: LoadedRecording, samplingRateHz: number): EcgRecord {
  return {
    id: recording.id,
    samplingRateHz,
    leads: STANDARD_LEADS,
    signal: toStandardLeads(recording.signal, STANDARD_LEADS),
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: recording.identity,
    provenance: { format: "loaded", path: recording.id, sha256: "" },
  };
}

/** Pairs of one beat each, at most `reach` samples apart, nearest first along time. */
export function countMatches(a: readonly number[], b: readonly number[], reach: number): number {
  let matches = 0;
  let next = 0;
  for (const beat of a) {
    while (next < b.length && b[next]! < beat - reach) next++;
    if (next < b.length && b[next]! <= beat + reach) {
      matches++;
      next++;
    }
  }
  return matches;
}

/** Mean over leads of error energy over energy about the lead's mean; flat and missing leads are left out. */
function scaledError(original: LeadMatrix, restored: LeadMatrix): number {
  const ratios: number[] = [];
  for (let lead = 0; lead < original.leadCount; lead++) {
    const [x, y] = [leadSamples(original, lead), leadSamples(restored, lead)];
    const mean = meanOf(Array.from(x));
    let [error, energy] = [0, 0];
    for (let t = 0; t < x.length; t++) {
      error += (x[t]! - y[t]!) ** 2;
      energy += (x[t]! - mean) ** 2;
    }
    if (energy > 1e-6 * x.length && Number.isFinite(error)) ratios.push(error / energy);
  }
  return meanOf(ratios);
}

function pushDifference(into: number[], a: number | null | undefined, b: number | null | undefined): void {
  if (typeof a === "number" && typeof b === "number") into.push(Math.abs(a - b));
}

function summarise(values: readonly number[]): ErrorSummary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), mean: meanOf(values), p90: at(0.9), n: values.length };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
