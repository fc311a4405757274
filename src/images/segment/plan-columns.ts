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
  const ticks = tickColumns(rows, marks);
  const byTicks = evenColumns(extent.fromX, ticks, widthPx);
  const found = byTicks ?? columnsByLabels(rows, extent, marks);
  const [usualRows, usualColumns] = USUAL[rowCount] ?? [rowCount, 1];
  const columns = forced?.columns ?? found?.columns ?? usualColumns;
  const columnWidthPx =
    byTicks !== undefined && byTicks.columns === columns ? byTicks.columnWidthPx : widthPx / columns;
  const plan = { columns, fromX: extent.fromX, columnWidthPx };
  const divided = dividedRows(rows, plan, marks);
  const leadRows =
    forced?.leadRows ?? (columns === 1 ? Math.min(rowCount, 12) : divided > 0 ? divided : usualRows);
  return { ...plan, leadRows: Math.min(rowCount, leadRows) };
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

/** x of the ticks that stand above each other in at least two rows. */
function tickColumns(rows: PageRows, marks: ColumnMarks): number[] {
  const ticks = listTicks(marks).map((tick) => ({
    x: (tick.fromX + tick.toX) / 2,
    row: nearestRow(rows, (tick.fromY + tick.toY) / 2),
  }));
  const least = Math.max(2, 0.3 * rows.zeroLinesPx.length);
  const columns: number[] = [];
  for (const { x } of [...ticks].sort((a, b) => a.x - b.x)) {
    if (columns.length > 0 && x - columns.at(-1)! < 3 * marks.pxPerMm) continue;
    const near = ticks.filter((other) => Math.abs(other.x - x) <= Math.max(1.5, 0.35 * marks.pxPerMm));
    if (new Set(near.map(({ row }) => row)).size >= least) columns.push(medianOf(near.map((one) => one.x)));
  }
  return columns;
}

/** Ticks at equal distances from the traces' start make columns. */
function evenColumns(
  fromX: number,
  ticks: readonly number[],
  widthPx: number,
): { readonly columns: number; readonly columnWidthPx: number } | undefined {
  for (let columns = 6; columns >= 2; columns--) {
    for (const stepPx of [widthPx / columns, (ticks[0] ?? 0) - fromX]) {
      if (stepPx < widthPx / 8 || stepPx > widthPx) continue;
      const inside = ticks.filter((x) => x > fromX + 0.5 * stepPx && x < fromX + (columns - 0.5) * stepPx);
      const hits = Array.from({ length: columns - 1 }, (_, k) => fromX + (k + 1) * stepPx).map((x) =>
        inside.find((tick) => Math.abs(tick - x) < 0.03 * stepPx + 1),
      );
      if (hits.some((hit) => hit === undefined)) continue;
      const columnWidthPx = (hits.at(-1)! - fromX) / (columns - 1);
      if (columnWidthPx * columns < widthPx * 0.97) continue;
      return { columns, columnWidthPx };
    }
  }
  return undefined;
}

/** The number of columns at whose starts labels stand. */
function columnsByLabels(
  rows: PageRows,
  { fromX, toX }: { readonly fromX: number; readonly toX: number },
  { labels, pxPerMm }: ColumnMarks,
): { readonly columns: number } | undefined {
  const rowCount = rows.zeroLinesPx.length;
  let best: { columns: number; part: number } | undefined;
  for (const columns of [6, 4, 3, 2]) {
    const stepPx = (toX - fromX) / columns;
    const near = Array.from({ length: columns - 1 }, (_, k) => fromX + (k + 1) * stepPx).map(
      (x) => labels.filter((label) => label.fromX > x - 3 * pxPerMm && label.fromX < x + 7 * pxPerMm).length,
    );
    const part = Math.min(...near) / rowCount;
    if (part >= 0.3 && part > (best?.part ?? 0)) best = { columns, part };
  }
  if (best !== undefined) return best;
  const left = labels.filter((label) => label.fromX < fromX + (toX - fromX) / 8);
  return left.length === labels.length && left.length >= 0.6 * rowCount ? { columns: 1 } : undefined;
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
