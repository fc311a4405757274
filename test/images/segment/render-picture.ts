// Pages as pictures, and waveforms read back from tiles: what the tests of page segmentation compare.
import { layoutPage } from "../../../src/images/build-page.ts";
import type { DisplayList } from "../../../src/images/display-list.ts";
import { type LeadTile, leadTiles } from "../../../src/images/lead-tiles.ts";
import { pageFonts } from "../../../src/images/node/page-fonts.ts";
import type { PageOptions } from "../../../src/images/page-options.ts";
import { rasterisePage } from "../../../src/images/rasterise-page.ts";
import type { SegmentHints } from "../../../src/images/segment/page-segmentation.ts";
import type { PagePicture } from "../../../src/images/segment/read-ink.ts";
import { segmentPage } from "../../../src/images/segment/segment-page.ts";
import { tilesOfPage } from "../../../src/images/segment/tiles-of-page.ts";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";

export const TILE = { widthPx: 128, heightPx: 128, seconds: 2.5, heightMv: 4 } as const;

/** A display list as RGB pixels. */
export function pictureOf(list: DisplayList, dpi: number): PagePicture {
  const { widthPx, heightPx, pixels, palette } = rasterisePage(list, { dpi, fonts: pageFonts() });
  const colours = new Uint8Array(widthPx * heightPx * 3);
  for (let i = 0; i < pixels.length; i++) {
    const at = pixels[i]! * 3;
    colours[3 * i] = palette[at]!;
    colours[3 * i + 1] = palette[at + 1]!;
    colours[3 * i + 2] = palette[at + 2]!;
  }
  return { widthPx, heightPx, channels: 3, pixels: colours };
}

/** mV of each column of a tile by the mean row of its ink, NaN without ink. */
export function readTile({ widthPx, heightPx, pixels, pxPerMv }: LeadTile): Float64Array {
  return Float64Array.from({ length: widthPx }, (_, x) => {
    let [sum, weight] = [0, 0];
    for (let y = 0; y < heightPx; y++) {
      const ink = 255 - pixels[y * widthPx + x]!;
      sum += ink * (y + 0.5);
      weight += ink;
    }
    return weight === 0 ? Number.NaN : (heightPx / 2 - sum / weight) / pxPerMv;
  });
}

/** Pearson's correlation over the places where both are finite; NaN for fewer than five of them. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const both = Array.from({ length: Math.min(a.length, b.length) }, (_, i) => [a[i]!, b[i]!] as const).filter(
    ([x, y]) => Number.isFinite(x) && Number.isFinite(y),
  );
  if (both.length < 5) return Number.NaN;
  const meanOf = (index: 0 | 1): number => both.reduce((sum, pair) => sum + pair[index], 0) / both.length;
  const [meanA, meanB] = [meanOf(0), meanOf(1)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [x, y] of both) {
    ab += (x - meanA) * (y - meanB);
    aa += (x - meanA) ** 2;
    bb += (y - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

export type PageCheck = {
  readonly segmentation: ReturnType<typeof segmentPage>;
  readonly tiles: readonly LeadTile[];
  /** Of each lead on the page, in the tiles' order, with the tile that leadTiles draws from the record. */
  readonly correlations: readonly number[];
};

/** Draw a record, segment the picture, and compare each tile with the record's own. */
export function checkPage(
  record: EcgRecord,
  options: PageOptions,
  dpi: number,
  hints?: SegmentHints,
): PageCheck {
  const list = layoutPage(record, options);
  const picture = pictureOf(list, dpi);
  const segmentation = segmentPage(picture, hints);
  const tiles = tilesOfPage(picture, segmentation, TILE);
  const correlations = tiles.flatMap((tile) => {
    const strip = list.strips.find(({ lead, kind }) => lead === tile.lead && kind === "lead");
    if (strip === undefined || strip.missing) return [];
    const { startSeconds, durationSeconds } = strip;
    const own = leadTiles(record, { ...TILE, startSeconds, leads: [tile.lead] })[0]!;
    const shown = Math.floor(TILE.widthPx * Math.min(1, durationSeconds / TILE.seconds));
    return [correlation(readTile(tile).subarray(0, shown), readTile(own).subarray(0, shown))];
  });
  return { segmentation, tiles, correlations };
}

/** Sorted ascending with what is no number first, then the value at `part` of the way. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.map((value) => (Number.isNaN(value) ? -1 : value)).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
