// The window of a recording with the best mean quality over its leads.
import { type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";

export type BestWindow = {
  readonly startSample: number;
  /** Length of the window: as asked, or the whole recording when that is shorter. */
  readonly sampleCount: number;
  /** Mean quality over the window and the leads that have one; NaN when none has. */
  readonly meanQuality: number;
  /** How many leads had a quality. */
  readonly leadsUsed: number;
  /** `centre` when no lead had a quality: the middle of the recording, for want of anything better. */
  readonly chosenBy: "quality" | "centre";
};

/** Means nearer than this are equal, so that rounding does not choose among equally good windows. */
const EQUAL_WITHIN = 1e-12;

/**
 * The first window of `windowSamples` with the highest mean quality over all leads.
 *
 * `quality` is (leads, samples), as {@link tryAssessQuality} gives it; a lead with a NaN is left out. When all are,
 * the result is the centre of the recording and says so. A recording shorter than the window is taken whole.
 * @throws EcgError INVALID_OPTION unless windowSamples is an integer >= 1.
 * Source: the reference outputs take, for one lead, the largest difference of its cumulative sum, first of equals;
 * here the leads' mean stands for the lead, so that one good lead cannot choose for eleven bad ones.
 */
export function selectBestWindow(quality: LeadMatrix, windowSamples: number): BestWindow {
  if (!Number.isInteger(windowSamples) || windowSamples < 1) {
    throw new EcgError(
      "INVALID_OPTION",
      `selectBestWindow: expected an integer windowSamples >= 1, got ${windowSamples}`,
      { details: { windowSamples } },
    );
  }
  const sampleCount = Math.min(windowSamples, quality.sampleCount);
  const { mean, leadsUsed } = meanOverLeads(quality);
  if (leadsUsed === 0 || sampleCount === 0) {
    const startSample = Math.floor((quality.sampleCount - sampleCount) / 2);
    return { startSample, sampleCount, meanQuality: Number.NaN, leadsUsed, chosenBy: "centre" };
  }
  const sums = new Float64Array(quality.sampleCount + 1);
  for (let t = 0; t < mean.length; t++) sums[t + 1] = sums[t]! + mean[t]!;
  let startSample = 0;
  let meanQuality = sums[sampleCount]! / sampleCount;
  for (let start = 1; start + sampleCount <= quality.sampleCount; start++) {
    const candidate = (sums[start + sampleCount]! - sums[start]!) / sampleCount;
    if (candidate > meanQuality + EQUAL_WITHIN) {
      meanQuality = candidate;
      startSample = start;
    }
  }
  return { startSample, sampleCount, meanQuality, leadsUsed, chosenBy: "quality" };
}

/** Mean of the leads without NaN at every sample: (leads, samples) -> (samples). */
function meanOverLeads(quality: LeadMatrix): { mean: Float64Array; leadsUsed: number } {
  const mean = new Float64Array(quality.sampleCount);
  let leadsUsed = 0;
  for (let lead = 0; lead < quality.leadCount; lead++) {
    const samples = leadSamples(quality, lead);
    if (samples.some(Number.isNaN)) continue;
    leadsUsed++;
    for (let t = 0; t < samples.length; t++) mean[t]! += samples[t]!;
  }
  for (let t = 0; t < mean.length; t++) mean[t]! /= Math.max(1, leadsUsed);
  return { mean, leadsUsed };
}
