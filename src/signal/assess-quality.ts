// Quality of every sample of a cleaned lead: how near its beat is to the average beat (averageQRS).
import { EcgError } from "../shared/errors.ts";

/** Signature placeholder until the kernel lands in the next commit. */
export function assessQuality(
  cleaned: Float64Array | Float32Array,
  rPeaks: Int32Array,
  samplingRateHz: number,
): Float32Array {
  throw new EcgError(
    "INVALID_OPTION",
    `assessQuality: not built yet, got ${cleaned.length} ${rPeaks.length} ${samplingRateHz}`,
  );
}
