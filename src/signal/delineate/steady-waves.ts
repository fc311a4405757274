// In a steady rhythm P and T keep their distance from QRS: a beat's own estimate is drawn towards the usual one.
import type { Sketch } from "./beat-sketch.ts";
import type { BoundaryKind } from "./boundary-features.ts";
import type { PlacedInLeads, PlacedWaves } from "./place-waves.ts";
import { median } from "./smooth-samples.ts";

/** Share of the difference from the usual distance that a beat keeps. */
const KEPT: Readonly<Partial<Record<BoundaryKind, number>>> = {
  pOnset: 0.4,
  pOffset: 0.4,
  tOnset: 0.5,
  tOffset: 0.5,
};
/** A beat belongs to the steady rhythm when its interval is within this share of the usual one. */
const STEADY_SHARE = 0.12;
const LEAST_BEATS = 4;
/** P waves alike from beat to beat (`judgePWaves`). */
const LOCKED = 0.75;

/** Boundaries of all beats; those outside the steady rhythm, and all when fewer than four are in it, stay as they are. */
export function steadyWaves(sketch: Sketch, placed: readonly PlacedWaves[]): PlacedWaves[] {
  const beats = sketch.beats.map(({ beat }) => beat);
  const intervals = beats.map((beat, i) => (i === 0 ? (beats[1] ?? beat) - beat : beat - beats[i - 1]!));
  const usual = median(intervals);
  const steady = intervals.map((interval) => Math.abs(interval - usual) <= STEADY_SHARE * usual);
  const out = placed.map((waves) => ({ ...waves }));
  for (const kind of Object.keys(KEPT) as BoundaryKind[]) {
    if (kind.startsWith("p") && !(sketch.pLikeness >= LOCKED)) continue;
    const distances = placed.map((waves, i) =>
      steady[i] && waves[kind] ? waves[kind].consensus - waves.qrsOnset!.consensus : null,
    );
    const known = distances.filter((distance) => distance !== null);
    if (known.length < LEAST_BEATS) continue;
    const middle = median(known);
    for (const [i, distance] of distances.entries()) {
      if (distance === null) continue;
      out[i]![kind] = shiftLeads(placed[i]![kind]!, (1 - KEPT[kind]!) * (middle - distance));
    }
  }
  return out;
}

function shiftLeads({ consensus, leads, raw }: PlacedInLeads, by: number): PlacedInLeads {
  return { consensus: consensus + by, leads: leads.map((position) => position + by), raw };
}
