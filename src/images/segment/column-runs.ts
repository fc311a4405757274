// Upright runs of ink in each pixel column of a page: what a trace is followed through.
import type { InkRuns } from "./find-components.ts";

/** One list a column; [top, bottom) pairs from top to bottom. */
export type ColumnRuns = readonly (readonly number[])[];

/** The runs of the pieces that `keeps` lets through. */
export function columnRuns(
  { count, y, fromX, toX, piece }: InkRuns,
  widthPx: number,
  keeps: (piece: number) => boolean,
): ColumnRuns {
  const columns: number[][] = Array.from({ length: widthPx }, () => []);
  for (let run = 0; run < count; run++) {
    if (!keeps(piece[run]!)) continue;
    const row = y[run]!;
    for (let x = fromX[run]!; x < toX[run]!; x++) {
      const column = columns[x]!;
      if (column.length > 0 && column[column.length - 1] === row) column[column.length - 1] = row + 1;
      else column.push(row, row + 1);
    }
  }
  return columns;
}
