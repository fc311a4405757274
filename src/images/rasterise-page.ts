// A display list as pixels: grid snapped to whole pixels, ink anti-aliased at its exact place.
import { EcgError } from "../shared/errors.ts";
import type { BoxMm, Color, DisplayItem, DisplayList, GridItem, PathItem } from "./display-list.ts";
import { gridOffsets } from "./grid-styles.ts";
import {
  createPainter,
  type IndexedImage,
  mixColors,
  type PalettePainter,
  type PixelBox,
} from "./palette-painter.ts";
import { createTextRasteriser, type PageFonts, type TextRasteriser } from "./rasterise-text.ts";
import { createMask, rasterisePolyline } from "./rasterise-trace.ts";

export type RasterOptions = {
  /** Pixels per inch; 1 mm is dpi / 25.4 pixels. 20 to 2400. */
  readonly dpi: number;
  readonly fonts: PageFonts;
};

/** Pictures over this size are refused: 400 million pixels are 400 MB. */
const MAX_PIXELS = 4e8;

/**
 * Draw a display list at a resolution.
 *
 * The picture is round(width x dpi / 25.4) pixels wide; x mm lies at pixel coordinate x * dpi / 25.4 (pixel i
 * spans [i, i + 1)). Traces and pulses are drawn there exactly; grid lines and the feet of letters stand on
 * whole pixels, at most half a pixel away. Grid lines thinner than a pixel are one pixel of a paler colour, so
 * that the paper keeps its tone at any resolution.
 * @throws EcgError INVALID_OPTION for a resolution out of range or a picture over 400 million pixels.
 */
export function rasterisePage(list: DisplayList, { dpi, fonts }: RasterOptions): IndexedImage {
  const pxPerMm = pixelsPerMm(dpi);
  const widthPx = Math.round(list.widthMm * pxPerMm);
  const heightPx = Math.round(list.heightMm * pxPerMm);
  if (widthPx * heightPx > MAX_PIXELS) {
    throw new EcgError(
      "INVALID_OPTION",
      `page at ${dpi} dpi: expected at most ${MAX_PIXELS} pixels, got ${widthPx} x ${heightPx}`,
      { hint: "a lower dpi or a smaller page", details: { widthPx, heightPx } },
    );
  }
  const painter = createPainter({ widthPx, heightPx, papers: papersOf(list, pxPerMm), inks: inksOf(list) });
  const text = createTextRasteriser(fonts, pxPerMm);
  for (const item of list.items) paintItem(painter, item, { pxPerMm, text, background: list.background });
  return painter.finish();
}

/** Pixels per millimetre. @throws EcgError INVALID_OPTION unless dpi is from 20 to 2400. */
export function pixelsPerMm(dpi: number): number {
  if (!(dpi >= 20 && dpi <= 2400)) {
    throw new EcgError("INVALID_OPTION", `dpi: expected a number from 20 to 2400, got ${dpi}`);
  }
  return dpi / 25.4;
}

function inksOf(list: DisplayList): Color[] {
  return [
    ...new Set(
      list.items.flatMap((item) => (item.kind === "path" || item.kind === "text" ? [item.color] : [])),
    ),
  ];
}

function papersOf(list: DisplayList, pxPerMm: number): Color[] {
  const painted = list.items.flatMap((item) => {
    if (item.kind === "rect") return [item.fill];
    if (item.kind !== "grid") return [];
    return [
      lineInk(list.background, item.minorColor, item.minorWidthMm * pxPerMm).color,
      lineInk(list.background, item.majorColor, item.majorWidthMm * pxPerMm).color,
    ];
  });
  return [...new Set([list.background, ...painted])];
}

type PaintContext = { readonly pxPerMm: number; readonly text: TextRasteriser; readonly background: Color };

function paintItem(painter: PalettePainter, item: DisplayItem, context: PaintContext): void {
  switch (item.kind) {
    case "grid":
      paintGrid(painter, item, context);
      break;
    case "rect":
      painter.fill(pixelBox(item.box, context.pxPerMm), painter.indexOf(item.fill));
      break;
    case "path":
      paintPath(painter, item, context.pxPerMm);
      break;
    case "text":
      for (const { mask, xPx, yPx } of context.text(item)) painter.stamp(mask, xPx, yPx, item.color);
      break;
  }
}

