// Deflections, ST level, T and P amplitude of one lead of the averaged beat.
import { WORKING_RATE_HZ } from "../delineate/prepare-leads.ts";
import type { WaveBoundaries } from "../delineate/wave-boundaries.ts";
import type { LeadShape } from "./measurements.ts";
import { findDeflections, nameDeflections } from "./name-deflections.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);
const toMs = (samples: number): number => (samples * 1000) / WORKING_RATE_HZ;

/** The level before QRS: mean from 20 to 4 ms before its onset. */
const BASELINE_START = ms(20);
const BASELINE_END = ms(4);
/** Where ST is read, and the half-width of the mean. */
const ST_AFTER_J = ms(60);
const ST_HALF_WIDTH = ms(8);
const TERMINAL = ms(40);

/** mV of one lead of the averaged beat, and the same with QRS hidden and smoothed for P and T. */
export type AveragedLead = { readonly samples: Float64Array; readonly wave: Float64Array };

/** Measure one lead between boundaries that hold for all leads (500 Hz samples of the averaged beat). */
export function measureLeadShape({ samples, wave }: AveragedLead, bounds: WaveBoundaries): LeadShape {
  const onset = Math.round(bounds.qrs.onset);
  const offset = Math.round(bounds.qrs.offset);
  const baseline = meanOf(samples, onset - BASELINE_START, onset - BASELINE_END);
  const named = nameDeflections(findDeflections(samples, { onset, offset, baseline }));
  const level = (at: number): number => meanOf(samples, at - ST_HALF_WIDTH, at + ST_HALF_WIDTH) - baseline;
  const lastUpward = named.rPrime ?? named.r;
  return {
    qAmplitudeMv: named.q?.amplitudeMv ?? null,
    qDurationMs: named.q ? toMs(named.q.end - named.q.start) : null,
    rAmplitudeMv: named.r?.amplitudeMv ?? null,
    sAmplitudeMv: named.s?.amplitudeMv ?? null,
    rPrimeAmplitudeMv: named.rPrime?.amplitudeMv ?? null,
    rPeakTimeMs: lastUpward ? toMs(lastUpward.peak - onset) : null,
    qrsAreaMvMs: areaOf(samples, { onset, offset, baseline }),
    qrsTerminalMv: meanOf(samples, offset - TERMINAL, offset) - baseline,
    stJMv: meanOf(samples, offset - 1, offset + 3) - baseline,
    stLevelMv: level(offset + ST_AFTER_J),
    ...measureT(wave, bounds, baseline),
    ...measureP(wave, bounds),
  };
}

function measureT(
  wave: Float64Array,
  { t }: WaveBoundaries,
  baseline: number,
): Pick<LeadShape, "tAmplitudeMv" | "tNegativeMv"> {
  if (t === null) return { tAmplitudeMv: null, tNegativeMv: null };
  const { low, high } = rangeOf(wave, t.onset, t.offset);
  const down = low - baseline;
  const up = high - baseline;
  return { tAmplitudeMv: Math.abs(down) > Math.abs(up) ? down : up, tNegativeMv: Math.min(0, down) };
}

function measureP(
  wave: Float64Array,
  { p }: WaveBoundaries,
): Pick<LeadShape, "pAmplitudeMv" | "pTerminalMv"> {
  if (p === null) return { pAmplitudeMv: null, pTerminalMv: null };
  const level = wave[Math.max(0, Math.round(p.onset))]!;
  const { low, high } = rangeOf(wave, p.onset, p.offset);
  const second = rangeOf(wave, (p.onset + p.offset) / 2, p.offset);
  return {
    pAmplitudeMv: level - low > high - level ? low - level : high - level,
    pTerminalMv: Math.min(0, second.low - level),
  };
}

/** Net area of a stretch over `baseline`, mV ms. */
export function areaOf(
  x: Float64Array,
  { onset, offset, baseline }: { readonly onset: number; readonly offset: number; readonly baseline: number },
): number {
  let sum = 0;
  for (let i = Math.max(0, Math.round(onset)); i <= Math.min(x.length - 1, Math.round(offset)); i++) {
    sum += x[i]! - baseline;
  }
  return toMs(sum);
}

/** Mean of [start, end), at least one sample, kept inside the signal. */
function meanOf(x: Float64Array, start: number, end: number): number {
  const from = Math.min(x.length - 1, Math.max(0, Math.round(start)));
  const to = Math.min(x.length, Math.max(from + 1, Math.round(end)));
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i]!;
  return sum / (to - from);
}

function rangeOf(x: Float64Array, start: number, end: number): { low: number; high: number } {
  const from = Math.min(x.length - 1, Math.max(0, Math.round(start)));
  const to = Math.min(x.length - 1, Math.max(from, Math.round(end)));
  let low = x[from]!;
  let high = low;
  for (let i = from; i <= to; i++) {
    low = Math.min(low, x[i]!);
    high = Math.max(high, x[i]!);
  }
  return { low, high };
}
