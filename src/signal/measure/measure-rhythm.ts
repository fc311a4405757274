// Regularity of the beats, their P waves, pacing spikes, and flutter waves between them.
import type { Sketch } from "../delineate/beat-sketch.ts";
import type { PacingSpike } from "../delineate/find-pacing-spikes.ts";
import { WORKING_RATE_HZ } from "../delineate/prepare-leads.ts";
import { median } from "../delineate/smooth-samples.ts";
import type { BeatClass } from "./classify-beats.ts";
import type {
  BeatMeasurement,
  PacingMeasurements,
  RhythmMeasurements,
  RrStatistics,
} from "./measurements.ts";

const toMs = (samples: number): number => (samples * 1000) / WORKING_RATE_HZ;
const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

/** A spike belongs to a beat when it comes up to this long before its steepest place (atrial spikes: PR + half QRS). */
const LONGEST_SPIKE_LEAD = ms(320);
const SPIKE_JITTER = ms(16);

/** Statistics of the intervals (ms); null for none. Standard deviation with n - 1. */
export function rrStatistics(intervalsMs: readonly number[]): RrStatistics | null {
  const n = intervalsMs.length;
  if (n === 0) return null;
  const meanMs = intervalsMs.reduce((sum, value) => sum + value, 0) / n;
  const squares = intervalsMs.reduce((sum, value) => sum + (value - meanMs) ** 2, 0);
  const differences = intervalsMs.slice(1).map((value, i) => value - intervalsMs[i]!);
  const differenceSquares = differences.reduce((sum, value) => sum + value * value, 0);
  return {
    meanMs,
    sdMs: n < 2 ? 0 : Math.sqrt(squares / (n - 1)),
    rmssdMs: n < 2 ? 0 : Math.sqrt(differenceSquares / differences.length),
    minMs: intervalsMs.reduce((low, value) => Math.min(low, value)),
    maxMs: intervalsMs.reduce((high, value) => Math.max(high, value)),
  };
}

/** One row a beat; positions in samples of the record. */
export function listBeats(
  sketch: Sketch,
  classes: readonly BeatClass[],
  toRecordRate: number,
): BeatMeasurement[] {
  return sketch.beats.map(({ beat, qrs, p }, i) => {
    const before = sketch.beats[i - 1]?.beat;
    return {
      sample: Math.round(beat * toRecordRate),
      rrMs: before === undefined ? null : toMs(beat - before),
      prMs: p && toMs(qrs.onset - p.onset),
      qrsMs: toMs(qrs.offset - qrs.onset),
      ...classes[i]!,
    };
  });
}

/** Irregularity, P waves and extrasystoles over the beats. */
export function measureRhythm(
  beats: readonly BeatMeasurement[],
  pLikeness: number,
  flutter: RhythmMeasurements["flutter"],
): RhythmMeasurements {
  const steady = beats.flatMap(({ rrMs, dominant, premature }, i) =>
    rrMs !== null && dominant && !premature && beats[i - 1]?.dominant && !beats[i - 1]?.premature
      ? [rrMs]
      : [],
  );
  const statistics = rrStatistics(steady);
  const prs = rrStatistics(beats.flatMap(({ prMs }) => (prMs === null ? [] : [prMs])));
  return {
    rrVariation: statistics && steady.length >= 3 ? statistics.sdMs / statistics.meanMs : null,
    pShare: beats.length === 0 ? null : beats.filter(({ prMs }) => prMs !== null).length / beats.length,
    pLikeness: Number.isFinite(pLikeness) ? pLikeness : null,
    prSdMs: prs === null ? null : prs.sdMs,
    prematureCount: beats.filter(({ premature }) => premature).length,
    prematureWideCount: beats.filter(({ premature, wide }) => premature && wide).length,
    flutter,
  };
}

/** Spikes that come at a steady time before the beats. */
export function measurePacing(sketch: Sketch, spikes: readonly PacingSpike[]): PacingMeasurements {
  const leads = sketch.beats.flatMap(({ beat }) => {
    const last = spikes.filter(({ start }) => start < beat && beat - start <= LONGEST_SPIKE_LEAD).at(-1);
    return last ? [beat - last.start] : [];
  });
  const usual = median(leads);
  const steady = leads.filter((lead) => Math.abs(lead - usual) <= SPIKE_JITTER).length;
  const beatShare = sketch.beats.length === 0 ? 0 : steady / sketch.beats.length;
  return { spikeCount: spikes.length, beatShare, likely: steady >= 2 && beatShare >= 0.25 };
}
