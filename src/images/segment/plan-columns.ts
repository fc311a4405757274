// Where the columns of a page start, which rows run over its full width, and which labels stand beside which strip.
import { medianOf } from "../fit-zero-line.ts";
import type { InkPiece } from "./find-components.ts";
import type { PageRows } from "./find-rows.ts";
import type { PageLabel } from "./read-labels.ts";

export type ColumnPlan = {
  readonly columns: number;
  readonly fromX: number;
  readonly columnWidthPx: number;
  /** Rows from the top that are divided into columns; those below run over the full width. */
  readonly leadRows: number;
};

export type ColumnMarks = {
  readonly pieces: readonly InkPiece[];
  readonly labels: readonly PageLabel[];
  readonly pxPerMm: number;
};

/** Columns of a page whose marks say nothing, by its number of rows. */
const USUAL: Readonly<Record<number, readonly [leadRows: number, columns: number]>> = {
  3: [3, 4],
  4: [3, 4],
  5: [3, 4],
  6: [6, 2],
  7: [6, 2],
  8: [6, 2],
};

/** Divide the traces' extent into columns: by the ticks between strips, by the labels, else as is usual. */
export function planColumns(
  rows: PageRows,
  extent: { readonly fromX: number; readonly toX: number },
  marks: ColumnMarks,
  forced?: { readonly leadRows: number; readonly columns: number },
): ColumnPlan {
  const rowCount = rows.zeroLinesPx.length;
  const widthPx = extent.toX - extent.fromX;
  const found = markedColumns(rows, extent.fromX, widthPx, marks);
  const [usualRows, usualColumns] = USUAL[rowCount] ?? [rowCount, 1];
  const usual = { columns: usualColumns, columnWidthPx: widthPx / usualColumns, fromX: extent.fromX };
  if (forced !== undefined) {
    const { columns } = forced;
    const columnWidthPx = found?.columns === columns ? found.columnWidthPx : widthPx / columns;
    return { columns, columnWidthPx, fromX: extent.fromX, leadRows: Math.min(rowCount, forced.leadRows) };
  }
  const plan = { ...usual, ...found };
  const divided = dividedRows(rows, plan, marks);
  const leadRows = plan.columns === 1 ? Math.min(rowCount, 12) : divided > 0 ? divided : usualRows;
  // Marks that make no page of twelve leads are believed where most strips have a label.
  const believed = leadRows * plan.columns === 12 || marks.labels.length >= 0.5 * leadRows * plan.columns;
  return believed || USUAL[rowCount] === undefined
    ? { ...plan, leadRows: Math.min(rowCount, leadRows) }
    : { ...usual, leadRows: Math.min(rowCount, usualRows) };
}

/** Narrow upright pieces of ink of a tick's height. */
function listTicks({ pieces, labels, pxPerMm }: ColumnMarks): InkPiece[] {
  const inLabels = new Set(labels.flatMap((label) => label.pieces.map(({ index }) => index)));
  return pieces.filter((piece) => {
    const heightMm = (piece.toY - piece.fromY) / pxPerMm;
    const narrow = piece.toX - piece.fromX <= Math.max(3, 0.9 * pxPerMm);
    return narrow && heightMm >= 1.4 && heightMm <= 8 && !inLabels.has(piece.index);
  });
}

/** A sign at the left edge of a strip: a tick on it, or a label just right of it. */
type Mark = { readonly x: number; readonly row: number; readonly isTick: boolean };

function listMarks(rows: PageRows, marks: ColumnMarks): Mark[] {
  return [
    ...listTicks(marks).map((tick) => ({
      x: (tick.fromX + tick.toX) / 2,
      row: nearestRow(rows, (tick.fromY + tick.toY) / 2),
      isTick: true,
    })),
    ...marks.labels.map((label) => ({
      x: label.fromX,
      row: nearestRow(rows, (label.fromY + label.toY) / 2),
      isTick: false,
    })),
  ];
}

/** The greatest number of equal columns at most of whose edges marks stand, and their width. */
function markedColumns(
  rows: PageRows,
  fromX: number,
  widthPx: number,
  marks: ColumnMarks,
): { readonly columns: number; readonly columnWidthPx: number } | undefined {
  const found = listMarks(rows, marks);
  const right = Math.max(...found.filter(({ isTick }) => !isTick).map(({ x }) => x), 0);
  const least = Math.max(1, 0.25 * rows.zeroLinesPx.length);
  for (const columns of [6, 4, 3, 2]) {
    // Where the last leads are missing the traces end early: the labels then tell the columns' width.
    const ends = Math.round((right - fromX) / (widthPx / columns));
    const steps = [widthPx / columns, ...(ends >= columns ? [firstStep(found, fromX)] : [])];
    for (const stepPx of steps) {
      if (!(stepPx > 8 * marks.pxPerMm)) continue;
      const edges = Array.from({ length: columns - 1 }, (_, k) =>
        marksAt(found, fromX + (k + 1) * stepPx, stepPx, marks.pxPerMm),
      );
      const marked = edges.filter((edge) => new Set(edge.map(({ row }) => row)).size >= least);
      if (marked.length < 0.6 * edges.length) continue;
      return { columns, columnWidthPx: tickedWidth(edges, fromX, stepPx) };
    }
  }
  const left = marks.labels.filter((label) => label.fromX < fromX + widthPx / 8);
  const allLeft = left.length === marks.labels.length && left.length >= 0.6 * rows.zeroLinesPx.length;
  return allLeft ? { columns: 1, columnWidthPx: widthPx } : undefined;
}

