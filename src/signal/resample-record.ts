// A record at another sampling rate, lead by lead.
import type { EcgRecord } from "../record/ecg-record.ts";
import { EcgError } from "../shared/errors.ts";

export type ResampleOptions = { readonly toHz: number };

/** Signature placeholder until the kernel lands in the next commit. */
export function resampleRecord(record: EcgRecord, options: ResampleOptions): EcgRecord {
  throw new EcgError("INVALID_OPTION", `resampleRecord: not built yet, got ${record.id} ${options.toHz}`);
}
