// requireSamples: a recording long enough to be asked about.
import type { EcgRecord } from "../../record/ecg-record.ts";
import { EcgError } from "../../shared/errors.ts";

/** Shorter recordings would be padding rather than signal. */
const SHORTEST_SECONDS = 1;

/** @throws EcgError INVALID_SIGNAL for a record of less than 1 s. */
export function requireSamples(record: EcgRecord): void {
  const seconds = record.signal.sampleCount / record.samplingRateHz;
  if (seconds >= SHORTEST_SECONDS) return;
  throw new EcgError(
    "INVALID_SIGNAL",
    `${record.id}: expected a recording of at least ${SHORTEST_SECONDS} s, found ${seconds.toFixed(2)} s`,
    { hint: "the model reads windows of 4 s; shorter recordings are padded, but not out of nothing" },
  );
}
