// Filled outlines (letters) in plain TypeScript: exact area coverage by summing signed trapezoids.
import type { CoverageMask } from "./rasterise-trace.ts";

/** A closed polygon: x0, y0, x1, y1, ... in pixels; the last point joins the first. */
export type Contour = readonly number[];

/**
 * Fill contours (non-zero winding, as TrueType has it) into a mask, adding to nothing: the mask is overwritten.
 *
 * Each edge adds its signed area to the pixels it crosses and the whole height to the pixel right of them; a
 * running sum along each row then is the coverage. Exact for outlines that do not cross themselves. Contours
 * must lie inside the mask horizontally, its last column left free.
 */
export function rasteriseOutline(mask: CoverageMask, contours: readonly Contour[]): void {
  const { widthPx, heightPx, coverage } = mask;
  const sums = new Float32Array(widthPx * heightPx + 2);
  for (const contour of contours) {
    const count = contour.length;
    for (let i = 0; i < count; i += 2) {
      const next = (i + 2) % count;
      addEdge(sums, mask, [contour[i]!, contour[i + 1]!, contour[next]!, contour[next + 1]!]);
    }
  }
  for (let row = 0; row < heightPx; row++) {
    let sum = 0;
    for (let index = row * widthPx; index < (row + 1) * widthPx; index++) {
      sum += sums[index]!;
      coverage[index] = Math.min(255, Math.abs(sum) * 255 + 0.5) | 0;
    }
  }
}

type Edge = readonly [x0: number, y0: number, x1: number, y1: number];

/** Spread one edge over the rows that it crosses. */
function addEdge(sums: Float32Array, mask: CoverageMask, [x0, y0, x1, y1]: Edge): void {
  if (y0 === y1) return;
  const direction = y0 < y1 ? 1 : -1;
  const [topX, topY, bottomX, bottomY] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
  const slope = (bottomX - topX) / (bottomY - topY);
  const rowTo = Math.min(mask.heightPx, Math.ceil(bottomY));
  for (let row = Math.max(0, Math.floor(topY)); row < rowTo; row++) {
    const fromY = Math.max(row, topY);
    const toY = Math.min(row + 1, bottomY);
    if (toY <= fromY) continue;
    const fromX = topX + (fromY - topY) * slope;
    const toX = topX + (toY - topY) * slope;
    addRow(sums, row * mask.widthPx, [Math.min(fromX, toX), Math.max(fromX, toX), (toY - fromY) * direction]);
  }
}

/**
 * One row of an edge: `height` spread evenly over x from `from` to `to`. In each column that it crosses, the
 * part right of the edge is covered there and the rest from the next column on.
 */
function addRow(
  sums: Float32Array,
  rowStart: number,
  [from, to, height]: readonly [number, number, number],
): void {
  const first = Math.floor(from);
  const last = Math.max(first + 1, Math.ceil(to));
  for (let column = first; column < last; column++) {
    const enter = Math.max(from, column);
    const leave = Math.min(to, column + 1);
    const share = to > from ? ((leave - enter) / (to - from)) * height : height;
    const leftPart = 0.5 * (enter + leave) - column;
    sums[rowStart + column]! += share * (1 - leftPart);
    sums[rowStart + column + 1]! += share * leftPart;
  }
}
