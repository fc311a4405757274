// Lines of text as coverage masks: outlines of the page font flattened and filled, letters cached by size.
import type { FontWeight, TextItem } from "./display-list.ts";
import { textWidthMm } from "./measure-text.ts";
import { type Contour, rasteriseOutline } from "./rasterise-outline.ts";
import { type CoverageMask, createMask } from "./rasterise-trace.ts";
import type { GlyphContour, OutlineFont } from "./read-true-type.ts";

export type PageFonts = Readonly<Record<FontWeight, OutlineFont>>;

/** Letters are placed to a quarter of a pixel along the line and to a whole pixel across it. */
const SUBPIXELS = 4;

/** A letter's mask and where it goes on the page, in pixels. */
export type PlacedMask = { readonly mask: CoverageMask; readonly xPx: number; readonly yPx: number };

type Sprite = { readonly mask: CoverageMask; readonly leftPx: number; readonly topPx: number };

/** Draws text of one page; keeps the masks of letters that come again. */
export type TextRasteriser = (item: TextItem) => PlacedMask[];

/** A text rasteriser for one resolution. */
export function createTextRasteriser(fonts: PageFonts, pxPerMm: number): TextRasteriser {
  const sprites = new Map<string, Sprite | undefined>();
  return (item) => {
    const font = fonts[item.weight];
    const pxPerUnit = (item.sizeMm * pxPerMm) / font.unitsPerEm;
    const widthMm = textWidthMm(item.text, item.sizeMm, item.weight);
    const startMm = item.xMm - (item.anchor === "end" ? widthMm : item.anchor === "middle" ? widthMm / 2 : 0);
    const baseline = Math.round(item.yMm * pxPerMm);
    const placed: PlacedMask[] = [];
    let pen = startMm * pxPerMm;
    for (const character of item.text) {
      const codePoint = character.codePointAt(0) ?? 0;
      const drawn = font.has(codePoint) ? codePoint : MISSING_SIGN;
      const quarters = Math.round(pen * SUBPIXELS);
      const column = Math.floor(quarters / SUBPIXELS);
      const key = `${item.weight} ${pxPerUnit} ${drawn} ${quarters - column * SUBPIXELS}`;
      if (!sprites.has(key)) {
        const shift = quarters / SUBPIXELS - column;
        sprites.set(key, drawGlyph(font.glyph(drawn).contours, pxPerUnit, shift));
      }
      const sprite = sprites.get(key);
      if (sprite !== undefined) {
        placed.push({ mask: sprite.mask, xPx: column + sprite.leftPx, yPx: baseline + sprite.topPx });
      }
      pen += textWidthMm(character, item.sizeMm, item.weight) * pxPerMm;
    }
    return placed;
  };
}

/** An empty square stands for a character that the page font lacks. */
const MISSING_SIGN = 0x25a1;

/** The mask of one letter at a scale, shifted right by part of a pixel; undefined for a space. */
function drawGlyph(
  contours: readonly GlyphContour[],
  pxPerUnit: number,
  shiftPx: number,
): Sprite | undefined {
  const flat = contours
    .map((contour) => flattenContour(contour, pxPerUnit, shiftPx))
    .filter((one) => one.length > 4);
  if (flat.length === 0) return undefined;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const contour of flat) {
    for (let i = 0; i < contour.length; i += 2) {
      left = Math.min(left, contour[i]!);
      right = Math.max(right, contour[i]!);
      top = Math.min(top, contour[i + 1]!);
      bottom = Math.max(bottom, contour[i + 1]!);
    }
  }
  const leftPx = Math.floor(left);
  const topPx = Math.floor(top);
  // One column more than the outline needs: the running sum of the last pixel lands there.
  const mask = createMask(Math.ceil(right) - leftPx + 1, Math.ceil(bottom) - topPx + 1);
  rasteriseOutline(
    mask,
    flat.map((contour) => contour.map((value, index) => value - (index % 2 === 0 ? leftPx : topPx))),
  );
  return { mask, leftPx, topPx };
}

/** Quadratic curves as straight pieces, in pixels with y downwards; implied on-curve points filled in. */
function flattenContour(contour: GlyphContour, pxPerUnit: number, shiftPx: number): Contour {
  const points: { x: number; y: number; onCurve: boolean }[] = [];
  for (const [index, point] of contour.entries()) {
    const next = contour[(index + 1) % contour.length]!;
    points.push(point);
    if (!point.onCurve && !next.onCurve) {
      points.push({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2, onCurve: true });
    }
  }
  const start = points.findIndex((point) => point.onCurve);
  const flat: number[] = [];
  const push = (x: number, y: number): void => {
    flat.push(x * pxPerUnit + shiftPx, -y * pxPerUnit);
  };
  for (let step = 0; step < points.length && start >= 0; step++) {
    const point = points[(start + step) % points.length]!;
    if (point.onCurve) {
      push(point.x, point.y);
      continue;
    }
    const from = points[(start + step - 1) % points.length]!;
    const to = points[(start + step + 1) % points.length]!;
    const bendPx = Math.hypot(from.x - 2 * point.x + to.x, from.y - 2 * point.y + to.y) * pxPerUnit;
    const pieces = Math.max(1, Math.min(16, Math.ceil(Math.sqrt(bendPx * 2))));
    for (let piece = 1; piece < pieces; piece++) {
      const t = piece / pieces;
      const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
      push(a * from.x + b * point.x + c * to.x, a * from.y + b * point.y + c * to.y);
    }
  }
  return flat;
}
