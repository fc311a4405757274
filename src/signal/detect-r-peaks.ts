// R peaks of a cleaned lead by NeuroKit2's default detector (steepness of the QRS complex).
import { EcgError } from "../shared/errors.ts";

/** Signature placeholder until the kernel lands in the next commit. */
export function detectRPeaks(cleaned: Float64Array | Float32Array, samplingRateHz: number): Int32Array {
  throw new EcgError(
    "INVALID_OPTION",
    `detectRPeaks: not built yet, got ${cleaned.length} ${samplingRateHz}`,
  );
}
