// planFromText: the columns of a page whose lead names are known with their places.
import { medianOf } from "../fit-zero-line.ts";
import type { PageRows } from "./find-rows.ts";
import type { ColumnPlan } from "./plan-columns.ts";
import type { PageLabel } from "./read-labels.ts";

/** Names whose left edges are this near stand in one column. */
const SAME_COLUMN_MM = 6;
/** Columns of one page are equally wide, but for this part. */
const UNEVEN_PART = 0.05;
/** Traces that reach this far beyond their columns begin with a calibration pulse that is drawn with them. */
const LEAST_PULSE_MM = 2;
/** Where a name may begin, measured from the start of its strip. */
const LABEL_MM = [-3, 12] as const;

/**
 * Columns by the left edges of the names. `undefined` where these do not stand in even columns, or on more rows than
 * were found.
 */
export function planFromText(
  rows: PageRows,
  extent: { readonly fromX: number; readonly toX: number },
  labels: readonly PageLabel[],
  pxPerMm: number,
): ColumnPlan | undefined {
  const columns = groupColumns(labels, SAME_COLUMN_MM * pxPerMm);
  const rowCount = rows.zeroLinesPx.length;
  const [first, ...others] = columns;
  if (first === undefined || columns.some(({ count }) => count > rowCount)) return undefined;
  const widthPx = extent.toX - extent.fromX;
  if (others.length === 0) {
    return { columns: 1, fromX: extent.fromX, columnWidthPx: widthPx, leadRows: Math.min(rowCount, 12) };
  }
  const steps = others.map(({ x }, index) => x - (columns[index]?.x ?? 0));
  const columnWidthPx = medianOf(steps);
  if (steps.some((step) => Math.abs(step / columnWidthPx - 1) > UNEVEN_PART)) return undefined;
  const leadRows = Math.max(...others.map(({ count }) => count));
  // Without what comes before the first column: the traces end where the last one does.
  const fromX = extent.toX - columns.length * columnWidthPx;
  const offsetMm = (first.x - fromX) / pxPerMm;
  const hasPulse = fromX - extent.fromX >= LEAST_PULSE_MM * pxPerMm;
  const isPlace = offsetMm >= LABEL_MM[0] && offsetMm <= LABEL_MM[1];
  return {
    columns: columns.length,
    fromX: hasPulse && isPlace ? fromX : extent.fromX,
    columnWidthPx,
    leadRows,
  };
}

/**
 * Where traces end by the names: a column's width behind the start of the last one. Beyond `extent` only where that column
 * would else hold next to nothing: what separates columns may also separate its traces from the others.
 */
export function reachLastColumn(
  extent: { readonly fromX: number; readonly toX: number },
  labels: readonly PageLabel[],
  pxPerMm: number,
): { readonly fromX: number; readonly toX: number } {
  const columns = groupColumns(labels, SAME_COLUMN_MM * pxPerMm);
  const [first, last] = [columns[0], columns.at(-1)];
  if (first === undefined || last === undefined || columns.length < 2) return extent;
  const columnWidthPx = (last.x - first.x) / (columns.length - 1);
  const end = last.x - (first.x - extent.fromX) + columnWidthPx;
  return end - extent.toX > columnWidthPx / 2 ? { ...extent, toX: end } : extent;
}

/** Left edges, from left to right, at which at least two names begin. */
function groupColumns(
  labels: readonly PageLabel[],
  nearPx: number,
): { readonly x: number; readonly count: number }[] {
  const groups: number[][] = [];
  for (const x of labels.map(({ fromX }) => fromX).sort((a, b) => a - b)) {
    const group = groups.at(-1);
    if (group !== undefined && x - (group[0] ?? 0) <= nearPx) group.push(x);
    else groups.push([x]);
  }
  return groups
    .filter((group) => group.length >= 2)
    .map((group) => ({ x: medianOf(group), count: group.length }));
}
