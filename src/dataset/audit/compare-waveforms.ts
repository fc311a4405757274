// Whether two fingerprints are the same ECG: normalised cross-correlation over shifts of +-2 s (design 4.5).
import { FINGERPRINT_HZ, type Fingerprint } from "./fingerprint.ts";

/** Two recordings correlate this well only when they are the same ECG. */
export const SAME_WAVEFORM_CORRELATION = 0.98;

const MAX_SHIFT = 2 * FINGERPRINT_HZ;
/** Shorter overlaps correlate by chance (two beats look alike). */
const MIN_OVERLAP = 4 * FINGERPRINT_HZ;

export type WaveformMatch = { readonly correlation: number; readonly shiftSeconds: number };

/**
 * The best correlation over shifts of up to 2 s plus the difference in length (a crop may lie anywhere in the
 * longer one). Each lead is centred and scaled on the overlap; the correlations of the leads that both have are
 * averaged. A shift at which the first of these leads stays below `promising` is not looked at further, so a
 * result of 0 means "nowhere near".
 */
export function compareWaveforms(a: Fingerprint, b: Fingerprint, promising = 0.85): WaveformMatch {
  const shared = a.leads.flatMap((lead, index) => {
    const other = b.leads[index];
    return lead && other ? [{ first: lead, second: other }] : [];
  });
  let best: WaveformMatch = { correlation: 0, shiftSeconds: 0 };
  const [probe, ...rest] = shared;
  if (!probe) return best;
  const slack = probe.first.length - probe.second.length;
  const highest = Math.max(0, slack) + MAX_SHIFT;
  for (let shift = Math.min(0, slack) - MAX_SHIFT; shift <= highest; shift++) {
    let sum = correlateAt(probe.first, probe.second, shift);
    if (sum < promising) continue;
    for (const pair of rest) sum += correlateAt(pair.first, pair.second, shift);
    const correlation = sum / shared.length;
    if (correlation > best.correlation) best = { correlation, shiftSeconds: shift / FINGERPRINT_HZ };
  }
  return best;
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
