// Rational resampling by a polyphase FIR filter, as scipy.signal.resample_poly does it by default.
import { EcgError } from "../shared/errors.ts";
import { designResampleTaps } from "./design-resample-taps.ts";

/** Everything about `up / down` that does not depend on the signal. */
type ResamplePlan = {
  readonly up: number;
  readonly down: number;
  /** Half the length of the filter, at the upsampled rate. */
  readonly half: number;
  readonly taps: Float64Array;
  /** Taps of phase p in the order of the samples they meet: `phases[p * tapsPerPhase + m]`. */
  readonly phases: Float64Array;
  readonly tapsPerPhase: number;
  /** For up = 1: distances from the centre at which the taps are not 0, and the taps there. */
  readonly mirrorOffsets: Int32Array;
  readonly mirrorTaps: Float64Array;
  /** The signal between zeros; grows, is reused by every call with this plan and holds nothing between calls. */
  padded: Float64Array;
};

const plans = new Map<string, ResamplePlan>();

/**
 * Resample by the factor `up / down`: low-pass at the lower Nyquist rate, zeros beyond both ends, no delay.
 *
 * Shape: (samples) -> (ceil(samples * up / down)). Equal rates copy. The input is not modified.
 * Zero padding makes the ends of a signal with an offset ring; that is the reference's behaviour and genuine.
 * NaN or infinity makes every output NaN whose filter touches it (10 periods of the lower rate on either side),
 * exactly where scipy has them.
 * @throws EcgError INVALID_OPTION unless up and down are positive integers.
 * Source: scipy 1.10 `resample_poly(x, up, down)`, window ("kaiser", 5.0), padtype "constant".
 * Golden: test/fixtures/signal/resample-*.
 */
export function resamplePoly(x: Float64Array | Float32Array, up: number, down: number): Float64Array {
  if (!Number.isInteger(up) || !Number.isInteger(down) || up < 1 || down < 1) {
    throw new EcgError("INVALID_OPTION", `resamplePoly: expected integers up, down >= 1, got ${up}/${down}`, {
      details: { up, down },
    });
  }
  const divisor = greatestCommonDivisor(up, down);
  if (up === down) return Float64Array.from(x);
  const plan = planFor(up / divisor, down / divisor);
  const out = new Float64Array(Math.ceil((x.length * plan.up) / plan.down));
  if (hasMissing(x)) resampleWithMissing(plan, x, out);
  else if (plan.up === 1) decimate(plan, padWithZeros(plan, x, plan.half), out);
  else resamplePhases(plan, padWithZeros(plan, x, plan.tapsPerPhase), out);
  return out;
}

/** Greatest common divisor of two positive integers. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** True when a sample is NaN or infinite (v - v is 0 for every other number). */
function hasMissing(x: Float64Array | Float32Array): boolean {
  for (let i = 0; i < x.length; i++) if (x[i]! - x[i]! !== 0) return true;
  return false;
}

function planFor(up: number, down: number): ResamplePlan {
  const key = `${up}/${down}`;
  const known = plans.get(key);
  if (known) return known;
  const taps = designResampleTaps(up, down);
  const half = (taps.length - 1) / 2;
  const tapsPerPhase = Math.ceil(taps.length / up);
  const phases = new Float64Array(up * tapsPerPhase);
  for (let k = 0; k < taps.length; k++) {
    phases[(k % up) * tapsPerPhase + (tapsPerPhase - 1 - Math.floor(k / up))] = taps[k]!;
  }
  const mirrorOffsets = Int32Array.from({ length: half }, (_, i) => i + 1).filter(
    (d) => taps[half + d] !== 0,
  );
  const mirrorTaps = Float64Array.from(mirrorOffsets, (d) => taps[half + d]!);
  const padded = new Float64Array(0);
  const plan = { up, down, half, taps, phases, tapsPerPhase, mirrorOffsets, mirrorTaps, padded };
  plans.set(key, plan);
  return plan;
}

/** The plan's buffer: `margin` zeros, the signal, at least `margin` zeros. */
function padWithZeros(plan: ResamplePlan, x: Float64Array | Float32Array, margin: number): Float64Array {
  const length = x.length + 2 * margin + plan.down;
  if (plan.padded.length < length) plan.padded = new Float64Array(length);
  plan.padded.fill(0, 0, margin);
  plan.padded.set(x, margin);
  plan.padded.fill(0, margin + x.length, length);
  return plan.padded;
}

/** up = 1: one symmetric filter at every `down`-th sample; mirrored samples are added before the multiplication. */
function decimate(plan: ResamplePlan, padded: Float64Array, out: Float64Array): void {
  const { down, half, mirrorOffsets, mirrorTaps } = plan;
  const centreTap = plan.taps[half]!;
  for (let j = 0; j < out.length; j++) {
    const centre = half + j * down;
    let even = centreTap * padded[centre]!;
    let odd = 0;
    let m = 0;
    // Two sums, so that one addition need not wait for the last.
    for (; m + 1 < mirrorTaps.length; m += 2) {
      const near = mirrorOffsets[m]!;
      const far = mirrorOffsets[m + 1]!;
      even += mirrorTaps[m]! * (padded[centre - near]! + padded[centre + near]!);
      odd += mirrorTaps[m + 1]! * (padded[centre - far]! + padded[centre + far]!);
    }
    if (m < mirrorTaps.length) {
      const last = mirrorOffsets[m]!;
      even += mirrorTaps[m]! * (padded[centre - last]! + padded[centre + last]!);
    }
    out[j] = even + odd;
  }
}

/** Any ratio: output j is the dot product of one phase of the filter with the newest samples before it. */
function resamplePhases(plan: ResamplePlan, padded: Float64Array, out: Float64Array): void {
  const { up, down, half, phases, tapsPerPhase } = plan;
  for (let j = 0; j < out.length; j++) {
    const position = j * down + half; // at the upsampled rate, delayed by half the filter
    const tap = (position % up) * tapsPerPhase;
    const sample = Math.floor(position / up) + 1; // padded index of the oldest sample that this phase meets
    let even = 0;
    let odd = 0;
    let m = 0;
    for (; m + 1 < tapsPerPhase; m += 2) {
      even += phases[tap + m]! * padded[sample + m]!;
      odd += phases[tap + m + 1]! * padded[sample + m + 1]!;
    }
    if (m < tapsPerPhase) even += phases[tap + m]! * padded[sample + m]!;
    out[j] = even + odd;
  }
}

/**
 * The same sum with bounds instead of zeros, for signals with NaN. scipy pads the filter with zeros in front
 * (so that its centre falls on an output) and behind (to whole phases); 0 * NaN is NaN, so these count too.
 */
function resampleWithMissing(plan: ResamplePlan, x: Float64Array | Float32Array, out: Float64Array): void {
  const { up, down, half, taps } = plan;
  const zerosInFront = down - (half % down);
  const paddedLength = zerosInFront + taps.length;
  const lastTap = Math.ceil(paddedLength / up) * up - 1 - zerosInFront;
  for (let j = 0; j < out.length; j++) {
    const position = j * down + half;
    const newest = Math.min(x.length - 1, Math.floor((position + zerosInFront) / up));
    const oldest = Math.max(0, Math.ceil((position - lastTap) / up));
    let sum = 0;
    for (let i = oldest; i <= newest; i++) sum += (taps[position - i * up] ?? 0) * x[i]!;
    out[j] = sum;
  }
}
