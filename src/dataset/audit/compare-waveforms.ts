// Whether two fingerprints are the same ECG: normalised cross-correlation over shifts of +-2 s (design 4.5).
import { FINGERPRINT_HZ, type Fingerprint } from "./fingerprint.ts";

/**
 * Two recordings correlate this well only when they are the same ECG: of 270,000 pairs of different patients none
 * that is no copy reached 0.93, and of 744 copies (resampled, rescaled, shifted, cropped, noisy) none fell below 0.98.
 */
export const SAME_WAVEFORM_CORRELATION = 0.98;

const MAX_SHIFT = 2 * FINGERPRINT_HZ;
/** Steps between two whole shifts: 20 ms / 10. */
const FINE_STEPS = 10;
/** Whole shifts that are looked at between samples. */
const REFINED_SHIFTS = 8;
/** A copy correlates at least this well in one lead at 25 Hz, wherever its samples fall. */
const RESEMBLANCE = 0.5;
/** One lead may correlate this much worse than the mean of all before it is refined. */
const PROBE_SLACK = 0.25;
/** Shorter overlaps correlate by chance (two beats look alike). */
const MIN_OVERLAP = 4 * FINGERPRINT_HZ;

export type WaveformMatch = { readonly correlation: number; readonly shiftSeconds: number };

/**
 * The best correlation over shifts of up to 2 s plus the difference in length (a crop may lie anywhere in the
 * longer one). Each lead is centred and scaled on the overlap; the correlations of the leads that both have are
 * averaged. Shifts are tried in whole samples of 20 ms first, then around the best ones in steps of 2 ms, because
 * 10 ms are enough to make a QRS miss itself. A shift that stays below `promising` before refinement is not looked
 * at further, so a result of 0 means "nowhere near".
 */
export function compareWaveforms(a: Fingerprint, b: Fingerprint, promising = 0.7): WaveformMatch {
  const pairs = a.leads.flatMap((lead, index) => {
    const other = b.leads[index];
    return lead && other ? [{ first: withSums(lead), second: withSums(other) }] : [];
  });
  const [probe] = pairs;
  if (!probe) return { correlation: 0, shiftSeconds: 0 };
  if (!resemblesAtHalfRate(probe)) return { correlation: 0, shiftSeconds: 0 };
  const slack = probe.first.samples.length - probe.second.samples.length;
  const highest = Math.max(0, slack) + MAX_SHIFT;
  const candidates: Candidate[] = [];
  for (let shift = Math.min(0, slack) - MAX_SHIFT; shift <= highest; shift++) {
    if (pairs.length > 1 && correlateAt(probe, shift) < promising - PROBE_SLACK) continue;
    const correlation = meanCorrelation(pairs, shift);
    if (correlation >= promising) candidates.push({ shift, correlation });
  }
  // In a regular rhythm several shifts align beats; the true one may be second before it is refined.
  return localMaxima(candidates)
    .sort((x, y) => y.correlation - x.correlation)
    .slice(0, REFINED_SHIFTS)
    .map(({ shift, correlation }) => refineShift(pairs, shift, correlation))
    .reduce((best, match) => (match.correlation > best.correlation ? match : best), {
      correlation: 0,
      shiftSeconds: 0,
    });
}

type Candidate = { readonly shift: number; readonly correlation: number };

/** Of neighbouring shifts only the best: a beat that fits twice must not crowd out another that fits better. */
function localMaxima(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((candidate, index) => {
    const neighbours = [candidates[index - 1], candidates[index + 1]];
    return neighbours.every(
      (other) =>
        other === undefined ||
        Math.abs(other.shift - candidate.shift) > 1 ||
        other.correlation < candidate.correlation ||
        (other.correlation === candidate.correlation && other.shift > candidate.shift),
    );
  });
}

/** A quick look at 25 Hz, where a quarter of the work tells most strangers apart. */
function resemblesAtHalfRate({ first, second }: LeadPair): boolean {
  const pair = { first: withSums(halve(first.samples)), second: withSums(halve(second.samples)) };
  const slack = pair.first.samples.length - pair.second.samples.length;
  const highest = Math.max(0, slack) + MAX_SHIFT / 2;
  for (let shift = Math.min(0, slack) - MAX_SHIFT / 2; shift <= highest; shift++) {
    if (correlateAt(pair, shift, MIN_OVERLAP / 2) >= RESEMBLANCE) return true;
  }
  return false;
}