function pixelBox(box: BoxMm, pxPerMm: number): PixelBox {
  return {
    fromX: Math.round(box.xMm * pxPerMm),
    fromY: Math.round(box.yMm * pxPerMm),
    toX: Math.round((box.xMm + box.widthMm) * pxPerMm),
    toY: Math.round((box.yMm + box.heightMm) * pxPerMm),
  };
}

function paintGrid(painter: PalettePainter, grid: GridItem, { pxPerMm, background }: PaintContext): void {
  const { minorMm, majorMm, minorWidthMm, majorWidthMm, box } = grid;
  const lines = (color: Color, widthMm: number, stepMm: number, exceptMm?: number): void => {
    const { thicknessPx, color: paled } = lineInk(background, color, widthMm * pxPerMm);
    const index = painter.indexOf(paled);
    const edges = pixelBox(box, pxPerMm);
    const startOf = (mm: number): number => Math.round(mm * pxPerMm - thicknessPx / 2);
    for (const at of gridOffsets(box.heightMm, stepMm, exceptMm)) {
      const fromY = startOf(box.yMm + at);
      painter.fill({ fromX: edges.fromX, toX: edges.toX, fromY, toY: fromY + thicknessPx }, index);
    }
    const columns = gridOffsets(box.widthMm, stepMm, exceptMm).map((at) => startOf(box.xMm + at));
    paintColumns(painter, columns, { edges, thicknessPx, index });
  };
  lines(grid.minorColor, minorWidthMm, minorMm, majorMm);
  lines(grid.majorColor, majorWidthMm, majorMm);
}

/** Upright lines, row by row so that memory is walked once. */
function paintColumns(
  painter: PalettePainter,
  columns: readonly number[],
  {
    edges,
    thicknessPx,
    index,
  }: { readonly edges: PixelBox; readonly thicknessPx: number; readonly index: number },
): void {
  const { widthPx, heightPx, pixels } = painter;
  const xs = columns
    .flatMap((from) => Array.from({ length: thicknessPx }, (_, offset) => from + offset))
    .filter((x) => x >= 0 && x < widthPx);
  for (let y = Math.max(0, edges.fromY); y < Math.min(heightPx, edges.toY); y++) {
    for (const x of xs) pixels[y * widthPx + x] = index;
  }
}

/** Whole pixels of a line and the colour that keeps its tone where it is thinner than they are. */
function lineInk(background: Color, color: Color, widthPx: number): { thicknessPx: number; color: Color } {
  const thicknessPx = Math.max(1, Math.round(widthPx));
  return { thicknessPx, color: mixColors(background, color, Math.min(1, widthPx / thicknessPx)) };
}

function paintPath(painter: PalettePainter, item: PathItem, pxPerMm: number): void {
  const runs = item.runs.map((run) => Float64Array.from(run, (mm) => mm * pxPerMm));
  const lineWidthPx = item.widthMm * pxPerMm;
  const box = inkBox(runs, lineWidthPx / 2 + 1, painter);
  if (box.fromX >= box.toX || box.fromY >= box.toY) return;
  const mask = createMask(box.toX - box.fromX, box.toY - box.fromY);
  for (const run of runs) {
    for (let i = 0; i < run.length; i += 2) {
      run[i]! -= box.fromX;
      run[i + 1]! -= box.fromY;
    }
    rasterisePolyline(mask, run, lineWidthPx);
  }
  painter.stamp(mask, box.fromX, box.fromY, item.color);
}

/** The pixels that a path can touch, inside the picture. */
function inkBox(runs: readonly Float64Array[], reachPx: number, painter: PalettePainter): PixelBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const run of runs) {
    for (let i = 0; i < run.length; i += 2) {
      const [x, y] = [run[i]!, run[i + 1]!];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  return {
    fromX: Math.max(0, Math.floor(left - reachPx)),
    fromY: Math.max(0, Math.floor(top - reachPx)),
    toX: Math.min(painter.widthPx, Math.ceil(right + reachPx)),
    toY: Math.min(painter.heightPx, Math.ceil(bottom + reachPx)),
  };
}
