// One lead without baseline wander and mains hum, as NeuroKit2's ecg_clean(method="neurokit").
import { EcgError } from "../shared/errors.ts";

export type CleanLeadOptions = {
  /** Mains frequency whose period the moving average spans: 50 (default) or 60 Hz. */
  readonly mainsHz?: 50 | 60;
};

/** Signature placeholder until the kernel lands in the next commit. */
export function cleanLead(
  x: Float64Array | Float32Array,
  samplingRateHz: number,
  options: CleanLeadOptions = {},
): Float64Array {
  throw new EcgError(
    "INVALID_OPTION",
    `cleanLead: not built yet, got ${x.length} at ${samplingRateHz} ${options.mainsHz}`,
  );
}
