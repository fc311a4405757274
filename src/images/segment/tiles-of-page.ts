// The twelve lead tiles of a segmented page: its traces drawn again at the one scale of leadTiles.
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import { EcgError } from "../../shared/errors.ts";
import { medianOf } from "../fit-zero-line.ts";
import type { LeadTile } from "../lead-tiles.ts";
import { requireWithin } from "../page-options.ts";
import { createMask, rasterisePolyline } from "../rasterise-trace.ts";
import type { PageSegmentation, SegmentedStrip } from "./page-segmentation.ts";
import type { PagePicture } from "./read-ink.ts";

export type PageTileOptions = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Seconds that the width of a tile stands for; a longer strip gives its first ones. */
  readonly seconds: number;
  /** mV that the height of a tile stands for. Default 4. */
  readonly heightMv?: number;
  /** Which strip of a lead that has several: that of its column, or the longest. Default `column`. */
  readonly strip?: "column" | "longest";
  /** Default: the twelve standard leads in canonical order. */
  readonly leads?: readonly string[];
  /** Default 1.5. */
  readonly lineWidthPx?: number;
};

/**
 * The leads of a page as `leadTiles` draws them from a record: same scale, 255 paper, 0 ink, no grid, the median
 * of the drawn part in the middle, an inverted lead turned back.
 *
 * `segmentation` must be that of `image`. `heightMv` counts standard deviations on a page of z-scores. `offsetMv` is
 * the median's height over the strip's zero line.
 * @throws EcgError INVALID_OPTION for sizes out of range, SHAPE_MISMATCH for the segmentation of another picture.
 */
export function tilesOfPage(
  image: PagePicture,
  segmentation: PageSegmentation,
  options: PageTileOptions,
): LeadTile[] {
  const { widthPx, heightPx, seconds, heightMv = 4, lineWidthPx = 1.5 } = options;
  requireWithin("widthPx", widthPx, 1, 16_384);
  requireWithin("heightPx", heightPx, 1, 16_384);
  requireWithin("seconds", seconds, 0.01, 86_400);
  requireWithin("heightMv", heightMv, 0.001, 1000);
  requireWithin("lineWidthPx", lineWidthPx, 0.1, 100);
  if (image.widthPx !== segmentation.widthPx || image.heightPx !== segmentation.heightPx) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `tilesOfPage: expected the segmentation of a picture of ${image.widthPx} x ${image.heightPx} pixels, got one of ${segmentation.widthPx} x ${segmentation.heightPx}`,
    );
  }
  const size = { widthPx, heightPx, seconds, heightMv, lineWidthPx };
  return (options.leads ?? STANDARD_LEADS).map((lead) => {
    const strips = segmentation.strips.filter((strip) => strip.lead === lead && !strip.missing);
    const longest = [...strips].sort((a, b) => b.widthPx - a.widthPx)[0];
    const column = strips.find(({ kind }) => kind === "lead") ?? strips[0];
    return drawTile(lead, options.strip === "longest" ? longest : column, size);
  });
}

type TileSize = Required<Omit<PageTileOptions, "leads" | "strip">>;

function drawTile(lead: string, strip: SegmentedStrip | undefined, size: TileSize): LeadTile {
  const { widthPx, heightPx, seconds, heightMv, lineWidthPx } = size;
  const mask = createMask(widthPx, heightPx);
  const pxPerSecond = widthPx / seconds;
  const pxPerMv = heightPx / heightMv;
  let offsetMv = 0;
  let drawn = false;
  if (strip !== undefined) {
    const y = strip.tracePx.subarray(0, Math.ceil(seconds * strip.pxPerSecond));
    const median = medianOf(y);
    const sign = strip.inverted ? -1 : 1;
    offsetMv = (sign * (strip.zeroLinePx - median)) / strip.pxPerMv;
    const scaleX = pxPerSecond / strip.pxPerSecond;
    const scaleY = (sign * pxPerMv) / strip.pxPerMv;
    const shiftX = strip.box.fromX + 0.5 - strip.startPx;
    for (const run of finiteRuns(y, (x, value) => [
      (x + shiftX) * scaleX,
      heightPx / 2 + (value - median) * scaleY,
    ])) {
      rasterisePolyline(mask, run, lineWidthPx);
      drawn = true;
    }
  }
  return {
    lead,
    widthPx,
    heightPx,
    pixels: mask.coverage.map((covered) => 255 - covered),
    pxPerSecond,
    pxPerMv,
    zeroLinePx: heightPx / 2,
    offsetMv,
    missing: !drawn,
  };
}

/** Stretches of finite heights as x0, y0, x1, y1, ... on the tile. */
function finiteRuns(y: Float32Array, place: (x: number, y: number) => [number, number]): number[][] {
  const runs: number[][] = [];
  let run: number[] | undefined;
  for (let x = 0; x < y.length; x++) {
    if (Number.isNaN(y[x]!)) {
      run = undefined;
      continue;
    }
    if (run === undefined) {
      run = [];
      runs.push(run);
    }
    run.push(...place(x, y[x]!));
  }
  return runs;
}
