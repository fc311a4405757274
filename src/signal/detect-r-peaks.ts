// R peaks of a cleaned lead by NeuroKit2's default detector (steepness of the QRS complex).
import { EcgError } from "../shared/errors.ts";
import { findMostProminentPeak } from "./find-most-prominent-peak.ts";
import { smoothBoxcar } from "./smooth-boxcar.ts";

const SMOOTHING_SECONDS = 0.1;
const AVERAGING_SECONDS = 0.75;
const THRESHOLD_FACTOR = 1.5;
const SHORTEST_OF_MEAN_LENGTH = 0.4;
const REFRACTORY_SECONDS = 0.3;

/**
 * R peaks (sample indices, ascending): where the lead is 1.5 times steeper than around, the most prominent maximum.
 *
 * Shape: (samples) mV -> (peaks). Empty for a flat, missing or very short lead, and wherever nothing stands out.
 * A peak comes more than 0.3 s after the one before it; the count starts at sample 0, so the first 0.3 s of a
 * recording never have one (the reference's habit, kept). A lead with downward QRS complexes is not turned over.
 * Source: NeuroKit2 `ecg_peaks(cleaned, sampling_rate)` (Brammer's method), development head of March 2026, whose
 * smoothing is `uniform_filter1d(mode="nearest")`. Older releases convolve an edge-padded copy: the same window, a
 * different rounding; no lead of 6,240 real ones tells the two apart.
 * @throws EcgError INVALID_OPTION when samplingRateHz is not a finite number > 0.
 */
export function detectRPeaks(cleaned: Float64Array | Float32Array, samplingRateHz: number): Int32Array {
  if (!(samplingRateHz > 0) || !Number.isFinite(samplingRateHz)) {
    throw new EcgError("INVALID_OPTION", `detectRPeaks: expected samplingRateHz > 0, got ${samplingRateHz}`);
  }
  const windowSamples = (seconds: number): number => Math.max(1, roundHalfEven(seconds * samplingRateHz));
  const steepness = smoothBoxcar(absoluteGradient(cleaned), windowSamples(SMOOTHING_SECONDS));
  const around = smoothBoxcar(steepness, windowSamples(AVERAGING_SECONDS));
  const stretches = steepStretches(steepness, around);
  return peaksOf(cleaned, stretches, roundHalfEven(REFRACTORY_SECONDS * samplingRateHz));
}

/** |dx/dt| in mV a sample: central differences, one-sided at the ends (numpy.gradient). */
function absoluteGradient(x: Float64Array | Float32Array): Float64Array {
  const out = new Float64Array(x.length);
  const last = x.length - 1;
  if (last < 1) return out;
  out[0] = Math.abs(x[1]! - x[0]!);
  out[last] = Math.abs(x[last]! - x[last - 1]!);
  for (let i = 1; i < last; i++) out[i] = Math.abs((x[i + 1]! - x[i - 1]!) / 2);
  return out;
}

/** Stretches [begin, end] from the sample before the steepness rises above the threshold to the last above it. */
function steepStretches(steepness: Float64Array, around: Float64Array): [number, number][] {
  const stretches: [number, number][] = [];
  let begin = -1;
  let above = steepness.length > 0 && steepness[0]! > THRESHOLD_FACTOR * around[0]!;
  for (let i = 1; i < steepness.length; i++) {
    const now = steepness[i]! > THRESHOLD_FACTOR * around[i]!;
    if (now && !above) begin = i - 1;
    // A stretch that was open at the start has no begin and one that is open at the end no end: both are left out.
    if (!now && above && begin >= 0) stretches.push([begin, i - 1]);
    above = now;
  }
  return stretches;
}

function peaksOf(
  x: Float64Array | Float32Array,
  stretches: readonly (readonly [number, number])[],
  refractorySamples: number,
): Int32Array {
  const total = stretches.reduce((sum, [begin, end]) => sum + (end - begin), 0);
  const shortest = (total / stretches.length) * SHORTEST_OF_MEAN_LENGTH;
  const peaks: number[] = [];
  let previous = 0;
  for (const [begin, end] of stretches) {
    if (end - begin < shortest) continue;
    const peak = findMostProminentPeak(x, begin, end);
    if (peak < 0 || peak - previous <= refractorySamples) continue;
    peaks.push(peak);
    previous = peak;
  }
  return Int32Array.from(peaks);
}

/** Halves go to the even neighbour (numpy.rint): 187.5 -> 188, 62.5 -> 62. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
