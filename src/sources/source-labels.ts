// The one place where sources meet labels/: what a file says -> statements, unmapped labels, label scope.

import { CHALLENGE_SCOPE_CODES } from "../labels/challenge-scope-codes.ts";
import { withAncestors } from "../labels/find-statement.ts";
import { challengeLabelSource, LABEL_SCOPES } from "../labels/label-scopes.ts";
import { STATEMENTS } from "../labels/statement-table.ts";
import { statementsFromLudb } from "../labels/statements-from-ludb.ts";
import { parseScpCodes, statementsFromPtbxlRow } from "../labels/statements-from-ptbxl-row.ts";
import { statementFromScp } from "../labels/statements-from-scp.ts";
import {
  SNOMED_WITHOUT_STATEMENT,
  statementFromSnomed,
  statementsFromSnomed,
} from "../labels/statements-from-snomed.ts";
import type { EcgRecord } from "../record/ecg-record.ts";
import { type SourceLabel, type Statement, type StatementKey, statementKey } from "../record/statement.ts";
import { EcgError, errorMessage } from "../shared/errors.ts";
import type { CsvRecord } from "./csv/parse-csv.ts";

/** What a source says about one recording. */
export type RecordLabels = {
  readonly statements: readonly Statement[];
  readonly sourceLabels: readonly SourceLabel[];
  readonly labelScope: readonly StatementKey[];
};

/** No label at all: absence says nothing. */
export const NO_LABELS: RecordLabels = { statements: [], sourceLabels: [], labelScope: [] };

/** A row of ptbxl_database.csv. @throws EcgError INVALID_FILE (with the line) for broken scp_codes. */
export function labelsOfPtbxlRow(row: CsvRecord, where: string): RecordLabels {
  try {
    const codes = parseScpCodes(row.values["scp_codes"] ?? "");
    return {
      statements: statementsFromPtbxlRow(row.values),
      sourceLabels: Object.entries(codes).map(([code, likelihood]) => ({ system: "scp", code, likelihood })),
      labelScope: LABEL_SCOPES.ptbxl,
    };
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${where} line ${row.line}, ${errorMessage(cause)}`, {
      ...(EcgError.isInstance(cause) && cause.hint !== undefined && { hint: cause.hint }),
      cause,
    });
  }
}

/**
 * A Challenge copy of a PTB-XL record says nothing of NORM, of noise, of infarction stages and of most ST-T
 * findings, so PTB-XL's own scope would read its silence as absence.
 */
const PTBXL_IN_CHALLENGE_SCOPE: readonly StatementKey[] = [
  ...new Set(
    statementsFromSnomed(CHALLENGE_SCOPE_CODES.ptbxl).flatMap(({ code }) => [
      ...withAncestors(statementKey(code)),
    ]),
  ),
];

/** A Challenge 2020-2021 header's Dx list; a record of unknown origin has an empty scope. */
export function labelsOfDx(recordName: string, codes: readonly string[]): RecordLabels {
  const source = challengeLabelSource(recordName);
  const scope = source === "ptbxl" ? PTBXL_IN_CHALLENGE_SCOPE : source ? LABEL_SCOPES[source] : [];
  return {
    statements: statementsFromSnomed(codes, { normalIsNsr: source === "cpsc" }),
    sourceLabels: codes.map((code) => ({ system: "snomed", code, likelihood: null })),
    labelScope: codes.length > 0 ? scope : [],
  };
}

/** A Challenge 2025 header: Chagas or not is no statement of an ECG reader, so it stays a source label. */
export function labelsOfChagas(chagas: boolean): RecordLabels {
  const code = `Chagas label: ${chagas ? "True" : "False"}`;
  return {
    statements: [],
    sourceLabels: [{ system: "text", code, likelihood: null }],
    labelScope: LABEL_SCOPES.chagas,
  };
}

/** LUDB's lines, from ludb.csv or from the header's comments. */
export function labelsOfLudb(lines: readonly string[]): RecordLabels {
  return {
    statements: statementsFromLudb(lines),
    sourceLabels: lines.map((code) => ({ system: "text", code, likelihood: null })),
    labelScope: LABEL_SCOPES.ludb,
  };
}

/**
 * A row of a PTB-XL label table that names subclasses instead of statements (sub_class, rhythm, form; `;` separates).
 *
 * Rhythm and form are SCP codes. A subclass with one statement is that statement; one with several (AMI, ISCA, ...)
 * leaves open which, so none of them is stated and all of them leave the scope.
 */
export function labelsOfSubclassRow(row: Readonly<Record<string, string>>): RecordLabels {
  const codes = ["rhythm", "form"].flatMap((column) => listOf(row[column]));
  const subclasses = listOf(row["sub_class"]);
  const open = new Set<StatementKey>();
  for (const subclass of subclasses) {
    const members = STATEMENTS.filter(
      ({ code, subclass: own }) => code.system === "scp" && own && bare(own) === bare(subclass),
    );
    if (members.length === 1 && members[0]) codes.push(members[0].code.value);
    else for (const member of members) open.add(member.key);
  }
  const statements = codes
    .map((code) => statementFromScp(code))
    .filter((statement) => statement !== undefined);
  const stated = new Set(statements.map((statement) => statementKey(statement.code)));
  const scp = LABEL_SCOPES.ptbxl.filter((key) => key.startsWith("scp:"));
  return {
    statements: statements.filter(
      (statement, index) =>
        statements.findIndex((other) => other.code.value === statement.code.value) === index,
    ),
    sourceLabels: [...subclasses, ...listOf(row["rhythm"]), ...listOf(row["form"])].map((code) => ({
      system: "scp",
      code,
      likelihood: null,
    })),
    labelScope: scp.filter((key) => stated.has(key) || !open.has(key)),
  };
}

/**
 * SNOMED CT codes of a record that nobody knows: no statement, and not on the Challenge's list of history codes.
 * They are kept in `sourceLabels` and change nothing else.
 */
export function unknownDxCodes(record: EcgRecord): string[] {
  return record.sourceLabels
    .filter((label) => label.system === "snomed")
    .map((label) => label.code)
    .filter((code) => !statementFromSnomed(code) && !(code in SNOMED_WITHOUT_STATEMENT));
}

/** One clear sentence on a record's unknown Dx codes for logs, undefined where there is none. */
export function describeUnknownDx(record: EcgRecord): string | undefined {
  const codes = unknownDxCodes(record);
  if (codes.length === 0) return undefined;
  return `${record.provenance.path}, Dx: expected SNOMED CT codes of the Challenge's list, got ${codes.join(", ")}; kept as source labels, without a statement`;
}

/** Such tables have lost the underscores of `ISC_`, `NST_` and `_AVB`. */
function bare(subclass: string): string {
  return subclass.replaceAll("_", "");
}

function listOf(cell: string | undefined): string[] {
  return (cell ?? "")
    .split(";")
    .map((code) => code.trim())
    .filter((code) => code !== "");
}
