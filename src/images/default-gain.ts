// How high a page draws one unit of a record: mm a mV, or mm a standard deviation of z-scores.
import type { EcgRecord } from "../record/ecg-record.ts";

/** What one unit of a record's samples is, as a page prints it. */
export type AmplitudeUnit = "mV" | "SD";

/** `SD` where the file keeps z-scores per lead. */
export function amplitudeUnitOf({ provenance }: Pick<EcgRecord, "provenance">): AmplitudeUnit {
  return provenance.amplitudeUnit === "z" ? "SD" : "mV";
}

/**
 * 10 mm/mV, as on paper everywhere; 2.5 mm a standard deviation, for a lead varies by 0.2 to 0.3 mV: z-scored pages look
 * like others, and their traces do not run into each other.
 */
export function defaultGainMm(record: Pick<EcgRecord, "provenance">): number {
  return amplitudeUnitOf(record) === "SD" ? 2.5 : 10;
}
