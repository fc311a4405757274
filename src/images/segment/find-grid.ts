// The scale of a page from its millimetre paper: the period of the grid lines in both directions.
import type { PixelBox } from "../palette-painter.ts";
import type { InkMap } from "./read-ink.ts";

export type GridFound = {
  readonly pxPerMm: number;
  /** Where there is millimetre paper. */
  readonly box: PixelBox;
};

/** Width of the page or cut-out that a scale is believed for. */
const LEAST_WIDTH_MM = 90;
const MOST_WIDTH_MM = 460;
/** Frequencies a cycle of the whole picture. */
const OVERSAMPLING = 4;
/** A grid's lines stand out of the spectrum by this. */
const LEAST_CONTRAST = 6;

type Spectrum = { readonly stepHz: number; readonly magnitude: Float64Array };

/** Millimetre paper of a page, or undefined where the picture shows none. */
export function findGrid(ink: InkMap): GridFound | undefined {
  const { columns, rows } = tintProfiles(ink);
  const longest = Math.max(ink.widthPx, ink.heightPx);
  const leastMm = longest / MOST_WIDTH_MM;
  const mostFrequency = Math.min(0.5, 1 / leastMm);
  const spectra = [spectrumOf(flatten(columns), mostFrequency), spectrumOf(flatten(rows), mostFrequency)];
  const at = (frequency: number): number =>
    spectra.reduce((sum, spectrum) => sum + magnitudeAt(spectrum, frequency), 0);
  const scores: { periodPx: number; score: number }[] = [];
  const lowest = LEAST_WIDTH_MM / longest;
  for (let f = lowest; f <= mostFrequency; f += 1 / (longest * OVERSAMPLING)) {
    scores.push({ periodPx: 1 / f, score: gridScore(at, f) });
  }
  let best = scores[0];
  for (const one of scores) if (best === undefined || one.score > best.score) best = one;
  if (best === undefined) return undefined;
  const usual = scores.map(({ score }) => Math.abs(score)).sort((a, b) => a - b)[scores.length >> 1]!;
  if (!(best.score > LEAST_CONTRAST * usual) || best.score < 0.2) return undefined;
  return { pxPerMm: refinePeriod(at, best.periodPx, longest), box: gridBox(ink, { columns, rows }) };
}

/** High where lines stand every 1 mm and every 5 mm, low where they would stand every 2 (or 10) of these. */
function gridScore(at: (frequency: number) => number, f: number): number {
  const large = (at(f / 5) + at((2 * f) / 5) + at((3 * f) / 5) + at((4 * f) / 5)) / 4;
  const half = Math.max(at(f / 2), (at(f / 10) + at((3 * f) / 10) + at((7 * f) / 10)) / 3);
  return at(f) + large - 2 * half;
}

function refinePeriod(at: (frequency: number) => number, periodPx: number, longest: number): number {
  let best = { f: 1 / periodPx, score: -1 };
  const step = 1 / (longest * OVERSAMPLING);
  for (let part = -1; part <= 1; part += 0.05) {
    const f = 1 / periodPx + part * step;
    const score = at(f) + 0.5 * (at((4 * f) / 5) + at((3 * f) / 5));
    if (score > best.score) best = { f, score };
  }
  return 1 / best.f;
}

/** Mean tint of the pixels of each column and row that are no ink and not beside ink. */
function tintProfiles({ widthPx, heightPx, darkness, tint, inkThreshold }: InkMap): {
  readonly columns: Float64Array;
  readonly rows: Float64Array;
} {
  const columns = new Float64Array(widthPx);
  const columnCounts = new Float64Array(widthPx);
  const rows = new Float64Array(heightPx);
  for (let y = 0; y < heightPx; y++) {
    let [sum, count, sinceInk] = [0, 0, 3];
    for (let x = 0; x < widthPx; x++) {
      const i = y * widthPx + x;
      sinceInk = darkness[i]! >= inkThreshold ? 0 : sinceInk + 1;
      if (sinceInk < 3 || (x + 2 < widthPx && darkness[i + 2]! >= inkThreshold)) continue;
      const value = tint[i]!;
      sum += value;
      count++;
      columns[x]! += value;
      columnCounts[x]!++;
    }
    rows[y] = count === 0 ? 0 : sum / count;
  }
  for (let x = 0; x < widthPx; x++) columns[x]! /= Math.max(1, columnCounts[x]!);
  return { columns, rows };
}

/** A profile without its slow part. */
function flatten(profile: Float64Array): Float64Array {
  const reach = Math.max(8, Math.round(profile.length / 24));
  const sums = new Float64Array(profile.length + 1);
  for (let i = 0; i < profile.length; i++) sums[i + 1] = sums[i]! + profile[i]!;
  return profile.map((value, i) => {
    const from = Math.max(0, i - reach);
    const to = Math.min(profile.length, i + reach + 1);
    return value - (sums[to]! - sums[from]!) / (to - from);
  });
}

/** Amplitudes of a profile's frequencies (cycles a pixel), by a turning phasor. */
function spectrumOf(profile: Float64Array, mostFrequency: number): Spectrum {
  const stepHz = 1 / (profile.length * OVERSAMPLING);
  const magnitude = new Float64Array(Math.floor(mostFrequency / stepHz) + 2);
  for (let k = 0; k < magnitude.length; k++) {
    const angle = 2 * Math.PI * k * stepHz;
    const [turnRe, turnIm] = [Math.cos(angle), Math.sin(angle)];
    let [re, im, sumRe, sumIm] = [1, 0, 0, 0];
    for (let i = 0; i < profile.length; i++) {
      sumRe += profile[i]! * re;
      sumIm += profile[i]! * im;
      const next = re * turnRe - im * turnIm;
      im = re * turnIm + im * turnRe;
      re = next;
    }
    magnitude[k] = Math.hypot(sumRe, sumIm) / profile.length;
  }
  return { stepHz, magnitude };
}

function magnitudeAt({ stepHz, magnitude }: Spectrum, frequency: number): number {
  const position = frequency / stepHz;
  const before = Math.floor(position);
  const part = position - before;
  return (magnitude[before] ?? 0) * (1 - part) + (magnitude[before + 1] ?? 0) * part;
}

/** The part of the page with lines across: the mean tint of a row on paper is far higher than off it. */
function gridBox(
  { widthPx, heightPx }: InkMap,
  { columns, rows }: { readonly columns: Float64Array; readonly rows: Float64Array },
): PixelBox {
  const [fromX, toX] = tintedRange(columns, widthPx);
  const [fromY, toY] = tintedRange(rows, heightPx);
  return { fromX, fromY, toX, toY };
}

function tintedRange(profile: Float64Array, size: number): [number, number] {
  const level = [...profile].sort((a, b) => a - b)[Math.floor(size * 0.6)]! * 0.4;
  let [from, to] = [0, size];
  while (from < size && profile[from]! <= level) from++;
  while (to > from && profile[to - 1]! <= level) to--;
  return [from, to];
}
