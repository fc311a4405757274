// From the pixels of a page to ink, grid tint and paper: ink is what is dark in every colour channel.
import { EcgError } from "../../shared/errors.ts";

/** A picture, row-major, 8 bits a sample: grey, RGB or RGBA (laid on white). */
export type PagePicture = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3 | 4;
  readonly pixels: Uint8Array;
};

export type InkMap = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** How much darker than paper the lightest channel of a pixel is: a coloured grid counts little. */
  readonly darkness: Uint8Array;
  /** How much darker than paper the darkest channel is: a coloured grid counts fully. */
  readonly tint: Uint8Array;
  /** A pixel is ink when its darkness reaches this. */
  readonly inkThreshold: number;
  /** Darkness of a pixel full of ink. */
  readonly fullInk: number;
  /** Part of the picture that is ink, 0 to 1. */
  readonly inkPart: number;
};

/** Pictures smaller than this hold no readable page; larger ones are a mistake. */
const LEAST_SIDE_PX = 100;
const MOST_PIXELS = 2 ** 27;
/** Ink that stands out less than this from the paper is noise. */
const LEAST_CONTRAST = 48;
/** Part of the pixels that is darker than the reference for full ink. */
const FULL_INK_PART = 0.002;
/** A page on which more than this seems to be ink has a grid as dark. */
const USUAL_INK_PART = 0.06;

/**
 * Separate ink from grid and paper.
 * @throws EcgError SHAPE_MISMATCH when sizes and pixels disagree; INVALID_OPTION for a picture too small or large.
 */
export function readInk(picture: PagePicture): InkMap {
  checkPicture(picture);
  const { widthPx, heightPx } = picture;
  const lightest = new Uint8Array(widthPx * heightPx);
  const darkest = new Uint8Array(widthPx * heightPx);
  splitChannels(picture, lightest, darkest);
  const paperLight = paperLevel(lightest);
  const paperDark = paperLevel(darkest);
  const histogram = new Float64Array(256);
  for (let i = 0; i < lightest.length; i++) {
    const darkness = Math.max(0, paperLight - lightest[i]!);
    lightest[i] = darkness;
    histogram[darkness]!++;
    darkest[i] = Math.max(0, paperDark - darkest[i]!);
  }
  const fullInk = upperLevel(histogram, lightest.length * FULL_INK_PART);
  const inkThreshold = Math.max(LEAST_CONTRAST / 2, thresholdOf(histogram, fullInk));
  const ink = countFrom(histogram, inkThreshold);
  return {
    widthPx,
    heightPx,
    darkness: lightest,
    tint: darkest,
    inkThreshold,
    fullInk,
    inkPart: fullInk < LEAST_CONTRAST ? 0 : ink / lightest.length,
  };
}

function checkPicture({ widthPx, heightPx, channels, pixels }: PagePicture): void {
  const whole = Number.isInteger(widthPx) && Number.isInteger(heightPx);
  if (!whole || Math.min(widthPx, heightPx) < LEAST_SIDE_PX || widthPx * heightPx > MOST_PIXELS) {
    throw new EcgError(
      "INVALID_OPTION",
      `page picture: expected at least ${LEAST_SIDE_PX} x ${LEAST_SIDE_PX} and at most ${MOST_PIXELS} pixels, got ${widthPx} x ${heightPx}`,
      { details: { widthPx, heightPx } },
    );
  }
  if (![1, 3, 4].includes(channels) || pixels.length !== widthPx * heightPx * channels) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `page picture: expected ${widthPx} x ${heightPx} pixels of 1, 3 or 4 channels, got ${pixels.length} samples of ${channels}`,
      { details: { samples: pixels.length, channels } },
    );
  }
}

function splitChannels({ channels, pixels }: PagePicture, lightest: Uint8Array, darkest: Uint8Array): void {
  if (channels === 1) {
    lightest.set(pixels);
    darkest.set(pixels);
    return;
  }
  for (let i = 0, at = 0; i < lightest.length; i++, at += channels) {
    const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    const high = Math.max(red, green, blue);
    const low = Math.min(red, green, blue);
    const alpha = channels === 4 ? pixels[at + 3]! : 255;
    lightest[i] = alpha === 255 ? high : 255 - (((255 - high) * alpha) / 255 + 0.5);
    darkest[i] = alpha === 255 ? low : 255 - (((255 - low) * alpha) / 255 + 0.5);
  }
}

/** The commonest level: paper covers more of a page than any other one tone. */
function paperLevel(levels: Uint8Array): number {
  const histogram = new Float64Array(256);
  for (let i = 0; i < levels.length; i++) histogram[levels[i]!]!++;
  let best = 0;
  let most = -1;
  for (let level = 0; level < 256; level++) {
    let near = 0;
    for (let other = Math.max(0, level - 3); other <= Math.min(255, level + 3); other++) {
      near += histogram[other]!;
    }
    if (near >= most) [best, most] = [level, near];
  }
  return best;
}

/** The level that `count` pixels reach. */
function upperLevel(histogram: Float64Array, count: number): number {
  let sum = 0;
  for (let level = 255; level > 0; level--) {
    sum += histogram[level]!;
    if (sum >= count) return level;
  }
  return 0;
}

/** Low, so that thin lines stay whole; where that would take a dark grid for ink, just above the grid. */
function thresholdOf(histogram: Float64Array, fullInk: number): number {
  const most = USUAL_INK_PART * countFrom(histogram, 0);
  const low = Math.round(0.36 * fullInk);
  const high = Math.round(0.7 * fullInk);
  if (countFrom(histogram, low) <= most) return low;
  let level = low;
  while (level < high && countFrom(histogram, level) > most) level++;
  return Math.min(high, level + Math.round(0.04 * fullInk));
}

function countFrom(histogram: Float64Array, from: number): number {
  let sum = 0;
  for (let level = from; level < 256; level++) sum += histogram[level]!;
  return sum;
}
