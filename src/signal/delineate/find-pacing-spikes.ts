// Pacemaker spikes: steps far too sudden for the heart, found in all leads together and bridged.

/** Samples [start, end) at 500 Hz that hold a spike. */
export type PacingSpike = { readonly start: number; readonly end: number };

/** Sum over leads of the step from one sample to the next that a spike must reach (mV in 2 ms, mean of leads). */
const MIN_STEP_MV = 0.06;
/**
 * How far a spike's step must exceed every step before it (the heart is at rest then: this tells a spike from the
 * steep middle of a narrow QRS complex), every step after it, and the record's quiet level.
 */
const BEFORE_RATIO = 7;
const AFTER_RATIO = 3.5;
const QUIET_RATIO = 12;
const SURROUNDING = 40; // 80 ms on either side
const CORE = 6; // 12 ms on either side belong to the spike itself
/** Recordings often begin and end with a step of their own. */
const MARGIN = 20;
const TAIL_SHARE = 0.2;
const BROADEST = 16; // 32 ms

/**
 * Find spikes in leads of equal length (mV at 500 Hz). Needs a bandwidth that lets them through: records filtered
 * to 40 Hz or sampled at 100 Hz show none.
 */
export function findPacingSpikes(leads: readonly Float64Array[]): readonly PacingSpike[] {
  const n = leads[0]?.length ?? 0;
  const steps = new Float64Array(n);
  for (const lead of leads) {
    for (let i = 1; i < n; i++) steps[i]! += Math.abs(lead[i]! - lead[i - 1]!);
  }
  for (let i = 0; i < n; i++) steps[i]! /= leads.length;
  const quiet = meanOf(steps);
  const spikes: PacingSpike[] = [];
  for (let i = MARGIN; i < n - MARGIN; i++) {
    const step = steps[i]!;
    if (step < MIN_STEP_MV || step < QUIET_RATIO * quiet || !isPeak(steps, i)) continue;
    if (highest(steps, i - SURROUNDING, i - CORE) * BEFORE_RATIO > step) continue;
    const second = findSecondEdge(steps, i);
    const quietBetween = second < 0 || highest(steps, i + CORE + 1, second - 1) * AFTER_RATIO <= step;
    const after = Math.max(i + CORE + 1, second + 2);
    if (!quietBetween || highest(steps, after, i + SURROUNDING + 1) * AFTER_RATIO > step) continue;
    const first = extent(steps, i);
    const spike = second < 0 ? first : { start: first.start, end: second + 2 };
    spikes.push(spike);
    i = spike.end;
  }
  return spikes;
}

/** A copy with straight lines across the spikes. */
export function bridgeSpikes(x: Float64Array, spikes: readonly PacingSpike[]): Float64Array {
  if (spikes.length === 0) return x;
  const out = x.slice();
  for (const { start, end } of spikes) {
    const from = Math.max(0, start - 1);
    const to = Math.min(x.length - 1, end);
    for (let i = from + 1; i < to; i++) out[i] = x[from]! + ((x[to]! - x[from]!) * (i - from)) / (to - from);
  }
  return out;
}

function meanOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / Math.max(1, x.length);
}

function isPeak(x: Float64Array, at: number): boolean {
  for (let i = Math.max(0, at - CORE); i <= Math.min(x.length - 1, at + CORE); i++) {
    if (x[i]! > x[at]!) return false;
  }
  return true;
}

function highest(x: Float64Array, start: number, end: number): number {
  let found = 0;
  for (let i = Math.max(0, start); i < Math.min(x.length, end); i++) found = Math.max(found, x[i]!);
  return found;
}

/** The falling edge of a broad (bipolar) stimulus: a jump of at least half the size, up to 32 ms later; -1 for none. */
function findSecondEdge(steps: Float64Array, at: number): number {
  for (let i = at + CORE + 1; i <= Math.min(steps.length - 2, at + BROADEST); i++) {
    if (steps[i]! >= 0.5 * steps[at]!) return i;
  }
  return -1;
}

function extent(steps: Float64Array, at: number): PacingSpike {
  const floor = TAIL_SHARE * steps[at]!;
  let start = at;
  let end = at;
  for (let i = at; i >= Math.max(0, at - CORE); i--) if (steps[i]! > floor) start = i;
  for (let i = at; i <= Math.min(steps.length - 1, at + CORE); i++) if (steps[i]! > floor) end = i;
  return { start: start - 1, end: end + 2 };
}
