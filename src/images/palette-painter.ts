// A picture of at most 256 colours that ink is blended into: one byte a pixel, from the first line to the PNG.
import type { Color } from "./display-list.ts";
import type { CoverageMask } from "./rasterise-trace.ts";

/** One byte a pixel, row-major; `palette` holds red, green, blue of each index in use. */
export type IndexedImage = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixels: Uint8Array;
  readonly palette: Uint8Array;
};

/** Pixels [fromX, toX) x [fromY, toY). */
export type PixelBox = {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
};

export type PalettePainter = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixels: Uint8Array;
  /** Index of a colour, made on first use; the nearest one when all 256 are taken. */
  indexOf(color: Color): number;
  /** Fill a box, cut to the picture, with a colour index. */
  fill(box: PixelBox, index: number): void;
  /** Blend a colour through a mask whose top left pixel is (xPx, yPx); parts outside the picture are left out. */
  stamp(mask: CoverageMask, xPx: number, yPx: number, color: Color): void;
  /** The picture; the painter must not be used afterwards. */
  finish(): IndexedImage;
};

const PALETTE_SIZE = 256;
const MAX_STEPS = 31;
const MIN_STEPS = 4;

/** What a picture will be painted with; anything else is drawn in the nearest of the resulting colours. */
export type PaintPlan = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Colours of whole pixels, the background first: paper, grid lines. */
  readonly papers: readonly Color[];
  /** Colours that are blended into any of the papers through masks. */
  readonly inks: readonly Color[];
};

/**
 * A picture filled with the first paper.
 *
 * The palette is shared out before painting: each ink has as many steps of coverage on each paper as fit into
 * 256 colours (31 at most, as with one or two inks on a page). Ink over another ink takes the nearest colour.
 */
export function createPainter({ widthPx, heightPx, papers, inks }: PaintPlan): PalettePainter {
  const pixels = new Uint8Array(widthPx * heightPx);
  const palette = createPalette();
  const blends = new Map<Color, Int16Array>();
  for (const paper of papers) palette.indexOf(parseColor(paper));
  const ramps = Math.max(1, papers.length * inks.length);
  const steps = Math.max(MIN_STEPS, Math.min(MAX_STEPS, Math.floor((PALETTE_SIZE - papers.length) / ramps)));
  for (const ink of inks) {
    for (const paper of papers) {
      for (let step = 1; step <= steps; step++) {
        palette.indexOf(mix(parseColor(paper), parseColor(ink), step / steps));
      }
    }
  }

  const blendTable = (color: Color): Int16Array => {
    const known = blends.get(color);
    if (known !== undefined) return known;
    const table = new Int16Array((steps + 1) * PALETTE_SIZE).fill(-1);
    blends.set(color, table);
    return table;
  };

  return {
    widthPx,
    heightPx,
    pixels,
    indexOf: (color) => palette.indexOf(parseColor(color)),
    fill: ({ fromX, fromY, toX, toY }, index) => {
      const [left, right] = [Math.max(0, fromX), Math.min(widthPx, toX)];
      for (let y = Math.max(0, fromY); y < Math.min(heightPx, toY) && left < right; y++) {
        pixels.fill(index, y * widthPx + left, y * widthPx + right);
      }
    },
    stamp: (mask, xPx, yPx, color) => {
      const ink = parseColor(color);
      const table = blendTable(color);
      const fromColumn = Math.max(0, -xPx);
      const toColumn = Math.min(mask.widthPx, widthPx - xPx);
      for (let row = Math.max(0, -yPx); row < Math.min(mask.heightPx, heightPx - yPx); row++) {
        let at = (yPx + row) * widthPx + xPx + fromColumn;
        const end = row * mask.widthPx + toColumn;
        for (let from = row * mask.widthPx + fromColumn; from < end; from++, at++) {
          const covered = mask.coverage[from]!;
          if (covered === 0) continue;
          const step = ((covered * steps + 127) / 255) | 0;
          const key = step * PALETTE_SIZE + pixels[at]!;
          let index = table[key]!;
          if (index < 0) {
            index = palette.indexOf(mix(palette.colorOf(pixels[at]!), ink, step / steps));
            table[key] = index;
          }
          pixels[at] = index;
        }
      }
    },
    finish: () => ({ widthPx, heightPx, pixels, palette: palette.bytes() }),
  };
}

type Rgb = readonly [red: number, green: number, blue: number];

type Palette = {
  indexOf(color: Rgb): number;
  colorOf(index: number): Rgb;
  bytes(): Uint8Array;
};

function createPalette(): Palette {
  const colors: Rgb[] = [];
  const known = new Map<number, number>();
  const nearest = ([red, green, blue]: Rgb): number => {
    let best = 0;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (const [index, color] of colors.entries()) {
      const distance = (color[0] - red) ** 2 + (color[1] - green) ** 2 + (color[2] - blue) ** 2;
      if (distance < bestDistance) [best, bestDistance] = [index, distance];
    }
    return best;
  };
  return {
    indexOf: (color) => {
      const key = (color[0] << 16) | (color[1] << 8) | color[2];
      let index = known.get(key);
      if (index === undefined) {
        index = colors.length < PALETTE_SIZE ? colors.push(color) - 1 : nearest(color);
        known.set(key, index);
      }
      return index;
    },
    colorOf: (index) => colors[index]!,
    bytes: () => Uint8Array.from(colors.flat()),
  };
}

function mix(under: Rgb, over: Rgb, amount: number): Rgb {
  const channel = (index: 0 | 1 | 2): number =>
    Math.round(under[index] + (over[index] - under[index]) * amount);
  return [channel(0), channel(1), channel(2)];
}

function parseColor(color: Color): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/** `amount` (0-1) of one colour over another, rounded to whole channel values. */
export function mixColors(under: Color, over: Color, amount: number): Color {
  const channels = mix(parseColor(under), parseColor(over), amount);
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Grey values 0 (black) to 255 of an indexed picture (ITU-R BT.601 luma). Shape: (heightPx, widthPx). */
export function greyPixels(image: IndexedImage): Uint8Array {
  const { palette, pixels } = image;
  const greys = new Uint8Array(PALETTE_SIZE);
  for (let index = 0; index * 3 < palette.length; index++) {
    const [red, green, blue] = palette.subarray(index * 3, index * 3 + 3);
    greys[index] = Math.round(0.299 * red! + 0.587 * green! + 0.114 * blue!);
  }
  return pixels.map((index) => greys[index]!);
}
