// What WFDB header comments say about the patient, in the ways that PhysioNet's databases write it.
import type { Patient } from "../../record/ecg-record.ts";
import { parseAgeYears, parseSex, toPatient } from "../parse-demographics.ts";

/**
 * Patient of a record from its comments; parts that are not stated are left out.
 *
 * Understood: `<age>: 51  <sex>: F` (also without brackets, as `age: 81`), `<subject_id>: 10000032`, and the
 * `69 M ...` with which the comments of the MIT-BIH databases begin.
 */
export function parsePatientComments(comments: readonly string[]): Patient {
  const valueFor = (key: string): string | undefined =>
    firstMatch(comments, new RegExp(`(?:^|[\\s<])${key}>?\\s*[:=]\\s*([^\\s<>,;]+)`, "i"))?.[1];
  const mitBih = firstMatch(comments, /^(\d{1,3})\s+([MF])\s/);
  return toPatient(
    valueFor("subject_id"),
    parseAgeYears(valueFor("age") ?? mitBih?.[1] ?? ""),
    parseSex(valueFor("(?:sex|gender)") ?? mitBih?.[2] ?? ""),
  );
}

function firstMatch(comments: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const comment of comments) {
    const match = pattern.exec(comment);
    if (match) return match;
  }
  return undefined;
}
