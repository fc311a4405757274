// A whole recording: resampled, cleaned, its R peaks and its quality.
import type { EcgRecord } from "../record/ecg-record.ts";
import type { LeadMatrix } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";

export type CleanOptions = { readonly toHz: number; readonly mainsHz?: 50 | 60 };

/** Why a lead has no quality (its row is NaN). */
export type LeadFailure = { readonly leadIndex: number; readonly lead: string; readonly reason: string };

export type CleanResult = {
  readonly resampled: EcgRecord;
  readonly cleaned: EcgRecord;
  /** (leads, samples), 0-1; a lead whose quality cannot be told is NaN throughout. */
  readonly quality: LeadMatrix;
  /** R peaks of each lead, as samples of `cleaned`. */
  readonly peaks: readonly Int32Array[];
  readonly failures: readonly LeadFailure[];
};

/** Signature placeholder until the kernel lands in the next commit. */
export function cleanRecord(record: EcgRecord, options: CleanOptions): CleanResult {
  throw new EcgError("INVALID_OPTION", `cleanRecord: not built yet, got ${record.id} ${options.toHz}`);
}
