// Which recordings a checkpoint may be judged on: those that it was neither trained nor chosen on.
import type { Split } from "../dataset/assign-split.ts";
import type { RecordIdentity } from "../record/ecg-record.ts";
import { hashText } from "../shared/rng.ts";

/** Beside a checkpoint: hashes of the identities of its train and val recordings. */
export const SEEN_FILE = "seen-recordings.json";

export type SeenRecordings = { readonly train: readonly string[]; readonly val: readonly string[] };

/** `held-out` is the default of `beat eval`, see {@link chooseEvaluated}. */
export const EVALUATED = ["held-out", "test", "val", "train", "all"] as const;
export type Evaluated = (typeof EVALUATED)[number];

type Splittable = { readonly identity: RecordIdentity; readonly split: Split };

/** Identities as eight hex digits each: short, and nothing to be read from them. */
export function seenRecordings(train: readonly Splittable[], val: readonly Splittable[]): SeenRecordings {
  const hashes = (recordings: readonly Splittable[]): string[] =>
    recordings.map(({ identity }) => hashIdentity(identity)).sort();
  return { train: hashes(train), val: hashes(val) };
}

/**
 * The recordings to score. `held-out`: where a PTB-XL fold is known, fold 10; elsewhere every recording that the
 * checkpoint has not seen by identity. `train`, `val`, `test`: by split alone. `all`: all.
 */
export function chooseEvaluated<T extends Splittable>(
  recordings: readonly T[],
  which: Evaluated,
  seen: SeenRecordings | undefined,
): T[] {
  if (which === "all") return [...recordings];
  if (which !== "held-out") return recordings.filter(({ split }) => split === which);
  const known = new Set([...(seen?.train ?? []), ...(seen?.val ?? [])]);
  return recordings.filter(({ identity, split }) =>
    identity.fold === undefined ? !known.has(hashIdentity(identity)) : split === "test",
  );
}

function hashIdentity({ recordingId }: RecordIdentity): string {
  return hashText(recordingId).toString(16).padStart(8, "0");
}
