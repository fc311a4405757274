// resizeBicubic: Pillow's bicubic resize of 8-bit images, number for number, because vision encoders were trained on it.
// Source: Pillow 9.4 src/libImaging/Resample.c (a = -0.5, support widened when shrinking, 22-bit fixed-point
// coefficients, horizontal pass first, each pass rounded and clipped to 8 bits).

/** 8-bit pixels, rows from the top, channels side by side. */
export type PixelImage = {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray;
};

const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);
const SUPPORT = 2;
const A = -0.5;

/** The image at another size; the same object when nothing changes. */
export function resizeBicubic(image: PixelImage, width: number, height: number): PixelImage {
  const wide = image.width === width ? image : resizeRows(image, width);
  return wide.height === height ? wide : resizeColumns(wide, height);
}

/** Where an output pixel looks, and how much each input pixel counts. */
type Window = { readonly first: number; readonly weights: Int32Array };

function resizeRows(image: PixelImage, width: number): PixelImage {
  const { height, channels } = image;
  const windows = findWindows(image.width, width);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const start = y * image.width * channels;
      gather(image.data, data, (y * width + x) * channels, {
        window: windows[x]!,
        start,
        step: channels,
        channels,
      });
    }
  }
  return { width, height, channels, data };
}

function resizeColumns(image: PixelImage, height: number): PixelImage {
  const { width, channels } = image;
  const windows = findWindows(image.height, height);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      gather(image.data, data, (y * width + x) * channels, {
        window: windows[y]!,
        start: x * channels,
        step: width * channels,
        channels,
      });
    }
  }
  return { width, height, channels, data };
}

type Line = {
  readonly window: Window;
  /** Where the line of input pixels begins. */
  readonly start: number;
  readonly step: number;
  readonly channels: number;
};

function gather(
  from: PixelImage["data"],
  to: Uint8Array,
  at: number,
  { window: { first, weights }, start, step, channels }: Line,
): void {
  for (let channel = 0; channel < channels; channel++) {
    let sum = HALF;
    let source = start + first * step + channel;
    for (let i = 0; i < weights.length; i++) {
      sum += from[source]! * weights[i]!;
      source += step;
    }
    // sums stay below 2^53; Pillow's 32-bit shift gives the same for 8-bit pixels
    const value = Math.floor(sum / 2 ** PRECISION_BITS);
    to[at + channel] = Math.max(0, Math.min(255, value));
  }
}

function findWindows(inputs: number, outputs: number): Window[] {
  const scale = inputs / outputs;
  const widened = Math.max(scale, 1);
  const support = SUPPORT * widened;
  return Array.from({ length: outputs }, (_, index) => {
    const centre = (index + 0.5) * scale;
    // Pillow truncates toward zero, then clips
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(inputs, Math.trunc(centre + support + 0.5));
    const raw = Float64Array.from({ length: end - first }, (_value, i) =>
      cubic((first + i - centre + 0.5) / widened),
    );
    const total = raw.reduce((sum, value) => sum + value, 0);
    const weights = Int32Array.from(raw, (value) => {
      const fixed = (value / total) * 2 ** PRECISION_BITS;
      return Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
    });
    return { first, weights };
  });
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
}
