// The height of a followed trace in each column, to parts of a pixel: the stroke's middle, its tip at narrow peaks.
import { medianOf } from "../fit-zero-line.ts";
import type { ColumnRuns } from "./column-runs.ts";
import type { TracePath } from "./follow-trace.ts";
import type { InkMap } from "./read-ink.ts";

/** Stroke width in pixels: the usual amount of ink in an upright run, most of which are flat trace. */
export function strokeWidth(
  ink: InkMap,
  runs: ColumnRuns,
  { fromX, toX }: { readonly fromX: number; readonly toX: number },
): number {
  const heights: number[] = [];
  for (let x = fromX; x < toX; x += 3) {
    const column = runs[x]!;
    for (let run = 0; run < column.length; run += 2) {
      let covered = 0;
      for (let y = column[run]! - 1; y <= column[run + 1]!; y++) covered += coverage(ink, x, y);
      heights.push(covered);
    }
  }
  heights.sort((a, b) => a - b);
  return Math.max(0.6, heights[Math.floor(heights.length * 0.35)] ?? 1);
}

/** y of the stroke's middle line in each column, NaN where there is no ink. */
export function measureTrace(ink: InkMap, path: TracePath, fromX: number, strokePx: number): Float32Array {
  const count = path.top.length;
  const tops = new Float32Array(count).fill(Number.NaN);
  const bottoms = new Float32Array(count).fill(Number.NaN);
  const y = new Float32Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const [top, bottom] = [path.top[i]!, path.bottom[i]!];
    if (Number.isNaN(top)) continue;
    const x = fromX + i;
    tops[i] = top + 1 - coverage(ink, x, top) - coverage(ink, x, top - 1);
    bottoms[i] = bottom - 1 + coverage(ink, x, bottom - 1) + coverage(ink, x, bottom);
    y[i] = isTall(top, bottom, strokePx) ? (tops[i]! + bottoms[i]!) / 2 : centroid(ink, x, top, bottom);
  }
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(y[i]!) || !isTall(path.top[i]!, path.bottom[i]!, strokePx)) continue;
    const tip = tipOf(i, tops, bottoms, strokePx);
    if (tip !== undefined) y[i] = tip;
  }
  return fillGaps(y, Math.max(2, Math.round(strokePx * 3)));
}

function isTall(top: number, bottom: number, strokePx: number): boolean {
  return bottom - top > 1.6 * strokePx + 1;
}

/** Where a column reaches higher (or lower) than both its neighbours, the middle line's tip. */
function tipOf(i: number, tops: Float32Array, bottoms: Float32Array, strokePx: number): number | undefined {
  const [before, after] = [Math.max(0, i - 1), Math.min(tops.length - 1, i + 1)];
  const high = tops[i]! < tops[before]! - 0.2 && tops[i]! <= tops[after]!;
  const low = bottoms[i]! > bottoms[before]! + 0.2 && bottoms[i]! >= bottoms[after]!;
  if (high === low) return undefined;
  return high ? tops[i]! + strokePx / 2 : bottoms[i]! - strokePx / 2;
}

/** How much of a pixel is ink, 0 to 1; paler than half the ink threshold is grid. */
function coverage(
  { widthPx, heightPx, darkness, fullInk, inkThreshold }: InkMap,
  x: number,
  y: number,
): number {
  if (y < 0 || y >= heightPx) return 0;
  const dark = darkness[y * widthPx + x]!;
  return dark < inkThreshold / 2 ? 0 : Math.min(1, dark / fullInk);
}

function centroid(ink: InkMap, x: number, top: number, bottom: number): number {
  let [sum, weight] = [0, 0];
  for (let y = top - 1; y <= bottom; y++) {
    const covered = coverage(ink, x, y);
    sum += covered * (y + 0.5);
    weight += covered;
  }
  return weight === 0 ? (top + bottom) / 2 : sum / weight;
}

/** Short gaps are bridged by a straight line. */
function fillGaps(y: Float32Array, longest: number): Float32Array {
  let last = -1;
  for (let i = 0; i < y.length; i++) {
    if (Number.isNaN(y[i]!)) continue;
    const gap = i - last - 1;
    if (last >= 0 && gap > 0 && gap <= longest) {
      for (let k = 1; k <= gap; k++) y[last + k] = y[last]! + ((y[i]! - y[last]!) * k) / (gap + 1);
    }
    last = i;
  }
  return y;
}

/** Median of the finite heights, NaN without any. */
export function medianHeight(y: Float32Array): number {
  const finite = y.filter(Number.isFinite);
  return finite.length === 0 ? Number.NaN : medianOf(finite);
}
