// Which split a recording belongs to: PTB-XL's fold where it has one, a stable hash of the patient elsewhere.
import type { RecordIdentity } from "../record/ecg-record.ts";
import { EcgError } from "../shared/errors.ts";
import { hashText } from "../shared/rng.ts";

export const SPLITS = ["train", "val", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** The rule in words, for manifests and cards. */
export const SPLIT_RULE =
  "PTB-XL folds 1-8 train, 9 val, 10 test; elsewhere a stable hash of the patient: 80% train, 10% val, 10% test";

/**
 * The split of a recording. All recordings of a patient share it: PTB-XL's folds are patient-disjoint, and the
 * hash is of the patient id alone (never of the seed), so a dataset built later agrees with one built today.
 * @throws EcgError INVALID_FILE for a fold outside 1-10.
 */
export function assignSplit(identity: RecordIdentity): Split {
  const { fold } = identity;
  if (fold !== undefined) {
    if (!Number.isInteger(fold) || fold < 1 || fold > 10) {
      throw new EcgError(
        "INVALID_FILE",
        `${identity.recordingId}: expected a fold from 1 to 10, got ${fold}`,
      );
    }
    if (fold <= 8) return "train";
    return fold === 9 ? "val" : "test";
  }
  const bucket = hashText(`split:${identity.patientId}`) % 10;
  if (bucket < 8) return "train";
  return bucket === 8 ? "val" : "test";
}
