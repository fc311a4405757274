// The window of a recording with the best mean quality over its leads.
import type { LeadMatrix } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";

export type BestWindow = {
  readonly startSample: number;
  /** Mean quality over the window and the leads that have one; NaN when none has. */
  readonly meanQuality: number;
  /** How many leads had a quality at all; 0: the window is the centre of the recording. */
  readonly leadsUsed: number;
};

/** Signature placeholder until the kernel lands in the next commit. */
export function selectBestWindow(quality: LeadMatrix, windowSamples: number): BestWindow {
  throw new EcgError(
    "INVALID_OPTION",
    `selectBestWindow: not built yet, got ${quality.leadCount} ${windowSamples}`,
  );
}
