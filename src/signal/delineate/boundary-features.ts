// What a possible boundary looks like: slopes on either side of it, in the lead and in all leads together.
import { WORKING_RATE_HZ } from "./prepare-leads.ts";

export const BOUNDARY_KINDS = ["pOnset", "pOffset", "qrsOnset", "qrsOffset", "tOnset", "tOffset"] as const;
export type BoundaryKind = (typeof BOUNDARY_KINDS)[number];

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

/** How one kind of boundary is looked at. All lengths in samples at 500 Hz. */
export type BoundarySettings = {
  /** 1: the wave lies after the boundary (onsets); -1: before it. */
  readonly inward: 1 | -1;
  /** Candidates lie at anchor + k * step for |k| <= steps. */
  readonly step: number;
  readonly steps: number;
  /** Width of one of the eight bins, four outside and four inside; a multiple of `step`. */
  readonly bin: number;
  /** The steepest place of the wave is looked for this far inside the anchor. */
  readonly inside: number;
  /** Slopes far below this (mV/s) are noise, whatever the wave's size. */
  readonly floor: number;
};

export const BOUNDARY_SETTINGS: Readonly<Record<BoundaryKind, BoundarySettings>> = {
  pOnset: { inward: 1, step: 2, steps: 26, bin: ms(16), inside: ms(80), floor: 0.12 },
  pOffset: { inward: -1, step: 2, steps: 26, bin: ms(12), inside: ms(80), floor: 0.12 },
  qrsOnset: { inward: 1, step: 1, steps: 28, bin: ms(8), inside: ms(60), floor: 0.5 },
  qrsOffset: { inward: -1, step: 1, steps: 34, bin: ms(8), inside: ms(60), floor: 0.5 },
  tOnset: { inward: 1, step: 4, steps: 22, bin: ms(24), inside: ms(150), floor: 0.12 },
  tOffset: { inward: -1, step: 3, steps: 24, bin: ms(18), inside: ms(150), floor: 0.12 },
};

const BIN_COUNT = 8;
/** Slopes below this share of the wave's steepest are not told apart. */
const RELATIVE_FLOOR = 0.04;

/** Number of features of a candidate. */
export const FEATURE_COUNT: number = 3 * BIN_COUNT + 5;

/** Slopes with their running sums, so that the mean of any stretch costs two look-ups. */
export type SlopeView = {
  readonly slope: Float64Array;
  readonly sum: Float64Array;
  readonly absoluteSum: Float64Array;
};

/** Running sums of a slope (mV/s). */
export function viewSlope(slope: Float64Array): SlopeView {
  const n = slope.length;
  const sum = new Float64Array(n + 1);
  const absoluteSum = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const value = slope[i]!;
    sum[i + 1] = sum[i]! + value;
    absoluteSum[i + 1] = absoluteSum[i]! + (value < 0 ? -value : value);
  }
  return { slope, sum, absoluteSum };
}

/** Where a boundary is looked for and what surrounds it. */
export type BoundaryContext = {
  /** First estimate, from all leads together. */
  readonly anchor: number;
  /** Peak of the wave. */
  readonly peak: number;
  /** The neighbouring wave that the boundary cannot lie beyond. */
  readonly limit: number;
};

/**
 * Features of all candidates, row after row. Shape: (2 * steps + 1, FEATURE_COUNT).
 *
 * Per bin, from outside to inside: log of the mean |slope| in this lead over the wave's steepest, the same over all
 * leads, and the signed slope in the direction of the wave; then the distance from the anchor and its square, from
 * the peak, from the limit, and the lead's share in the wave. All are free of the amplitude's unit but for the floor.
 */
