// The comments of PhysioNet/CinC Challenge headers: 2020-2021 (Age, Sex, Dx) and 2025 (Exam ID, Chagas label).
import type { Sex } from "../../record/ecg-record.ts";
import { EcgError } from "../../shared/errors.ts";
import { parseAgeYears, parseSex } from "../parse-demographics.ts";

/** What a Challenge header says beyond its signals. */
export type ChallengeComments = {
  readonly ageYears?: number;
  readonly sex?: Sex;
  /** SNOMED CT codes in their order; empty for `Unknown`; absent when the header has no Dx line. */
  readonly dx?: readonly string[];
  /** Challenge 2025. */
  readonly chagas?: boolean;
  readonly examId?: string;
  readonly patientId?: string;
};

const FIELD = /^(age|sex|dx|exam id|patient id|chagas label)\s*:\s*(.*)$/i;
/** SNOMED CT identifiers have 6 to 18 digits (SNOMED CT TIG, 3.1.4.2). */
const SNOMED = /^\d{6,18}$/;

/**
 * Read the comment lines of a header (without `#` and outer blanks).
 * @throws EcgError INVALID_FILE for a Dx that is no SNOMED CT code, or a Chagas label that is neither true nor false.
 */
export function parseChallengeComments(comments: readonly string[], where: string): ChallengeComments {
  const fields = new Map<string, string>();
  for (const comment of comments) {
    const match = FIELD.exec(comment);
    if (match) fields.set(match[1]!.toLowerCase(), match[2]!.trim());
  }
  const ageYears = parseAgeYears(fields.get("age") ?? "");
  const sex = parseSex(fields.get("sex") ?? "");
  const dx = fields.get("dx");
  const chagas = fields.get("chagas label");
  const examId = fields.get("exam id");
  const patientId = fields.get("patient id");
  return {
    ...(ageYears !== undefined && { ageYears }),
    ...(sex !== undefined && { sex }),
    ...(dx !== undefined && { dx: parseDx(dx, where) }),
    ...(chagas !== undefined && { chagas: parseTruth(chagas, where) }),
    ...(examId && { examId }),
    ...(patientId && { patientId }),
  };
}

/** True when comments are those of a Challenge header. */
export function isChallengeComments(comments: readonly string[]): boolean {
  return comments.some((comment) => /^(dx|chagas label)\s*:/i.test(comment));
}

function parseDx(text: string, where: string): string[] {
  if (text === "" || /^(unknown|nan|none)$/i.test(text)) return [];
  const codes = text
    .split(/[,;]/)
    .map((code) => code.trim())
    .filter((code) => code !== "");
  const wrong = codes.find((code) => !SNOMED.test(code));
  if (wrong === undefined) return [...new Set(codes)];
  throw new EcgError(
    "INVALID_FILE",
    `${where}, Dx: expected SNOMED CT codes of 6 to 18 digits, found "${wrong}"`,
    {
      hint: "Dx is a comma-separated list such as 426783006,164934002",
      details: { dx: text },
    },
  );
}

function parseTruth(text: string, where: string): boolean {
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw new EcgError("INVALID_FILE", `${where}, Chagas label: expected True or False, found "${text}"`);
}
