// The leads without their QRS complexes, smoothed for P and T waves.
import type { Span } from "./find-qrs.ts";
import { type PreparedLead, WORKING_RATE_HZ } from "./prepare-leads.ts";
import { boxSmooth, gaussianSmooth, slopePerSecond } from "./smooth-samples.ts";

/** P and T waves of all leads, 500 Hz. */
export type QuietLeads = {
  /** mV per lead, QRS complexes held flat, smoothed with a standard deviation of 11 ms. */
  readonly waves: readonly Float64Array[];
  /** Slope of each, mV/s. */
  readonly slopes: readonly Float64Array[];
  /** Root of the summed squared slopes over the leads, mV/s. */
  readonly steepness: Float64Array;
};

/** Samples beside a QRS complex that may still belong to it. */
const MARGIN = 5;

/**
 * Hold each complex at the level before it up to its middle and at the level after it from there on, so that neither
 * the complex nor the step between the two levels reaches the P wave or the ST segment through the smoothing.
 */
export function hideQrs(leads: readonly PreparedLead[], complexes: readonly Span[]): QuietLeads {
  const waves = leads.map((lead) => boxSmooth(gaussianSmooth(holdFlat(lead.fine, complexes), 5), 2));
  const slopes = waves.map((wave) => slopePerSecond(wave, WORKING_RATE_HZ));
  const steepness = new Float64Array(waves[0]?.length ?? 0);
  for (const slope of slopes) {
    for (let i = 0; i < steepness.length; i++) steepness[i]! += slope[i]! * slope[i]!;
  }
  for (let i = 0; i < steepness.length; i++) steepness[i] = Math.sqrt(steepness[i]!);
  return { waves, slopes, steepness };
}

function holdFlat(x: Float64Array, complexes: readonly Span[]): Float64Array {
  const out = x.slice();
  for (const { onset, offset } of complexes) {
    const from = Math.max(0, onset - MARGIN);
    const to = Math.min(x.length - 1, offset + MARGIN);
    const middle = (from + to) >> 1;
    for (let i = from; i < middle; i++) out[i] = x[from]!;
    for (let i = middle; i < to; i++) out[i] = x[to]!;
  }
  return out;
}

/**
 * How far each lead stands out at `at` from the mean of its values `reach` samples before and after (both kept inside
 * [start, end]), as the root of the sum of squares over the leads: large on a wave about twice `reach` long, zero on
 * a ramp. mV.
 */
export function bumpAt(
  waves: readonly Float64Array[],
  at: number,
  { reach, start, end }: { readonly reach: number; readonly start: number; readonly end: number },
): number {
  const left = Math.max(start, at - reach);
  const right = Math.min(end, at + reach);
  if (at <= left || at >= right) return 0;
  const share = (at - left) / (right - left);
  let sum = 0;
  for (const wave of waves) {
    const bump = wave[at]! - wave[left]! - (wave[right]! - wave[left]!) * share;
    sum += bump * bump;
  }
  return Math.sqrt(sum);
}
