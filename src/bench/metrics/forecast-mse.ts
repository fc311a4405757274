// Mean squared error of a forecast in units of the input's standard deviation (design 4.6).
import { type LeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { EcgError } from "../../shared/errors.ts";
import { momentsOf } from "../../signal/moments.ts";

/** Below this standard deviation (mV) a lead is flat and left out: dividing by it would measure noise. */
const FLAT_LEAD_SD_MV = 1e-4;

/**
 * MSE between a forecast and what followed, both z-scored with mean and SD of each lead's input window, so that
 * "always the mean" scores about 1. Flat leads and missing samples are left out.
 *
 * Shapes: input (leads, n) mV; forecast and truth (leads, m) mV.
 * @returns NaN when nothing could be compared.
 * @throws EcgError SHAPE_MISMATCH when forecast and truth differ in shape.
 */
export function forecastMse(input: LeadMatrix, forecast: LeadMatrix, truth: LeadMatrix): number {
  if (forecast.leadCount !== truth.leadCount || forecast.sampleCount !== truth.sampleCount) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `forecast: expected shape (${truth.leadCount}, ${truth.sampleCount}), got (${forecast.leadCount}, ${forecast.sampleCount})`,
    );
  }
  let sum = 0;
  let count = 0;
  for (let lead = 0; lead < truth.leadCount; lead++) {
    const { sd } = momentsOf(leadSamples(input, lead));
    if (!(sd >= FLAT_LEAD_SD_MV)) continue;
    const said = leadSamples(forecast, lead);
    const wanted = leadSamples(truth, lead);
    for (let t = 0; t < wanted.length; t++) {
      const error = ((said[t] ?? Number.NaN) - (wanted[t] ?? Number.NaN)) / sd;
      if (Number.isNaN(wanted[t])) continue;
      // A forecast that is missing where the truth is known is as wrong as no forecast: the lead's mean.
      sum += Number.isNaN(error) ? 1 : error * error;
      count++;
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}
