// The samples of a recording: one flat Float32Array, lead after lead.
import { EcgError } from "../shared/errors.ts";

/** Lead-major signal in mV: lead l, sample t is `data[l * sampleCount + t]`. Missing = NaN. */
export type LeadMatrix = {
  readonly data: Float32Array;
  readonly leadCount: number;
  readonly sampleCount: number;
};

/** A matrix filled with NaN (nothing known) or `fill`. Shape: (leadCount, sampleCount). */
export function createLeadMatrix(
  leadCount: number,
  sampleCount: number,
  fill: number = Number.NaN,
): LeadMatrix {
  const data = new Float32Array(leadCount * sampleCount);
  if (fill !== 0) data.fill(fill);
  return { data, leadCount, sampleCount };
}

/** The samples of lead `index` as a view: writing to it writes to the matrix. */
export function leadSamples(matrix: LeadMatrix, index: number): Float32Array {
  if (!Number.isInteger(index) || index < 0 || index >= matrix.leadCount) {
    throw new EcgError("INVALID_OPTION", `lead index: expected 0 to ${matrix.leadCount - 1}, got ${index}`);
  }
  return matrix.data.subarray(index * matrix.sampleCount, (index + 1) * matrix.sampleCount);
}

/** Copy leads of equal length into one matrix. @throws EcgError SHAPE_MISMATCH on unequal lengths. */
export function stackLeads(leads: readonly ArrayLike<number>[]): LeadMatrix {
  const sampleCount = leads[0]?.length ?? 0;
  const matrix = createLeadMatrix(leads.length, sampleCount, 0);
  for (const [index, lead] of leads.entries()) {
    if (lead.length !== sampleCount) {
      throw new EcgError(
        "SHAPE_MISMATCH",
        `stackLeads: expected ${sampleCount} samples in every lead, lead ${index} has ${lead.length}`,
      );
    }
    leadSamples(matrix, index).set(lead);
  }
  return matrix;
}

/** Copy samples [startSample, endSample) of every lead; parts outside the matrix are NaN. */
export function sliceSamples(matrix: LeadMatrix, startSample: number, endSample: number): LeadMatrix {
  const out = createLeadMatrix(matrix.leadCount, Math.max(0, endSample - startSample));
  const from = Math.max(0, startSample);
  const to = Math.min(matrix.sampleCount, endSample);
  if (to <= from) return out;
  for (let lead = 0; lead < matrix.leadCount; lead++) {
    leadSamples(out, lead).set(leadSamples(matrix, lead).subarray(from, to), from - startSample);
  }
  return out;
}
