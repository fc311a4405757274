// The P wave before a beat, seen in all leads together.
import type { Span } from "./find-qrs.ts";
import { bumpAt, type QuietLeads } from "./hide-qrs.ts";
import { WORKING_RATE_HZ } from "./prepare-leads.ts";
import type { WaveBounds } from "./wave-boundaries.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

const REACH = ms(64);
/** Peak of P before QRS onset, at the latest and at the earliest. */
const LATEST_PEAK = ms(36);
const EARLIEST_PEAK = ms(320);
const EDGE_SHARE = 0.2;
const LONGEST_HALF = ms(90);

/** The end and peak of the T wave before, which a P wave cannot precede. */
export type Before = { readonly tPeak: number; readonly tOffset: number };

/** The strongest bulge of all leads between the T wave before and QRS onset; null without room for one. */
export function findPWave(quiet: QuietLeads, qrs: Span, before: Before | null): WaveBounds | null {
  const end = qrs.onset;
  const start = Math.max(0, end - EARLIEST_PEAK - REACH, before === null ? 0 : before.tOffset - ms(30));
  const first = Math.max(end - EARLIEST_PEAK, start + ms(20), before === null ? 0 : before.tOffset - ms(30));
  let peak = -1;
  let highest = 0;
  for (let at = first; at <= end - LATEST_PEAK; at++) {
    const bump = bumpAt(quiet.waves, at, { reach: REACH, start, end }) * preference(end - at);
    if (bump > highest) {
      highest = bump;
      peak = at;
    }
  }
  return peak < 0 ? null : bounds(quiet, peak, { start, end });
}

/** The strongest bulge within 24 ms of where the usual PR interval puts the P peak. */
export function findPWaveNear(quiet: QuietLeads, qrs: Span, expected: number): WaveBounds {
  const start = Math.max(0, expected - REACH);
  const end = qrs.onset;
  let peak = expected;
  let highest = 0;
  for (let at = expected - ms(24); at <= Math.min(expected + ms(24), end - LATEST_PEAK); at++) {
    const bump = bumpAt(quiet.waves, at, { reach: REACH, start, end });
    if (bump > highest) {
      highest = bump;
      peak = at;
    }
  }
  return bounds(quiet, peak, { start, end });
}

function bounds(
  quiet: QuietLeads,
  peak: number,
  { start, end }: { readonly start: number; readonly end: number },
): WaveBounds {
  return {
    onset: edge(quiet.steepness, peak, { step: -1, limit: start }),
    peak,
    offset: edge(quiet.steepness, peak, { step: 1, limit: end }),
  };
}

/** Bulges more than 220 ms before QRS count less, down to 0.6 at 320 ms. */
function preference(distance: number): number {
  return distance <= ms(220) ? 1 : 1 - (0.4 * (distance - ms(220))) / ms(100);
}

function edge(
  steepness: Float64Array,
  peak: number,
  { step, limit }: { readonly step: 1 | -1; readonly limit: number },
): number {
  let steepest = peak;
  for (let at = peak; (limit - at) * step > 0 && Math.abs(at - peak) < ms(70); at += step) {
    if (steepness[at]! > steepness[steepest]!) steepest = at;
  }
  const threshold = EDGE_SHARE * steepness[steepest]!;
  let at = steepest;
  while ((limit - at) * step > 0 && Math.abs(at - peak) < LONGEST_HALF && steepness[at]! > threshold)
    at += step;
  return at;
}
