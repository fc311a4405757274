// Whether two fingerprints are the same ECG: normalised cross-correlation over shifts of +-2 s (design 4.5).
import { FINGERPRINT_HZ, type Fingerprint } from "./fingerprint.ts";

/** Two recordings correlate this well only when they are the same ECG. */
export const SAME_WAVEFORM_CORRELATION = 0.98;

const MAX_SHIFT = 2 * FINGERPRINT_HZ;
/** Steps between two whole shifts: 20 ms / 10. */
const FINE_STEPS = 10;
/** Whole shifts that are looked at between samples. */
const REFINED_SHIFTS = 4;
/** Shorter overlaps correlate by chance (two beats look alike). */
const MIN_OVERLAP = 4 * FINGERPRINT_HZ;

export type WaveformMatch = { readonly correlation: number; readonly shiftSeconds: number };

/**
 * The best correlation over shifts of up to 2 s plus the difference in length (a crop may lie anywhere in the
 * longer one). Each lead is centred and scaled on the overlap; the correlations of the leads that both have are
 * averaged. Shifts are tried in whole samples of 20 ms first, then around the best one in steps of 2 ms, because
 * 10 ms are enough to make a QRS miss itself. A shift at which the first lead stays below `promising` is not looked
 * at further, so a result of 0 means "nowhere near".
 */
export function compareWaveforms(a: Fingerprint, b: Fingerprint, promising = 0.7): WaveformMatch {
  const shared = a.leads.flatMap((lead, index) => {
    const other = b.leads[index];
    return lead && other ? [{ first: lead, second: other }] : [];
  });
  const [probe] = shared;
  if (!probe) return { correlation: 0, shiftSeconds: 0 };
  const slack = probe.first.length - probe.second.length;
  const highest = Math.max(0, slack) + MAX_SHIFT;
  const candidates: { readonly shift: number; readonly correlation: number }[] = [];
  for (let shift = Math.min(0, slack) - MAX_SHIFT; shift <= highest; shift++) {
    if (correlateAt(probe.first, probe.second, shift) < promising) continue;
    candidates.push({ shift, correlation: meanCorrelation(shared, shift) });
  }
  // In a regular rhythm several shifts align beats; the true one may be second before it is refined.
  return candidates
    .sort((x, y) => y.correlation - x.correlation)
    .slice(0, REFINED_SHIFTS)
    .map(({ shift, correlation }) => refineShift(shared, shift, correlation))
    .reduce((best, match) => (match.correlation > best.correlation ? match : best), {
      correlation: 0,
      shiftSeconds: 0,
    });
}

type LeadPair = { readonly first: Float32Array; readonly second: Float32Array };

function meanCorrelation(pairs: readonly LeadPair[], shift: number): number {
  return pairs.reduce((sum, pair) => sum + correlateAt(pair.first, pair.second, shift), 0) / pairs.length;
}

/** Shifts between samples: one side is interpolated, the other stays. */
function refineShift(pairs: readonly LeadPair[], wholeShift: number, coarse: number): WaveformMatch {
  let best: WaveformMatch = { correlation: coarse, shiftSeconds: wholeShift / FINGERPRINT_HZ };
  for (let step = -FINE_STEPS + 1; step < FINE_STEPS; step++) {
    if (step === 0) continue;
    const fraction = step / FINE_STEPS;
    const moved = pairs.map(({ first, second }) => ({ first: moveBy(first, fraction), second }));
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

/** Pearson correlation of a[t + shift] and b[t] over their overlap; 0 when it is shorter than 4 s. */
function correlateAt(a: Float32Array, b: Float32Array, shift: number): number {
  const from = Math.max(0, -shift);
  const to = Math.min(b.length, a.length - shift);
  const count = to - from;
  if (count < MIN_OVERLAP) return 0;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let t = from; t < to; t++) {
    const x = a[t + shift] as number;
    const y = b[t] as number;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const covariance = sumAB - (sumA * sumB) / count;
  const variance = (sumAA - (sumA * sumA) / count) * (sumBB - (sumB * sumB) / count);
  return variance > 0 ? covariance / Math.sqrt(variance) : 0;
}