/** From the traces' start to the first tick, NaN without ticks. */
function firstStep(marks: readonly Mark[], fromX: number): number {
  const ticks = marks.filter(({ isTick, x }) => isTick && x > fromX + 20).map(({ x }) => x);
  return ticks.length < 2 ? Number.NaN : Math.min(...ticks) - fromX;
}

function marksAt(marks: readonly Mark[], x: number, stepPx: number, pxPerMm: number): Mark[] {
  const near = 0.02 * stepPx + 1;
  return marks.filter((mark) =>
    mark.isTick ? Math.abs(mark.x - x) < near : mark.x > x - 2 * pxPerMm && mark.x < x + 7 * pxPerMm,
  );
}

/** The columns' width by the ticks at their edges, where there are two or more above each other. */
function tickedWidth(edges: readonly (readonly Mark[])[], fromX: number, stepPx: number): number {
  for (let k = edges.length - 1; k >= 0; k--) {
    const ticks = edges[k]!.filter(({ isTick }) => isTick).map(({ x }) => x);
    if (ticks.length >= 2) return (medianOf(ticks) - fromX) / (k + 1);
  }
  return stepPx;
}

/** How many rows from the top down to the last one that has a tick or a label at a column's start. */
function dividedRows(rows: PageRows, plan: Omit<ColumnPlan, "leadRows">, marks: ColumnMarks): number {
  if (plan.columns === 1) return rows.zeroLinesPx.length;
  const starts = Array.from(
    { length: plan.columns - 1 },
    (_, k) => plan.fromX + (k + 1) * plan.columnWidthPx,
  );
  const near = (x: number, before: number, after: number): boolean =>
    starts.some((start) => x >= start - before * marks.pxPerMm && x <= start + after * marks.pxPerMm);
  const marked = [
    ...listTicks(marks)
      .filter((tick) => near((tick.fromX + tick.toX) / 2, 0.7, 0.7))
      .map((tick) => (tick.fromY + tick.toY) / 2),
    ...marks.labels.filter((label) => near(label.fromX, 3, 7)).map((label) => (label.fromY + label.toY) / 2),
  ].map((y) => nearestRow(rows, y));
  const counts = rows.zeroLinesPx.map((_y, row) => marked.filter((one) => one === row).length);
  return counts.findLastIndex((count) => count >= Math.max(1, 0.4 * starts.length)) + 1;
}

/** The row that a label or tick at height y belongs to: these stand somewhat above their zero line. */
export function nearestRow({ zeroLinesPx, spacingPx }: PageRows, y: number): number {
  let best = 0;
  for (const [row, zero] of zeroLinesPx.entries()) {
    if (Math.abs(zero - 0.2 * spacingPx - y) < Math.abs(zeroLinesPx[best]! - 0.2 * spacingPx - y)) best = row;
  }
  return best;
}

/** The label of each strip, row by row, undefined where none was read. */
export function labelsOfStrips(
  rows: PageRows,
  plan: ColumnPlan,
  { labels, pxPerMm }: ColumnMarks,
): (string | undefined)[][] {
  const names: (string | undefined)[][] = rows.zeroLinesPx.map((_y, row) =>
    Array.from({ length: row < plan.leadRows ? plan.columns : 1 }, () => undefined),
  );
  for (let column = 0; column < plan.columns; column++) {
    const x = plan.fromX + column * plan.columnWidthPx;
    const here = labels
      .filter(
        (label) =>
          label.fromX > x - (column === 0 ? 16 : 3) * pxPerMm &&
          label.fromX < x + Math.min(12 * pxPerMm, 0.6 * plan.columnWidthPx),
      )
      .sort((a, b) => a.fromY - b.fromY);
    const rowCount = column === 0 ? rows.zeroLinesPx.length : plan.leadRows;
    const inOrder = here.length === rowCount;
    const scores: number[] = [];
    for (const [index, label] of here.entries()) {
      const row = inOrder ? index : nearestRow(rows, (label.fromY + label.toY) / 2);
      if (row >= rowCount || label.score <= (scores[row] ?? 0)) continue;
      scores[row] = label.score;
      names[row]![column] = label.label;
    }
  }
  return names;
}
