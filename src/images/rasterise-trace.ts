// Anti-aliased polylines in plain TypeScript: the same ink in Node and in the browser, no native code.

/** How much of each pixel is covered by ink, 0-255, row-major. */
export type CoverageMask = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly coverage: Uint8Array;
};

/** An empty mask. */
export function createMask(widthPx: number, heightPx: number): CoverageMask {
  return { widthPx, heightPx, coverage: new Uint8Array(widthPx * heightPx) };
}

/**
 * Draw a stroked polyline with round caps and joins into a mask.
 *
 * `points` is x0, y0, x1, y1, ... in pixels; the centre of pixel (i, j) is (i + 0.5, j + 0.5). A pixel's
 * coverage is `lineWidthPx / 2 + 0.5 - distance` to the nearest segment, within 0 and 1: exact for a straight
 * edge along an axis. Where strokes overlap the larger coverage counts, so joins do not darken. One point is a
 * dot. Points outside the mask are fine; non-finite points are not allowed.
 */
export function rasterisePolyline(mask: CoverageMask, points: ArrayLike<number>, lineWidthPx: number): void {
  const radius = lineWidthPx / 2;
  if (points.length === 2) {
    strokeSegment(mask, [points[0]!, points[1]!, points[0]!, points[1]!], radius);
    return;
  }
  for (let i = 0; i + 3 < points.length; i += 2) {
    strokeSegment(mask, [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!], radius);
  }
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

function strokeSegment(mask: CoverageMask, [x0, y0, x1, y1]: Segment, radius: number): void {
  const { widthPx, heightPx, coverage } = mask;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const lengthSquared = dx * dx + dy * dy;
  const reach = radius + 0.5;
  const reachSquared = reach * reach;
  const solid = Math.max(0, radius - 0.5);
  const solidSquared = radius > 0.5 ? solid * solid : -1;
  const rowFrom = Math.max(0, Math.ceil(Math.min(y0, y1) - reach - 0.5));
  const rowTo = Math.min(heightPx - 1, Math.floor(Math.max(y0, y1) + reach - 0.5));
  const left = Math.min(x0, x1) - reach;
  const right = Math.max(x0, x1) + reach;
  // Along a row the band within `reach` of the infinite line is this wide on either side of it.
  const slanted = Math.abs(dy) > 1e-9;
  const halfBand = slanted ? (reach * Math.sqrt(lengthSquared)) / Math.abs(dy) : 0;
  const inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
  for (let row = rowFrom; row <= rowTo; row++) {
    const fromStartY = row + 0.5 - y0;
    const onLine = slanted ? x0 + (fromStartY * dx) / dy : 0;
    const from = slanted ? Math.max(left, onLine - halfBand) : left;
    const to = slanted ? Math.min(right, onLine + halfBand) : right;
    const columnFrom = Math.max(0, Math.ceil(from - 0.5));
    const columnTo = Math.min(widthPx - 1, Math.floor(to - 0.5));
    let index = row * widthPx + columnFrom;
    for (let column = columnFrom; column <= columnTo; column++, index++) {
      const fromStartX = column + 0.5 - x0;
      const along = Math.min(1, Math.max(0, (fromStartX * dx + fromStartY * dy) * inverse));
      const offX = fromStartX - along * dx;
      const offY = fromStartY - along * dy;
      const distanceSquared = offX * offX + offY * offY;
      if (distanceSquared >= reachSquared) continue;
      const covered =
        distanceSquared <= solidSquared
          ? 255
          : Math.min(255, (reach - Math.sqrt(distanceSquared)) * 255 + 0.5) | 0;
      if (covered > coverage[index]!) coverage[index] = covered;
    }
  }
}
