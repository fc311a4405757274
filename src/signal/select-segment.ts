// The best few seconds of a recording as a record of its own.
import type { EcgRecord } from "../record/ecg-record.ts";
import { EcgError } from "../shared/errors.ts";
import type { CleanResult } from "./clean-record.ts";
import type { BestWindow } from "./select-window.ts";

export type SelectedSegment = {
  /** Resampled, not cleaned: what the device wrote, at the new rate. */
  readonly resampled: EcgRecord;
  readonly cleaned: EcgRecord;
  readonly window: BestWindow;
};

/** Signature placeholder until the kernel lands in the next commit. */
export function selectSegment(
  result: CleanResult,
  options: { readonly windowSeconds: number },
): SelectedSegment {
  throw new EcgError(
    "INVALID_OPTION",
    `selectSegment: not built yet, got ${result.resampled.id} ${options.windowSeconds}`,
  );
}
