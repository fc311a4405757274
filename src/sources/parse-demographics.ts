// Age and sex as the data sets spell them.
import type { Patient, Sex } from "../record/ecg-record.ts";

/**
 * The age that stands for "90 or older": PTB-XL writes 300 and LUDB `>89` for patients above 89, so that they
 * cannot be recognised by their age.
 */
export const TOP_CODED_AGE_YEARS = 90;

const PTBXL_TOP_CODE = 300;
const OLDEST = 120;

/**
 * Age in years; {@link TOP_CODED_AGE_YEARS} for 300 and `>89`; undefined for an empty, unknown or impossible one
 * (below 0 or above 120, e.g. the Challenges' `NaN` and -1).
 */
export function parseAgeYears(text: string): number | undefined {
  const bare = text.trim();
  if (/^>\s*89$/.test(bare) || Number(bare) === PTBXL_TOP_CODE) return TOP_CODED_AGE_YEARS;
  const age = bare === "" ? Number.NaN : Number(bare);
  return age >= 0 && age <= OLDEST ? age : undefined;
}

/** `M`, `Male`, `F`, `female`, ... in any case; undefined for anything else. */
export function parseSex(text: string): Sex | undefined {
  const bare = text.trim().toLowerCase();
  if (bare === "m" || bare === "male") return "male";
  return bare === "f" || bare === "female" ? "female" : undefined;
}

/** A patient of what is known; unknown parts are left out. */
export function toPatient(
  id: string | undefined,
  ageYears: number | undefined,
  sex: Sex | undefined,
): Patient {
  return {
    ...(id !== undefined && { id }),
    ...(ageYears !== undefined && { ageYears }),
    ...(sex !== undefined && { sex }),
  };
}
