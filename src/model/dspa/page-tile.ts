// pageTile: the picture of a whole page in one tile, for models that read pages without cutting them into leads.
import type { LeadTile } from "../../images/lead-tiles.ts";
import { type PagePicture, readInk } from "../../images/segment/read-ink.ts";

/** What stands in `lead` of a tile that holds a page. */
export const WHOLE_PAGE = "page";

/**
 * Shrink a page to a square of `sizePx`: 255 paper, 0 full ink, the grid's tint left out. Width and height are scaled
 * each on its own, so that the whole page is in it. A pixel is as dark as the darkest ink that falls into it: a thin
 * trace shrunk by its mean would be hardly there.
 * @throws EcgError INVALID_OPTION or SHAPE_MISMATCH as `readInk`.
 */
export function pageTile(picture: PagePicture, sizePx: number): LeadTile {
  const { widthPx, heightPx, darkness, inkThreshold, fullInk, inkPart } = readInk(picture);
  const [columns, rows] = [cells(widthPx, sizePx), cells(heightPx, sizePx)];
  const pixels = new Uint8Array(sizePx * sizePx).fill(255);
  for (const [row, [fromY, toY]] of rows.entries()) {
    for (const [column, [fromX, toX]] of columns.entries()) {
      let darkest = 0;
      for (let y = fromY; y < toY; y++) {
        for (let at = y * widthPx + fromX; at < y * widthPx + toX; at++) {
          if (darkness[at]! > darkest) darkest = darkness[at]!;
        }
      }
      if (darkest < inkThreshold) continue;
      pixels[row * sizePx + column] = 255 - Math.min(255, Math.round((255 * darkest) / fullInk));
    }
  }
  return {
    lead: WHOLE_PAGE,
    widthPx: sizePx,
    heightPx: sizePx,
    pixels,
    pxPerSecond: 0,
    pxPerMv: 0,
    zeroLinePx: 0,
    offsetMv: 0,
    missing: inkPart === 0,
  };
}

/** Where each of `to` cells looks in `from` pixels: [start, end), one pixel at least. */
function cells(from: number, to: number): [start: number, end: number][] {
  return Array.from({ length: to }, (_, cell) => {
    const start = Math.floor((cell * from) / to);
    return [start, Math.max(start + 1, Math.floor(((cell + 1) * from) / to))];
  });
}
