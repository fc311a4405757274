// Which of the bulges before QRS are P waves: those that repeat from beat to beat, or that tower over the rest.

import type { BeatSketch } from "./beat-sketch.ts";
import { bumpAt, type QuietLeads } from "./hide-qrs.ts";
import { WORKING_RATE_HZ } from "./prepare-leads.ts";
import { median } from "./smooth-samples.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

/** P waves are locked to QRS when a beat's usual P place resembles the mean of the others' this much (median beat). */
const LOCKED = 0.75;
const ALIKE = 0.5;
/** A bulge this many times as high as the highest between T and P is a P wave by itself (extrasystole, AV block). */
const TOWERING = 3.5;
const TOWERING_FEW_BEATS = 2.5;
/** With fewer beats, likeness says nothing. */
const MIN_BEATS = 3;
/** Repeating bulges lower than this (mV, root mean square over the leads) are the wander filter's, not the atria's. */
const LEAST_BUMP_MV = 0.014;
const LEAST_BUMP_FEW_LEADS_MV = 0.008;
const HALF_WIDTH = ms(56);
const GRID = ms(8);
const REACH = ms(64);

/** The judged P waves, one entry a beat. */
export type JudgedPWaves = {
  /** Whether the beat has a P wave. */
  readonly present: readonly boolean[];
  /**
   * Place where the beat's P peak is expected from the usual PR interval, when it is there but the strongest bulge is
   * elsewhere (the end of a T wave, say); null otherwise.
   */
  readonly expectedPeak: readonly (number | null)[];
  /** Median likeness of a beat's P wave to the mean of the other beats', -1 to 1; NaN with fewer than three beats. */
  readonly likeness: number;
};

/**
 * Judge the bulges of all beats together. In atrial fibrillation the strongest bulge before QRS differs from beat to
 * beat and is no higher than the waves between T and P; in sinus rhythm it repeats.
 */
export function judgePWaves(quiet: QuietLeads, beats: readonly BeatSketch[]): JudgedPWaves {
  const distances = beats.flatMap(({ qrs, p }) => (p ? [qrs.onset - p.peak] : []));
  const usual = Math.round(median(distances));
  const shapes = beats.map(({ qrs }) => (distances.length ? shapeAt(quiet, qrs.onset - usual) : null));
  const likenesses = likenessToOthers(shapes);
  const known = likenesses.filter((value) => Number.isFinite(value));
  const likeness = known.length < MIN_BEATS ? Number.NaN : median(known);
  const rest = restingBump(quiet, beats);
  const bumps = beats.map(({ qrs, p }) =>
    p === null ? 0 : bumpAt(quiet.waves, p.peak, { reach: REACH, start: 0, end: qrs.onset }),
  );
  const least = quiet.waves.length < 3 ? LEAST_BUMP_FEW_LEADS_MV : LEAST_BUMP_MV;
  const high = median(bumps) >= least * Math.sqrt(quiet.waves.length);
  const locked = likeness >= LOCKED && high;
  const towering = known.length < MIN_BEATS ? TOWERING_FEW_BEATS : TOWERING;
  const present = beats.map(({ qrs, p }, i) => {
    if (p === null) return false;
    if (locked && likenesses[i]! >= ALIKE) return true;
    // the end of a T wave bulges too: look only at what comes after it
    const start = (beats[i - 1]?.t?.offset ?? -ms(16)) + ms(16);
    return (
      rest > 0 && bumpAt(quiet.waves, p.peak, { reach: REACH, start, end: qrs.onset }) >= towering * rest
    );
  });
  const expectedPeak = beats.map(({ qrs, p }, i) => {
    const away = p !== null && Math.abs(qrs.onset - p.peak - usual) > ms(44);
    return locked && away && likenesses[i]! >= LOCKED ? qrs.onset - usual : null;
  });
  return { present, expectedPeak, likeness };
}

/** All leads around `centre`, less the chord between the ends; null where the window leaves the signal. */
function shapeAt(quiet: QuietLeads, centre: number): Float64Array | null {
  const start = centre - HALF_WIDTH;
  const end = centre + HALF_WIDTH;
  if (start < 0 || end >= quiet.steepness.length) return null;
  const points = Math.floor((2 * HALF_WIDTH) / GRID) - 1;
  const out = new Float64Array(quiet.waves.length * points);
  for (const [l, wave] of quiet.waves.entries()) {
    const slope = (wave[end]! - wave[start]!) / (end - start);
    for (let k = 0; k < points; k++) {
      const offset = (k + 1) * GRID;
      out[l * points + k] = wave[start + offset]! - wave[start]! - slope * offset;
    }
  }
  return out;
}

/** Cosine between each shape and the sum of the others; NaN where there is none. */
function likenessToOthers(shapes: readonly (Float64Array | null)[]): number[] {
  const size = shapes.find((shape) => shape !== null)?.length ?? 0;
  const total = new Float64Array(size);
  for (const shape of shapes) if (shape) for (let k = 0; k < size; k++) total[k]! += shape[k]!;
  return shapes.map((shape) => {
    if (shape === null) return Number.NaN;
    let own = 0;
    let others = 0;
    let both = 0;
    for (let k = 0; k < size; k++) {
      const other = total[k]! - shape[k]!;
      own += shape[k]! * shape[k]!;
      others += other * other;
      both += shape[k]! * other;
    }
    return own > 0 && others > 0 ? both / Math.sqrt(own * others) : Number.NaN;
  });
}

/** Median over beats of the highest bulge between the T wave and the next P wave; NaN without such stretches. */
function restingBump(quiet: QuietLeads, beats: readonly BeatSketch[]): number {
  const highest: number[] = [];
  for (const [i, { t }] of beats.entries()) {
    const next = beats[i + 1]?.p;
    if (!t || !next) continue;
    const start = t.offset + ms(60);
    const end = next.onset - ms(60);
    if (end - start < ms(80)) continue;
    let found = 0;
    for (let at = start; at < end; at += 3) {
      found = Math.max(
        found,
        bumpAt(quiet.waves, at, { reach: REACH, start: start - REACH, end: end + REACH }),
      );
    }
    highest.push(found);
  }
  return median(highest);
}
