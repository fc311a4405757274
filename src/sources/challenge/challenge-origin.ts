// Which data set a Challenge record comes from, by the prefix of its name (PhysioNet/CinC Challenge 2021, training data).
import { EcgError } from "../../shared/errors.ts";

/** Data sets that the Challenges 2020-2021 were gathered from; `code15` is that of 2025. */
export type ChallengeOrigin =
  | "cpsc2018"
  | "cpsc2018-extra"
  | "georgia"
  | "ptbxl"
  | "chapman-ningbo"
  | "ptbdb"
  | "incart"
  | "code15"
  | "unknown";

const BY_PREFIX: Readonly<Record<string, ChallengeOrigin>> = {
  A: "cpsc2018",
  Q: "cpsc2018-extra",
  E: "georgia",
  HR: "ptbxl",
  JS: "chapman-ningbo",
  S: "ptbdb",
  I: "incart",
};

/** Origin of a record of the Challenges 2020-2021 by its name: `HR00001` is PTB-XL's ecg_id 1. */
export function challengeOrigin(name: string): ChallengeOrigin {
  const prefix = /^([A-Z]+)\d+$/.exec(name)?.[1] ?? "";
  return BY_PREFIX[prefix] ?? "unknown";
}

/** The ecg_id of `HRnnnnn`. @throws EcgError INVALID_FILE for another name. */
export function ecgIdOfName(name: string): number {
  const digits = /^HR(\d+)$/.exec(name)?.[1];
  if (digits !== undefined) return Number(digits);
  throw new EcgError("INVALID_FILE", `${name}: expected a record named HRnnnnn, found another name`);
}