const halved = new WeakMap<Float32Array, Float32Array>();

function halve(samples: Float32Array): Float32Array {
  const known = halved.get(samples);
  if (known) return known;
  const half = new Float32Array(samples.length >> 1);
  for (let t = 0; t < half.length; t++) half[t] = ((samples[2 * t] ?? 0) + (samples[2 * t + 1] ?? 0)) / 2;
  halved.set(samples, half);
  return half;
}

/** A lead with running sums of its samples and squares, so that an overlap's mean and variance cost nothing. */
type SummedLead = {
  readonly samples: Float32Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
};
type LeadPair = { readonly first: SummedLead; readonly second: SummedLead };

const summed = new WeakMap<Float32Array, SummedLead>();

function withSums(samples: Float32Array): SummedLead {
  const known = summed.get(samples);
  if (known) return known;
  const sums = new Float64Array(samples.length + 1);
  const squares = new Float64Array(samples.length + 1);
  for (const [t, value] of samples.entries()) {
    sums[t + 1] = (sums[t] ?? 0) + value;
    squares[t + 1] = (squares[t] ?? 0) + value * value;
  }
  const lead = { samples, sums, squares };
  summed.set(samples, lead);
  return lead;
}

function meanCorrelation(pairs: readonly LeadPair[], shift: number): number {
  return pairs.reduce((sum, pair) => sum + correlateAt(pair, shift), 0) / pairs.length;
}

/** Shifts between samples: one side is interpolated, the other stays. */
function refineShift(pairs: readonly LeadPair[], wholeShift: number, coarse: number): WaveformMatch {
  let best: WaveformMatch = { correlation: coarse, shiftSeconds: wholeShift / FINGERPRINT_HZ };
  for (let step = -FINE_STEPS + 1; step < FINE_STEPS; step++) {
    if (step === 0) continue;
    const fraction = step / FINE_STEPS;
    const moved = pairs.map(({ first, second }) => ({
      first: withSums(moveBy(first.samples, fraction)),
      second,
    }));
    const correlation = meanCorrelation(moved, wholeShift);
    if (correlation > best.correlation) {
      best = { correlation, shiftSeconds: (wholeShift + fraction) / FINGERPRINT_HZ };
    }
  }
  return best;
}

/** samples[t + fraction] by a Hann-windowed sinc of eight taps; -1 < fraction < 1. */
function moveBy(samples: Float32Array, fraction: number): Float32Array {
  const taps = Array.from({ length: 8 }, (_, index) => index - 3).map((offset) => {
    const x = offset - fraction;
    const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return { offset, weight: Math.abs(x) < 4 ? sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / 4)) : 0 };
  });
  const last = samples.length - 1;
  return samples.map((_, t) => {
    let sum = 0;
    for (const { offset, weight } of taps)
      sum += weight * (samples[Math.min(last, Math.max(0, t + offset))] ?? 0);
    return sum;
  });
}

/** Pearson correlation of first[t + shift] and second[t] over their overlap; 0 when that is too short. */
function correlateAt({ first, second }: LeadPair, shift: number, minOverlap: number = MIN_OVERLAP): number {
  const a = first.samples;
  const b = second.samples;
  const from = Math.max(0, -shift);
  const to = Math.min(b.length, a.length - shift);
  const count = to - from;
  if (count < minOverlap) return 0;
  let products = 0;
  for (let t = from; t < to; t++) products += (a[t + shift] as number) * (b[t] as number);
  const between = (sums: Float64Array, start: number): number =>
    (sums[start + count] ?? 0) - (sums[start] ?? 0);
  const sumA = between(first.sums, from + shift);
  const sumB = between(second.sums, from);
  const covariance = products - (sumA * sumB) / count;
  const varianceA = between(first.squares, from + shift) - (sumA * sumA) / count;
  const varianceB = between(second.squares, from) - (sumB * sumB) / count;
  return varianceA > 0 && varianceB > 0 ? covariance / Math.sqrt(varianceA * varianceB) : 0;
}
