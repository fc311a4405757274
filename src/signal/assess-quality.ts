// Quality of every sample of a cleaned lead: how near its beat is to the average beat (averageQRS).
import { interpolateMonotoneCubic } from "./interpolate-monotone-cubic.ts";

const SHORTEST_SECONDS = 4;
const FEWEST_PEAKS = 4;
const FEWEST_COMPLETE_BEATS = 3;
/** Share of a mean RR interval that a beat reaches back before its R peak; the rest lies after it. */
const SHARE_BEFORE_PEAK = 0.35;

/** A quality for every sample, or NaN for every sample and why. */
export type QualityAssessment = { readonly quality: Float32Array; readonly failure: string | null };

/**
 * Quality 0-1 of every sample: 1 for the beat nearest to the lead's average beat, 0 for the farthest.
 *
 * Shape: (samples) mV, (peaks) -> (samples). Every sample has the quality of the last R peak before it (of the
 * first, before that); beats that reach beyond the recording have 0. The scale is relative to the lead: the worst
 * beat of a perfect recording is 0, the best of pure noise 1. NaN throughout where it cannot be told; see
 * {@link tryAssessQuality} for the reason.
 * Source: NeuroKit2 `ecg_quality(cleaned, rpeaks, sampling_rate)`, method "averageQRS", development head of
 * March 2026 (details at {@link tryAssessQuality}).
 */
export function assessQuality(
  cleaned: Float64Array | Float32Array,
  rPeaks: Int32Array,
  samplingRateHz: number,
): Float32Array {
  return tryAssessQuality(cleaned, rPeaks, samplingRateHz).quality;
}

/**
 * As {@link assessQuality}, with the reason where there is no quality.
 *
 * The reference's variants that its recorded outputs follow on all 110 leads: a beat is [-0.35, +0.65) of the mean
 * RR interval (older releases: -0.35 to +0.5 with 0.1 s more at 80 beats a minute, and thirds); the mean heart rate
 * is that of 60 over the interpolated period, not of interpolated rates; samples outside the recording are NaN
 * (older: 0) and a beat with one counts as incomplete; the last beat is kept when it is complete.
 * It fails, and so do we, under 4 s and under 4 R peaks. With fewer than 3 complete beats (1 of 4,071 real leads:
 * two beats are equally far from their mean, so its 1 and 0 are rounding) or with beats that do not differ (0 / 0)
 * we say NaN where it says something.
 */
export function tryAssessQuality(
  cleaned: Float64Array | Float32Array,
  rPeaks: Int32Array,
  samplingRateHz: number,
): QualityAssessment {
  const fail = (failure: string): QualityAssessment => ({
    quality: new Float32Array(cleaned.length).fill(Number.NaN),
    failure,
  });
  if (rPeaks.length === 0) return fail("no R peak found");
  if (cleaned.length < SHORTEST_SECONDS * samplingRateHz) {
    return fail(
      `${(cleaned.length / samplingRateHz).toFixed(1)} s long, expected at least ${SHORTEST_SECONDS} s`,
    );
  }
  if (rPeaks.length < FEWEST_PEAKS) {
    return fail(`R peaks: expected at least ${FEWEST_PEAKS}, found ${rPeaks.length}`);
  }
  const periodSeconds = meanPeriodSeconds(rPeaks, cleaned.length, samplingRateHz);
  const beats = cutBeats(rPeaks, periodSeconds, samplingRateHz);
  const complete = beats.starts.flatMap((start, beat) =>
    start >= 0 && start + beats.sampleCount <= cleaned.length ? [beat] : [],
  );
  if (complete.length < FEWEST_COMPLETE_BEATS) {
    return fail(`complete beats: expected at least ${FEWEST_COMPLETE_BEATS}, found ${complete.length}`);
  }
  const distances = distancesFromMean(
    cleaned,
    complete.map((beat) => beats.starts[beat]!),
    beats.sampleCount,
  );
  const nearest = Math.min(...distances);
  const farthest = Math.max(...distances);
  if (!(farthest > nearest)) return fail("beats do not differ, so none is nearer to their mean");
  const beatQuality = new Float64Array(rPeaks.length);
  for (const [k, beat] of complete.entries()) {
    beatQuality[beat] = 1 - (distances[k]! - nearest) / (farthest - nearest);
  }
  return { quality: holdFromPeaks(rPeaks, beatQuality, cleaned.length), failure: null };
}

/** Mean RR interval as 60 / mean rate, the rate being that of the interpolated period at every sample. */
function meanPeriodSeconds(rPeaks: Int32Array, sampleCount: number, samplingRateHz: number): number {
  const periods = Float64Array.from(rPeaks, (peak, k) => (peak - (rPeaks[k - 1] ?? 0)) / samplingRateHz);
  // The first peak has no interval before it and takes the mean of all.
  periods[0] = (rPeaks[rPeaks.length - 1]! - rPeaks[0]!) / samplingRateHz / (rPeaks.length - 1);
  const interpolated = interpolateMonotoneCubic(rPeaks, periods, sampleCount);
  let rateSum = 0;
  for (let i = 0; i < sampleCount; i++) rateSum += 60 / interpolated[i]!;
  return 60 / (rateSum / sampleCount);
}

/** First sample and length of the beats; both may lie outside the recording. */
function cutBeats(
  rPeaks: Int32Array,
  periodSeconds: number,
  samplingRateHz: number,
): { starts: number[]; sampleCount: number } {
  const beforeSamples = -(SHARE_BEFORE_PEAK * periodSeconds) * samplingRateHz;
  const afterSamples = (1 - SHARE_BEFORE_PEAK) * periodSeconds * samplingRateHz;
  // The reference truncates indices into a copy with a margin in front; truncating without one would round the
  // other way before the start of the recording.
  const margin = Math.trunc(afterSamples - beforeSamples);
  const starts = Array.from(rPeaks, (peak) => Math.trunc(peak + margin + beforeSamples) - margin);
  const ends = Array.from(rPeaks, (peak) => Math.trunc(peak + margin + afterSamples) - margin);
  return { starts, sampleCount: ends[0]! - starts[0]! };
}

/** |mean over time of the z-scores across beats| for each beat. Times at which all beats agree say nothing. */
function distancesFromMean(
  cleaned: Float64Array | Float32Array,
  starts: readonly number[],
  sampleCount: number,
): Float64Array {
  const beatCount = starts.length;
  const sums = new Float64Array(beatCount);
  let informative = 0;
  for (let t = 0; t < sampleCount; t++) {
    let mean = 0;
    for (let k = 0; k < beatCount; k++) mean += cleaned[starts[k]! + t]!;
    mean /= beatCount;
    let squares = 0;
    for (let k = 0; k < beatCount; k++) {
      const difference = cleaned[starts[k]! + t]! - mean;
      squares += difference * difference;
    }
    if (squares === 0) continue;
    const perSd = 1 / Math.sqrt(squares / (beatCount - 1));
    for (let k = 0; k < beatCount; k++) sums[k]! += (cleaned[starts[k]! + t]! - mean) * perSd;
    informative++;
  }
  return sums.map((sum) => (informative === 0 ? 0 : Math.abs(sum / informative)));
}

/** Each sample takes the value of the last peak at or before it; before the first peak, the first value. */
function holdFromPeaks(rPeaks: Int32Array, values: Float64Array, sampleCount: number): Float32Array {
  const out = new Float32Array(sampleCount);
  out.fill(values[0]!, 0, rPeaks[0]!);
  for (let k = 0; k < rPeaks.length; k++) out.fill(values[k]!, rPeaks[k]!, rPeaks[k + 1] ?? sampleCount);
  return out;
}
