// What the tile encoder learns to tell from a tile before it meets language: the lead's typical beat, its rate, and the
// trace itself. Own pretext task: SigLIP's image-text pairs do not exist for single leads.
import type { AmplitudeUnit } from "../../images/default-gain.ts";
import { detectRPeaks } from "../../signal/detect-r-peaks.ts";
import { momentsOf } from "../../signal/moments.ts";

/** The typical beat: from 0.25 s before R to 0.45 s after, every 10 ms. */
export const BEAT_POINTS = 70;
const BEFORE_SECONDS = 0.25;
const STEP_SECONDS = 0.01;
/** Points of the trace for each column of patches. */
export const TRACE_POINTS_PER_COLUMN = 8;
/** What counts as 1 of a beat's height: 5 mm of paper. */
const BEAT_UNITS = { mV: 0.5, SD: 2 } as const;

export type LeadTargets = {
  /** (BEAT_POINTS), in units of 0.5 mV or 2 SD; NaN where a lead has no beats. */
  readonly beat: Float32Array;
  /** log2(RR / 0.8 s), NaN without two beats. */
  readonly logRr: number;
  /** SD of the RR intervals over their mean, NaN without three beats. */
  readonly irregularity: number;
};

/** Beats of the reference lead bound the average of every lead. `samples` by lead, one rate. */
export function beatTargets(
  leads: readonly Float32Array[],
  { samplingRateHz, unit }: { readonly samplingRateHz: number; readonly unit: AmplitudeUnit },
): LeadTargets[] {
  const reference = leads[1] ?? leads[0]!;
  const peaks = [...detectRPeaks(reference, samplingRateHz)];
  const gaps = peaks.slice(1).map((peak, i) => (peak - peaks[i]!) / samplingRateHz);
  const sorted = [...gaps].sort((a, b) => a - b);
  const logRr = sorted.length > 0 ? Math.log2(sorted[Math.floor(sorted.length / 2)]! / 0.8) : Number.NaN;
  const rr = momentsOf(gaps);
  const irregularity = gaps.length > 1 ? rr.sd / rr.mean : Number.NaN;
  const scale = 1 / BEAT_UNITS[unit];
  return leads.map((samples) => ({
    beat: medianBeat(samples, peaks, samplingRateHz).map((value) => value * scale),
    logRr,
    irregularity,
  }));
}

function medianBeat(samples: Float32Array, peaks: readonly number[], samplingRateHz: number): Float32Array {
  const beat = new Float32Array(BEAT_POINTS).fill(Number.NaN);
  for (let point = 0; point < BEAT_POINTS; point++) {
    const offset = Math.round((point * STEP_SECONDS - BEFORE_SECONDS) * samplingRateHz);
    const values = peaks
      .map((peak) => samples[peak + offset])
      .filter((value): value is number => value !== undefined && !Number.isNaN(value))
      .sort((a, b) => a - b);
    if (values.length > 0) beat[point] = values[Math.floor(values.length / 2)]!;
  }
  const middle = [...beat].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const baseline = middle[Math.floor(middle.length / 2)] ?? 0;
  for (let point = 0; point < BEAT_POINTS; point++) beat[point]! -= baseline;
  return beat;
}

/**
 * The drawn trace of a tile: mean height of the ink above the middle in each of `points` columns, in tile heights from -0.5 to
 * 0.5 (scaled to about unit size), NaN where a column has no ink.
 */
export function traceTargets(
  pixels: Uint8Array,
  widthPx: number,
  heightPx: number,
  points: number,
): Float32Array {
  const out = new Float32Array(points).fill(Number.NaN);
  for (let point = 0; point < points; point++) {
    let ink = 0;
    let weighted = 0;
    for (
      let x = Math.floor((point * widthPx) / points);
      x < Math.floor(((point + 1) * widthPx) / points);
      x++
    ) {
      for (let y = 0; y < heightPx; y++) {
        const dark = 255 - pixels[y * widthPx + x]!;
        ink += dark;
        weighted += dark * (heightPx / 2 - y);
      }
    }
    if (ink > 0) out[point] = (8 * weighted) / ink / heightPx;
  }
  return out;
}
