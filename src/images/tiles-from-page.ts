// From a drawn page back to its leads: where each strip lies in pixels, and its cut-out as a tile.
import { EcgError } from "../shared/errors.ts";
import type { DisplayList, Strip } from "./display-list.ts";
import type { PixelBox } from "./palette-painter.ts";
import { pixelsPerMm } from "./rasterise-page.ts";

/** A strip of a page with its place in the picture of that page. */
export type PageTile = {
  readonly strip: Strip;
  /** Whole pixels inside the picture that hold the strip's share of its row band. */
  readonly box: PixelBox;
  /** y of the zero line in pixels from the top of the picture. */
  readonly zeroLinePx: number;
  readonly pxPerSecond: number;
  readonly pxPerMv: number;
};

/** A grey picture, 0 black to 255 white, row-major. */
export type GreyImage = { readonly widthPx: number; readonly heightPx: number; readonly pixels: Uint8Array };

/**
 * Where the strips of a page lie in its picture at `dpi`, in the order of `list.strips`.
 *
 * @param kind `lead` leaves out the rhythm strips, so that a twelve-lead page gives twelve tiles.
 */
export function tilesFromPage(
  list: DisplayList,
  { dpi, kind = "all" }: { readonly dpi: number; readonly kind?: "all" | Strip["kind"] },
): PageTile[] {
  const pxPerMm = pixelsPerMm(dpi);
  const widthPx = Math.round(list.widthMm * pxPerMm);
  const heightPx = Math.round(list.heightMm * pxPerMm);
  return list.strips
    .filter((strip) => kind === "all" || strip.kind === kind)
    .map((strip) => {
      const { xMm, yMm, widthMm, heightMm } = strip.box;
      return {
        strip,
        box: {
          fromX: Math.max(0, Math.round(xMm * pxPerMm)),
          fromY: Math.max(0, Math.round(yMm * pxPerMm)),
          toX: Math.min(widthPx, Math.round((xMm + widthMm) * pxPerMm)),
          toY: Math.min(heightPx, Math.round((yMm + heightMm) * pxPerMm)),
        },
        zeroLinePx: strip.zeroLineMm * pxPerMm,
        pxPerSecond: strip.speedMmPerSecond * pxPerMm,
        pxPerMv: strip.gainMmPerMv * pxPerMm,
      };
    });
}

/**
 * Cut a box out of a grey picture and resize it to `widthPx` x `heightPx`.
 *
 * Each new pixel is the mean of the area that it covers, so thin lines grow paler but never vanish.
 * @throws EcgError SHAPE_MISMATCH when the box is empty or reaches beyond the picture.
 */
export function cutTile(
  image: GreyImage,
  box: PixelBox,
  size: { readonly widthPx: number; readonly heightPx: number },
): GreyImage {
  const { fromX, fromY, toX, toY } = box;
  if (fromX < 0 || fromY < 0 || toX > image.widthPx || toY > image.heightPx || fromX >= toX || fromY >= toY) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `cutTile: expected a box inside ${image.widthPx} x ${image.heightPx} pixels, got x ${fromX} to ${toX}, y ${fromY} to ${toY}`,
    );
  }
  const across = areaWeights(toX - fromX, size.widthPx);
  const down = areaWeights(toY - fromY, size.heightPx);
  // (box rows, box columns) -> (box rows, new columns) -> (new rows, new columns)
  const narrowed = new Float32Array((toY - fromY) * size.widthPx);
  for (let row = 0; row < toY - fromY; row++) {
    for (const [column, shares] of across.entries()) {
      let sum = 0;
      for (const { index, share } of shares)
        sum += share * image.pixels[(fromY + row) * image.widthPx + fromX + index]!;
      narrowed[row * size.widthPx + column] = sum;
    }
  }
  const pixels = new Uint8Array(size.widthPx * size.heightPx);
  for (const [row, shares] of down.entries()) {
    for (let column = 0; column < size.widthPx; column++) {
      let sum = 0;
      for (const { index, share } of shares) sum += share * narrowed[index * size.widthPx + column]!;
      pixels[row * size.widthPx + column] = Math.round(sum);
    }
  }
  return { widthPx: size.widthPx, heightPx: size.heightPx, pixels };
}

type Share = { readonly index: number; readonly share: number };

/** For each of `to` cells the part that each of `from` cells has in it; the parts of a cell add up to 1. */
function areaWeights(from: number, to: number): Share[][] {
  const step = from / to;
  return Array.from({ length: to }, (_, cell) => {
    const [start, end] = [cell * step, (cell + 1) * step];
    const shares: Share[] = [];
    for (let index = Math.floor(start); index < Math.min(from, Math.ceil(end)); index++) {
      const share = (Math.min(end, index + 1) - Math.max(start, index)) / step;
      if (share > 1e-9) shares.push({ index, share });
    }
    return shares;
  });
}
