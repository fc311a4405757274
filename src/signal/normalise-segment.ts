// Z-scores of a segment, lead by lead, with what is needed to undo them.
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { momentsOf } from "./moments.ts";

/** Mean and population standard deviation of every lead. */
export type LeadStatistics = {
  /** NaN for a lead without any sample. */
  readonly leadMeanMv: Float32Array;
  /** 0 for a lead without any sample. */
  readonly leadSdMv: Float32Array;
};

export type NormalisedSegment = LeadStatistics & {
  /** (leads, samples), unitless, no NaN: flat leads, missing leads and missing samples are 0. */
  readonly zScored: LeadMatrix;
};

/** Below this standard deviation a lead carries noise at most, and dividing by it would blow that up. */
export const FLAT_LEAD_SD_MV = 1e-4;

/**
 * Z-score every lead with its own mean and population SD over the segment.
 *
 * Shape: (leads, samples) mV -> (leads, samples) z-scores and (leads), (leads) mV. A lead whose SD is below
 * {@link FLAT_LEAD_SD_MV} becomes 0. Missing samples (NaN) are left out of the statistics and become 0, the lead's
 * mean; a lead without any becomes 0 with mean NaN and SD 0, so that it can still be told from a flat one.
 */
export function normaliseSegment(matrix: LeadMatrix): NormalisedSegment {
  const statistics = measureLeads(matrix);
  return { zScored: normaliseWith(matrix, statistics), ...statistics };
}

/** Z-score with the statistics of another segment: the samples to be predicted, with those of the input. */
export function normaliseWith(matrix: LeadMatrix, statistics: LeadStatistics): LeadMatrix {
  checkLeadCount("normaliseWith", matrix, statistics);
  const out = createLeadMatrix(matrix.leadCount, matrix.sampleCount, 0);
  for (let lead = 0; lead < matrix.leadCount; lead++) {
    const mean = statistics.leadMeanMv[lead]!;
    const sd = statistics.leadSdMv[lead]!;
    if (Number.isNaN(mean) || sd < FLAT_LEAD_SD_MV) continue;
    const from = leadSamples(matrix, lead);
    const to = leadSamples(out, lead);
    for (let t = 0; t < from.length; t++) to[t] = Number.isNaN(from[t]) ? 0 : (from[t]! - mean) / sd;
  }
  return out;
}

/**
 * Undo {@link normaliseSegment}: z-scores back to mV (within float32 rounding).
 *
 * A flat lead comes back as its mean, a missing lead as NaN; single missing samples come back as the lead's mean.
 * @throws EcgError SHAPE_MISMATCH when the statistics are of another number of leads.
 */
export function denormaliseSegment(segment: NormalisedSegment): LeadMatrix {
  const { zScored, leadMeanMv, leadSdMv } = segment;
  checkLeadCount("denormaliseSegment", zScored, segment);
  const out = createLeadMatrix(zScored.leadCount, zScored.sampleCount, 0);
  for (let lead = 0; lead < zScored.leadCount; lead++) {
    const from = leadSamples(zScored, lead);
    const to = leadSamples(out, lead);
    for (let t = 0; t < from.length; t++) to[t] = from[t]! * leadSdMv[lead]! + leadMeanMv[lead]!;
  }
  return out;
}

function measureLeads(matrix: LeadMatrix): LeadStatistics {
  const leadMeanMv = new Float32Array(matrix.leadCount);
  const leadSdMv = new Float32Array(matrix.leadCount);
  for (let lead = 0; lead < matrix.leadCount; lead++) {
    const { mean, sd } = momentsOf(leadSamples(matrix, lead));
    leadMeanMv[lead] = mean;
    leadSdMv[lead] = sd || 0;
  }
  return { leadMeanMv, leadSdMv };
}

function checkLeadCount(where: string, matrix: LeadMatrix, statistics: LeadStatistics): void {
  const { leadMeanMv, leadSdMv } = statistics;
  if (leadMeanMv.length !== matrix.leadCount || leadSdMv.length !== matrix.leadCount) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `${where}: expected means and SDs of ${matrix.leadCount} leads, got ${leadMeanMv.length} and ${leadSdMv.length}`,
    );
  }
}
