// Z-scores of a segment, lead by lead, with what is needed to undo them.
import type { LeadMatrix } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";

export type NormalisedSegment = {
  readonly zScored: LeadMatrix;
  readonly leadMeanMv: Float32Array;
  readonly leadSdMv: Float32Array;
};

/** Signature placeholder until the kernel lands in the next commit. */
export function normaliseSegment(matrix: LeadMatrix): NormalisedSegment {
  throw new EcgError("INVALID_OPTION", `normaliseSegment: not built yet, got ${matrix.leadCount}`);
}

/** Signature placeholder until the kernel lands in the next commit. */
export function denormaliseSegment(segment: NormalisedSegment): LeadMatrix {
  throw new EcgError("INVALID_OPTION", `denormaliseSegment: not built yet, got ${segment.zScored.leadCount}`);
}
