// The rows of a page: bands of ink with flat stretches of trace, from calibration pulses or from the ink itself.
import { medianOf } from "../fit-zero-line.ts";
import type { ColumnRuns } from "./column-runs.ts";
import type { Pulse } from "./find-pulses.ts";

export type PageRows = {
  /** y in pixels of the rows' zero lines, from top to bottom. */
  readonly zeroLinesPx: readonly number[];
  /** The pulse of each row, where there is one. */
  readonly pulses: readonly (Pulse | undefined)[];
  /** Usual distance of two rows. */
  readonly spacingPx: number;
};

type Extent = { readonly fromX: number; readonly toX: number };

const MOST_ROWS = 16;

type RowPage = {
  readonly heightPx: number;
  readonly pxPerMm: number;
  /** Labels at the start of the first column: there are no fewer rows. */
  readonly named: number;
};

/**
 * Rows by their calibration pulses where these stand in one column, by the flat parts of the traces elsewhere.
 * @param stack the pulses that stand above each other.
 */
export function findRows(runs: ColumnRuns, extent: Extent, stack: readonly Pulse[], page: RowPage): PageRows {
  const traced = rowsFromTraces(runs, extent, page);
  const fromPulses = stack.length >= 2 && stack.length >= 0.7 * Math.max(page.named, traced.length);
  const zeroLinesPx = fromPulses
    ? fillRows(
        stack.map(({ zeroLinePx }) => zeroLinePx),
        Math.max(page.named, stack.length),
      )
    : traced;
  const spacingPx = rowSpacing(zeroLinesPx, page);
  return {
    zeroLinesPx,
    pulses: zeroLinesPx.map((y) => stack.find((pulse) => Math.abs(pulse.zeroLinePx - y) < 0.1 * spacingPx)),
    spacingPx,
  };
}

/** Rows whose pulses were not read stand in the middle of the widest gaps. */
function fillRows(known: readonly number[], wanted: number): number[] {
  const rows = [...known];
  while (rows.length < wanted) {
    let widest = 0;
    for (let gap = 0; gap + 1 < rows.length; gap++) {
      if (rows[gap + 1]! - rows[gap]! > rows[widest + 1]! - rows[widest]!) widest = gap;
    }
    const gaps = rows.slice(1).map((y, index) => y - rows[index]!);
    if (rows[widest + 1]! - rows[widest]! < 1.5 * medianOf(gaps)) break;
    rows.splice(widest + 1, 0, (rows[widest]! + rows[widest + 1]!) / 2);
  }
  return rows;
}

/** The pulses that stand above each other: those of the commonest left edge. */
export function pulseStack(pulses: readonly Pulse[], pxPerMm: number): Pulse[] {
  let best: Pulse[] = [];
  for (const pulse of pulses) {
    const near = pulses.filter((other) => Math.abs(other.piece.fromX - pulse.piece.fromX) < 1.5 * pxPerMm);
    if (near.length > best.length) best = near;
  }
  return [...best].sort((a, b) => a.zeroLinePx - b.zeroLinePx);
}

function rowSpacing(zeroLinesPx: readonly number[], { heightPx }: { readonly heightPx: number }): number {
  const gaps = zeroLinesPx.slice(1).map((y, index) => y - zeroLinesPx[index]!);
  return gaps.length === 0 ? heightPx / 3 : medianOf(gaps);
}

/** As many rows as most columns hold traces, at the heights where these are flat. */
function rowsFromTraces(
  runs: ColumnRuns,
  { fromX, toX }: Extent,
  { heightPx, pxPerMm, named }: RowPage,
): number[] {
  const flatPx = Math.max(3, 0.9 * pxPerMm);
  const flat = new Float64Array(heightPx + 1);
  const counts = new Float64Array(MOST_ROWS + 1);
  for (let x = fromX; x < toX; x++) {
    const column = runs[x]!;
    counts[Math.min(MOST_ROWS, column.length / 2)]!++;
    for (let i = 0; i < column.length; i += 2) {
      if (column[i + 1]! - column[i]! <= flatPx) flat[Math.round((column[i]! + column[i + 1]!) / 2)]!++;
    }
  }
  const wanted = Math.max(named, commonest(counts));
  if (wanted === 0) return [];
  const smooth = smoothed(flat, Math.max(1, Math.round(pxPerMm)));
  const peaks: number[] = [];
  const order = [...smooth.keys()].sort((a, b) => smooth[b]! - smooth[a]!);
  const apart = wanted === 1 ? 0 : (0.45 * inkSpan(smooth)) / wanted;
  for (const y of order) {
    if (peaks.length === wanted || smooth[y]! < 0.08 * smooth[order[0]!]!) break;
    if (peaks.every((peak) => Math.abs(peak - y) >= apart)) peaks.push(y);
  }
  return peaks.sort((a, b) => a - b);
}

/** The commonest count of traces a column; a count nearly as common and higher wins over it. */
function commonest(counts: Float64Array): number {
  let best = 0;
  for (let count = 1; count < counts.length; count++)
    if (counts[count]! >= (best === 0 ? 1 : counts[best]!)) best = count;
  for (let count = counts.length - 1; count > best; count--)
    if (counts[count]! >= 0.7 * counts[best]!) return count;
  return best;
}

function inkSpan(profile: Float64Array): number {
  const least = 0.02 * Math.max(...profile);
  const first = profile.findIndex((value) => value > least);
  return profile.findLastIndex((value) => value > least) - first;
}

/** Three means over 2 * reach + 1. */
function smoothed(profile: Float64Array, reach: number): Float64Array {
  let values = profile;
  for (let pass = 0; pass < 3; pass++) {
    const sums = new Float64Array(values.length + 1);
    for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
    values = values.map((_value, i) => {
      const from = Math.max(0, i - reach);
      const to = Math.min(profile.length, i + reach + 1);
      return (sums[to]! - sums[from]!) / (to - from);
    });
  }
  return values;
}
