// Rows of a figure, each as high as its traces need: no lead is cut off and none runs into another.
import { type RowLine, rowReach } from "./fit-zero-line.ts";
import { MAJOR_MM } from "./grid-styles.ts";

/** A row's place in a figure. */
export type FigureRow = { readonly topMm: number; readonly heightMm: number; readonly zeroLineMm: number };

/** Paper above and below a row's traces. */
const CLEAR_MM = 1.5;
/** Room kept above the zero line for the lead's name. */
const LEAST_ABOVE_MM = 8;
const LEAST_BELOW_MM = 3;
/** A wild signal does not make a row higher than this: it is cut off. */
const MOST_MM = 80;

/**
 * Stack rows from `topMm` down. With `rowMm` all have that height; without it each has what its lines need, in
 * whole large squares. The zero line is the lowest that keeps the traces inside, on a whole mm.
 */
export function planRows(
  rows: readonly (readonly RowLine[])[],
  samplingRateHz: number,
  topMm: number,
  rowMm?: number,
): FigureRow[] {
  let nextMm = topMm;
  return rows.map((lines) => {
    const reach = rowReach(lines, samplingRateHz);
    const aboveMm = Math.max(LEAST_ABOVE_MM, reach.aboveMm + CLEAR_MM);
    const belowMm = Math.max(LEAST_BELOW_MM, reach.belowMm + CLEAR_MM);
    const needMm = Math.ceil((aboveMm + belowMm) / MAJOR_MM) * MAJOR_MM;
    const heightMm = rowMm ?? Math.min(MOST_MM, needMm);
    // Spare height goes half above, half below; a row too low shares the loss in the same way.
    const zeroMm = Math.round(aboveMm + (heightMm - aboveMm - belowMm) / 2);
    const row = { topMm: nextMm, heightMm, zeroLineMm: nextMm + Math.min(heightMm, Math.max(0, zeroMm)) };
    nextMm += heightMm;
    return row;
  });
}
