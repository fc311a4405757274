// For each boundary of a sketched beat: where it is first thought to be and what it lies between.

import type { Sketch } from "./beat-sketch.ts";
import type { BoundaryContext, BoundaryKind } from "./boundary-features.ts";

/** Stands in for a neighbour that is not there (500 Hz samples). */
const FAR = 200;
const NEAR = 100;

/** The context of one boundary of beat `index`; null when the sketch has no such wave. */
export function boundaryContext(sketch: Sketch, index: number, kind: BoundaryKind): BoundaryContext | null {
  const { beat, qrs, p, t } = sketch.beats[index]!;
  switch (kind) {
    case "pOnset": {
      const limit = sketch.beats[index - 1]?.t?.offset;
      return p && { anchor: p.onset, peak: p.peak, limit: limit ?? p.onset - FAR };
    }
    case "pOffset":
      return p && { anchor: p.offset, peak: p.peak, limit: qrs.onset };
    case "qrsOnset":
      return { anchor: qrs.onset, peak: beat, limit: p?.offset ?? qrs.onset - NEAR };
    case "qrsOffset":
      return { anchor: qrs.offset, peak: beat, limit: t?.onset ?? qrs.offset + NEAR };
    case "tOnset":
      return t && { anchor: t.onset, peak: t.peak, limit: qrs.offset };
    case "tOffset": {
      const limit = sketch.beats[index + 1]?.qrs.onset;
      return t && { anchor: t.offset, peak: t.peak, limit: limit ?? t.offset + FAR };
    }
  }
}
