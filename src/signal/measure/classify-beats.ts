// Which beats look alike, which come early and which are wide.
import type { BeatSketch } from "../delineate/beat-sketch.ts";
import { type PreparedLead, WORKING_RATE_HZ } from "../delineate/prepare-leads.ts";
import { median } from "../delineate/smooth-samples.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

export type BeatClass = { readonly dominant: boolean; readonly premature: boolean; readonly wide: boolean };

const ALIKE = 0.85;
const EARLY_SHARE = 0.85;
const WIDE = ms(120);
const WIDER_BY = ms(16);
/** The complex from 70 ms before to 110 ms after its steepest place, every 8 ms. */
const SHAPE_START = -ms(70);
const SHAPE_END = ms(110);
const SHAPE_STEP = ms(8);
const SLIDE = ms(8);

/**
 * Beats of the largest group of like QRS shapes are dominant; of two groups equally large, the narrower wins. A beat is premature
 * when it comes before 0.85 of the usual interval between dominant beats, and wide when it is no dominant beat, at
 * least 120 ms wide and 16 ms wider than those.
 */
export function classifyBeats(leads: readonly PreparedLead[], beats: readonly BeatSketch[]): BeatClass[] {
  const groups = groupShapes(leads, beats);
  const widthOf = (group: number): number =>
    median(beats.flatMap(({ qrs }, i) => (groups[i] === group ? [qrs.offset - qrs.onset] : [])));
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const ranked = [...sizes.keys()].sort((a, b) => sizes.get(b)! - sizes.get(a)! || widthOf(a) - widthOf(b));
  const main = ranked[0] ?? 0;
  const mainWidth = widthOf(main);
  const usual = usualInterval(beats, groups, main);
  return beats.map(({ beat, qrs }, i) => {
    const before = beats[i - 1]?.beat;
    const width = qrs.offset - qrs.onset;
    const dominant = groups[i] === main;
    return {
      dominant,
      premature: before !== undefined && beat - before < EARLY_SHARE * usual,
      wide: !dominant && width >= WIDE && width >= mainWidth + WIDER_BY,
    };
  });
}

/** Median interval between neighbours that are both dominant, else between all neighbours. */
function usualInterval(beats: readonly BeatSketch[], groups: readonly number[], main: number): number {
  const all: number[] = [];
  const between: number[] = [];
  for (let i = 1; i < beats.length; i++) {
    const interval = beats[i]!.beat - beats[i - 1]!.beat;
    all.push(interval);
    if (groups[i] === main && groups[i - 1] === main) between.push(interval);
  }
  return median(between.length >= 2 ? between : all);
}

/** Group number of each beat: a beat joins the first group whose first member its shape correlates with. */
function groupShapes(leads: readonly PreparedLead[], beats: readonly BeatSketch[]): number[] {
  const founders: Float64Array[] = [];
  return beats.map(({ beat }) => {
    let best = -1;
    let bestLikeness = ALIKE;
    for (let slide = -SLIDE; slide <= SLIDE; slide += 2) {
      const shape = shapeAt(leads, beat + slide);
      for (const [group, founder] of founders.entries()) {
        const likeness = dot(shape, founder);
        if (likeness > bestLikeness) {
          bestLikeness = likeness;
          best = group;
        }
      }
    }
    if (best >= 0) return best;
    founders.push(shapeAt(leads, beat));
    return founders.length - 1;
  });
}

/** All leads around a beat, each less its mean, scaled to length 1 over all. */
function shapeAt(leads: readonly PreparedLead[], centre: number): Float64Array {
  const points = Math.floor((SHAPE_END - SHAPE_START) / SHAPE_STEP) + 1;
  const out = new Float64Array(leads.length * points);
  let energy = 0;
  for (const [l, { fine }] of leads.entries()) {
    let sum = 0;
    for (let k = 0; k < points; k++) {
      const at = Math.min(fine.length - 1, Math.max(0, centre + SHAPE_START + k * SHAPE_STEP));
      out[l * points + k] = fine[at]!;
      sum += fine[at]!;
    }
    for (let k = 0; k < points; k++) {
      out[l * points + k]! -= sum / points;
      energy += out[l * points + k]! ** 2;
    }
  }
  const scale = energy > 0 ? 1 / Math.sqrt(energy) : 0;
  for (let i = 0; i < out.length; i++) out[i]! *= scale;
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