export function boundaryFeatures(
  kind: BoundaryKind,
  lead: SlopeView,
  all: SlopeView,
  context: BoundaryContext,
): Float64Array {
  const settings = BOUNDARY_SETTINGS[kind];
  const count = 2 * settings.steps + 1;
  const out = new Float64Array(count * FEATURE_COUNT);
  const from = context.anchor - settings.inward * settings.bin;
  const steepest = steepestPlace(lead.slope, from, settings);
  const height = Math.abs(lead.slope[steepest]!);
  const sign = lead.slope[steepest]! < 0 ? -1 : 1;
  const leadFloor = RELATIVE_FLOOR * height + settings.floor;
  const allHeight = Math.abs(all.slope[steepestPlace(all.slope, from, settings)]!);
  const allFloor = RELATIVE_FLOOR * allHeight;
  const leadScale = 1 / (height + leadFloor);
  const allScale = 1 / (allHeight + allFloor + 1e-9);
  const share = Math.log((height + leadFloor) * allScale) / 2;
  const strip = measureStrip(lead, all, {
    settings,
    anchor: context.anchor,
    leadFloor,
    leadScale,
    allFloor,
    allScale,
  });
  const perBin = settings.bin / settings.step;
  for (let k = 0; k < count; k++) {
    const at = context.anchor + (k - settings.steps) * settings.step;
    let f = k * FEATURE_COUNT;
    for (let bin = 0; bin < BIN_COUNT; bin++) {
      const entry = k + perBin * (settings.inward === 1 ? bin : BIN_COUNT - 1 - bin);
      out[f] = strip.lead[entry]!;
      out[f + BIN_COUNT] = strip.all[entry]!;
      out[f + 2 * BIN_COUNT] = sign * strip.signed[entry]!;
      f++;
    }
    f += 2 * BIN_COUNT;
    const distance = (k - settings.steps) / settings.steps;
    out[f] = distance;
    out[f + 1] = distance * distance;
    out[f + 2] = ((context.peak - at) * settings.inward) / ms(100);
    out[f + 3] = Math.max(-1, Math.min(1, ((at - context.limit) * settings.inward) / ms(100)));
    out[f + 4] = share;
  }
  return out;
}

type StripScale = {
  readonly settings: BoundarySettings;
  readonly anchor: number;
  readonly leadFloor: number;
  readonly leadScale: number;
  readonly allFloor: number;
  readonly allScale: number;
};

type Strip = { readonly lead: Float64Array; readonly all: Float64Array; readonly signed: Float64Array };

/** The three bin features at every place where a bin of any candidate begins: neighbours share them. */
function measureStrip(lead: SlopeView, all: SlopeView, scale: StripScale): Strip {
  const { step, steps, bin } = scale.settings;
  const size = 2 * steps + 1 + (BIN_COUNT - 1) * (bin / step);
  const strip = { lead: new Float64Array(size), all: new Float64Array(size), signed: new Float64Array(size) };
  const first = scale.anchor - steps * step - (BIN_COUNT / 2) * bin;
  for (let entry = 0; entry < size; entry++) {
    const start = first + entry * step;
    strip.lead[entry] =
      Math.log((meanOver(lead.absoluteSum, start, bin) + scale.leadFloor) * scale.leadScale) + 1;
    strip.all[entry] =
      Math.log((meanOver(all.absoluteSum, start, bin) + scale.allFloor + 1e-9) * scale.allScale) + 1;
    strip.signed[entry] = meanOver(lead.sum, start, bin) * scale.leadScale;
  }
  return strip;
}

function steepestPlace(slope: Float64Array, from: number, { inward, inside }: BoundarySettings): number {
  const last = slope.length - 1;
  let best = Math.max(0, Math.min(last, from));
  for (let i = 0; i <= inside; i++) {
    const at = from + inward * i;
    if (at < 0 || at > last) break;
    if (Math.abs(slope[at]!) > Math.abs(slope[best]!)) best = at;
  }
  return best;
}

/** Mean over [start, start + width), kept inside the signal. */
function meanOver(sum: Float64Array, start: number, width: number): number {
  const last = sum.length - 1 - width;
  const at = start < 0 ? 0 : start > last ? Math.max(0, last) : start;
  return (sum[Math.min(sum.length - 1, at + width)]! - sum[at]!) / width;
}
