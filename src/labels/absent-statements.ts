// What a recording's labels allow to be called absent: the only source of distractors and of "no" (design 4.4).
import { type Statement, type StatementKey, statementKey } from "../record/statement.ts";
import { areRelated, findStatement, statementDefinition } from "./find-statement.ts";

/**
 * The statements of `labelScope` that the labels say are absent.
 *
 * Scope minus the record's statements and everything related to them (parents, children, synonyms, overlaps).
 * A statement marked `absentOnlyByContrast` (normal ECG, sinus rhythm, axis, infarction stage) is absent only
 * where an unrelated statement of its contrast group is present; NORM only where another diagnosis is. What speaks
 * against it must be likely itself (60 or more, or stated without a likelihood).
 * Order follows `labelScope`.
 */
export function absentStatements(
  statements: readonly Statement[],
  labelScope: readonly StatementKey[],
): StatementKey[] {
  const present = statements.map((statement) => statementKey(statement.code));
  const likely = statements
    .filter((statement) => statement.likelihood === null || statement.likelihood >= 60)
    .map((statement) => statementKey(statement.code));
  return labelScope.filter((key) => {
    if (present.some((other) => areRelated(key, other))) return false;
    const row = findStatement(key);
    if (row === undefined) return false;
    return !row.absentOnlyByContrast || hasContrast(key, likely);
  });
}

/** True where the record's statements speak against an unlisted statement of a contrast group. */
function hasContrast(key: StatementKey, present: readonly StatementKey[]): boolean {
  const { contrast } = statementDefinition(key);
  return present.some((other) => {
    const row = findStatement(other);
    if (row === undefined) return false;
    if (contrast === "overall") return row.dimensions.includes("diagnosis");
    return row.contrast === contrast;
  });
}
