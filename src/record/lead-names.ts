// The twelve standard leads, their order, and the spellings under which files store them.

/** Canonical lead order of the suite. */
export const STANDARD_LEADS = [
  "I",
  "II",
  "III",
  "aVR",
  "aVL",
  "aVF",
  "V1",
  "V2",
  "V3",
  "V4",
  "V5",
  "V6",
] as const;

/** One of the twelve standard leads. */
export type StandardLead = (typeof STANDARD_LEADS)[number];

const SPELLINGS: ReadonlyMap<string, StandardLead> = new Map(
  STANDARD_LEADS.map((lead): [string, StandardLead] => [lead.toLowerCase(), lead]),
);

/**
 * The standard lead that a file's name means, or undefined.
 *
 * Case, spaces, "lead"/"ecg"/"MDC_ECG_LEAD_" prefixes and a leading modified-lead "M" of the limb leads
 * (MLI, MLII, MLIII: Mason-Likar) are understood: "AVR", "Lead I", "ECG V1", "MLII", "v6".
 */
export function canonicalLead(name: string): StandardLead | undefined {
  const bare = name
    .trim()
    .toLowerCase()
    .replace(/^mdc_ecg_lead_/, "")
    .replace(/^(lead|ecg|ekg)[\s_-]+/, "")
    .replace(/[\s_-]+/g, "")
    .replace(/^ml(i{1,3})$/, "$1");
  return SPELLINGS.get(bare);
}

/** The canonical name where there is one, else the file's own name. */
export function leadName(name: string): string {
  return canonicalLead(name) ?? name;
}
