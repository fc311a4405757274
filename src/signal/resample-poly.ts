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
  /** For up = 1: distances > 0 from the centre at which the taps are not 0. */
  readonly mirrorDistances: Int32Array;
  readonly mirrorTaps: Float64Array;
  /** The signal among zeros; grows, is reused by every call with this plan and holds nothing between calls. */
  work: Float64Array;
};

/** Outputs computed side by side: each tap is loaded once for all, and their sums do not wait for each other. */
const BLOCK = 4;

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
  if (out.length < BLOCK || hasMissing(x)) resampleOneByOne(plan, x, out);
  else if (plan.up === 1) decimate(plan, x, out);
  else resamplePhases(plan, x, out);
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
  const mirrorDistances = Int32Array.from({ length: half }, (_, i) => i + 1).filter(
    (d) => taps[half + d] !== 0,
  );
  const mirrorTaps = Float64Array.from(mirrorDistances, (d) => taps[half + d]!);
  const work = new Float64Array(0);
  const plan = { up, down, half, taps, phases, tapsPerPhase, mirrorDistances, mirrorTaps, work };
  plans.set(key, plan);
  return plan;
}

/** Numbers that a plan keeps between calls (8 MB); a longer signal gets a buffer of its own. */
const LARGEST_KEPT_BUFFER = 1 << 20;

/** The plan's buffer, all zeros. */
function clearedWork(plan: ResamplePlan, length: number): Float64Array {
  if (length > LARGEST_KEPT_BUFFER) return new Float64Array(length);
  if (plan.work.length < length) plan.work = new Float64Array(length);
  else plan.work.fill(0, 0, length);
  return plan.work;
}

/**
 * up = 1: one symmetric filter at every `down`-th sample. The samples are dealt out to `down` lanes first, so that
 * neighbouring outputs meet neighbouring numbers; the two samples that share a tap are added before it multiplies.
 */
function decimate(plan: ResamplePlan, x: Float64Array | Float32Array, out: Float64Array): void {
  const { down, half, taps, mirrorDistances, mirrorTaps } = plan;
  const margin = half / down; // in lane samples; half is 10 * down
  const laneLength = margin + out.length + margin;
  const lanes = clearedWork(plan, down * laneLength);
  for (let lane = 0; lane < down; lane++) {
    const start = lane * laneLength + margin;
    for (let i = lane, at = start; i < x.length; i += down) lanes[at++] = x[i]!;
  }
  // Where output 0 finds the samples `distance` before and after its centre.
  const before = mirrorDistances.map(
    (d) => laneIndex(-d, down) * laneLength + margin + Math.floor(-d / down),
  );
  const after = mirrorDistances.map((d) => laneIndex(d, down) * laneLength + margin + Math.floor(d / down));
  const centreTap = taps[half]!;
  for (let block = 0; block < out.length; block += BLOCK) {
    const j = Math.min(block, out.length - BLOCK); // the last block overlaps the one before
    let y0 = centreTap * lanes[margin + j]!;
    let y1 = centreTap * lanes[margin + j + 1]!;
    let y2 = centreTap * lanes[margin + j + 2]!;
    let y3 = centreTap * lanes[margin + j + 3]!;
    for (let m = 0; m < mirrorTaps.length; m++) {
      const tap = mirrorTaps[m]!;
      const left = before[m]! + j;
      const right = after[m]! + j;
      y0 += tap * (lanes[left]! + lanes[right]!);
      y1 += tap * (lanes[left + 1]! + lanes[right + 1]!);
      y2 += tap * (lanes[left + 2]! + lanes[right + 2]!);
      y3 += tap * (lanes[left + 3]! + lanes[right + 3]!);
    }
    out[j] = y0;
    out[j + 1] = y1;
    out[j + 2] = y2;
    out[j + 3] = y3;
  }
}

/** Remainder of a possibly negative sample offset. */
function laneIndex(offset: number, down: number): number {
  return ((offset % down) + down) % down;
}

/**
 * Any ratio: output j is the dot product of phase (j * down + half) mod up of the filter with the newest samples up
 * to its position. Outputs `up` apart share a phase and are computed together.
 */
function resamplePhases(plan: ResamplePlan, x: Float64Array | Float32Array, out: Float64Array): void {
  const { up, down, half, phases, tapsPerPhase } = plan;
  const padded = clearedWork(plan, x.length + 2 * tapsPerPhase + BLOCK * down);
  padded.set(x, tapsPerPhase);
  for (let first = 0; first < Math.min(up, out.length); first++) {
    const position = first * down + half; // at the upsampled rate, delayed by half the filter
    const phase = (position % up) * tapsPerPhase;
    const oldest = Math.floor(position / up) + 1; // padded index of the oldest sample that output `first` meets
    const count = Math.ceil((out.length - first) / up);
    for (let block = 0; block < count; block += BLOCK) {
      const k = Math.max(0, Math.min(block, count - BLOCK));
      let y0 = 0;
      let y1 = 0;
      let y2 = 0;
      let y3 = 0;
      for (let m = 0; m < tapsPerPhase; m++) {
        const tap = phases[phase + m]!;
        const at = oldest + k * down + m;
        y0 += tap * padded[at]!;
        y1 += tap * padded[at + down]!;
        y2 += tap * padded[at + 2 * down]!;
        y3 += tap * padded[at + 3 * down]!;
      }
      // With fewer than BLOCK outputs of this phase, the surplus falls behind the end, where writing does nothing.
      out[first + k * up] = y0;
      out[first + (k + 1) * up] = y1;
      out[first + (k + 2) * up] = y2;
      out[first + (k + 3) * up] = y3;
    }
  }
}

/**
 * The same sum with bounds instead of zeros, for signals with NaN and for very short ones. scipy pads the filter with zeros in front
 * (so that its centre falls on an output) and behind (to whole phases); 0 * NaN is NaN, so these count too.
 */
function resampleOneByOne(plan: ResamplePlan, x: Float64Array | Float32Array, out: Float64Array): void {
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
