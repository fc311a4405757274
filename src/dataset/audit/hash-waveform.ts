// A hash of a recording's normalised samples: equal for copies that differ in scale or offset only.
import { type LeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { momentsOf } from "../../signal/moments.ts";

/** Steps a standard deviation is cut into before hashing: rounding noise of a rescaled copy stays below half a step. */
const STEPS_PER_DEVIATION = 8;

/**
 * Two independent 32-bit FNV-1a hashes over the z-scored samples of all leads, as 16 hex digits; "" when no lead
 * varies. Finds exact copies of recordings whose leads have no fingerprint (single-lead, Frank leads).
 */
export function hashWaveform(signal: LeadMatrix): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  let any = false;
  for (let lead = 0; lead < signal.leadCount; lead++) {
    const samples = leadSamples(signal, lead);
    const { mean, sd } = momentsOf(samples);
    if (!(sd > 1e-6)) continue;
    any = true;
    for (const value of samples) {
      const step = Number.isNaN(value) ? 255 : Math.round(((value - mean) / sd) * STEPS_PER_DEVIATION) & 0xff;
      low = Math.imul(low ^ step, 0x01000193);
      high = Math.imul(high ^ step, 0x01000197);
    }
  }
  if (!any) return "";
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
  return hex(low) + hex(high);
}
