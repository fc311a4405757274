// Where the zero line of a row stands, so that its traces are not cut off where that can be helped.
import type { Strip } from "./display-list.ts";
import type { Band } from "./page-geometry.ts";
import { sampleWindow } from "./trace-runs.ts";

/** A strip of the row with the samples of its lead (mV), undefined where the record lacks it. */
export type RowLine = { readonly strip: Strip; readonly samples: ArrayLike<number> | undefined };

/** Usual place of the zero line from the top of the band: R waves rise higher than S waves fall. */
const USUAL_PART = 0.56;
/** The zero line never comes nearer to the top or bottom of its band than this part of its height. */
const EDGE_PART = 0.3;
/** Paper kept free between a trace and the edge of its clip box. */
const CLEAR_MM = 1;

/**
 * y in mm of a row's zero line.
 *
 * `fixed`: always at the usual place in the band. `fit`: moved by whole mm, and just as far as the row's traces
 * need to stay inside their clip boxes; a row too high for them is centred. Never outside its own band.
 */
export function fitZeroLine(
  lines: readonly RowLine[],
  samplingRateHz: number,
  band: Band,
  mode: "fit" | "fixed",
): number {
  const usual = Math.round((band.heightMm * USUAL_PART) / band.alignMm) * band.alignMm;
  if (mode === "fixed") return band.topMm + usual;
  const { aboveMm, belowMm } = rowReach(lines, samplingRateHz);
  const clipTop = Math.max(...lines.map(({ strip }) => strip.clip.yMm)) - band.topMm;
  const clipBottom = Math.min(...lines.map(({ strip }) => strip.clip.yMm + strip.clip.heightMm)) - band.topMm;
  const highest = Math.ceil(clipTop + aboveMm + CLEAR_MM);
  const lowest = Math.floor(clipBottom - belowMm - CLEAR_MM);
  const wanted =
    highest > lowest ? Math.round((highest + lowest) / 2) : Math.min(lowest, Math.max(highest, usual));
  const edge = Math.ceil(band.heightMm * EDGE_PART);
  return band.topMm + Math.min(band.heightMm - edge, Math.max(edge, wanted));
}

/** Median of the finite values, 0 when there is none. The values are not changed. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (sorted.length === 0) return 0;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How far the traces of a row reach above and below its zero line, in mm, at least 0. */
export function rowReach(
  lines: readonly RowLine[],
  samplingRateHz: number,
): { readonly aboveMm: number; readonly belowMm: number } {
  let aboveMm = 0;
  let belowMm = 0;
  for (const { strip, samples } of lines) {
    if (samples === undefined) continue;
    const scale = strip.gainMmPerMv * (strip.inverted ? -1 : 1);
    const { first, last } = sampleWindow(strip, samplingRateHz, samples.length);
    for (let i = first; i <= last; i++) {
      const riseMm = (samples[i]! - strip.offsetMv) * scale;
      if (riseMm > aboveMm && Number.isFinite(riseMm)) aboveMm = riseMm;
      if (-riseMm > belowMm && Number.isFinite(riseMm)) belowMm = -riseMm;
    }
  }
  return { aboveMm, belowMm };
}
