// What the tests measure on samples, without the suite's own signal room.
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import type { StandardLead } from "../../../src/record/lead-names.ts";
import type { SyntheticBeat } from "../../../src/record/synthesize-ecg.ts";

/** The samples of a lead by name. */
export function lead(record: EcgRecord, name: StandardLead): Float32Array {
  return leadSamples(record.signal, record.leads.indexOf(name));
}

/** Largest and smallest value of the QRS of a beat in a lead, against the level at QRS onset. */
export function qrsExtremes(
  record: EcgRecord,
  name: StandardLead,
  beat: SyntheticBeat,
): { r: number; s: number } {
  const samples = lead(record, name);
  const level = samples[beat.qrsOnset]!;
  const qrs = samples.subarray(beat.qrsOnset, beat.qrsOffset + 1);
  return { r: Math.max(...qrs) - level, s: Math.min(...qrs) - level };
}

/** Level of a lead some milliseconds after the QRS, against the level at QRS onset. */
export function stLevel(record: EcgRecord, name: StandardLead, beat: SyntheticBeat, afterMs = 60): number {
  const samples = lead(record, name);
  const at = beat.qrsOffset + Math.round((afterMs * record.samplingRateHz) / 1000);
  return samples[at]! - samples[beat.qrsOnset]!;
}

/** The value at the T peak of the truth, against the level at QRS onset. */
export function tHeight(record: EcgRecord, name: StandardLead, beat: SyntheticBeat): number {
  const samples = lead(record, name);
  return samples[beat.tPeak!]! - samples[beat.qrsOnset]!;
}

/** Time in ms around R in which the twelve leads together move faster than a part of their fastest. */
export function qrsDurationBySlope(record: EcgRecord, beat: SyntheticBeat, part = 0.06): number {
  const reach = Math.round(0.13 * record.samplingRateHz);
  const speed = (t: number): number =>
    Math.hypot(
      ...record.leads.map((_, index) => {
        const samples = leadSamples(record.signal, index);
        return samples[t + 1]! - samples[t - 1]!;
      }),
    );
  const speeds = Array.from({ length: 2 * reach + 1 }, (_, i) => speed(beat.rPeakSample - reach + i));
  const limit = part * Math.max(...speeds);
  const first = speeds.findIndex((value) => value > limit);
  const last = speeds.findLastIndex((value) => value > limit);
  return ((last - first) * 1000) / record.samplingRateHz;
}

/** Beats whose P to T lies well inside the recording. */
export function wholeBeats(record: EcgRecord, beats: readonly SyntheticBeat[]): SyntheticBeat[] {
  const margin = 0.45 * record.samplingRateHz;
  return beats.filter(
    (beat) =>
      beat.qrsOnset > margin && beat.tOffset !== null && beat.tOffset < record.signal.sampleCount - margin,
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Successive differences. */
export function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - values[index]!);
}

/** Standard deviation over mean. */
export function variation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) / middle;
}
