// SNOMED CT codes of the PhysioNet/CinC Challenge 2020-2021 headers to statements.
import type { Statement } from "../record/statement.ts";
import { type StatementDefinition, toStatement } from "./statement-definition.ts";
import { STATEMENTS } from "./statement-table.ts";

const BY_SNOMED: ReadonlyMap<string, StatementDefinition> = new Map(
  STATEMENTS.flatMap((row) => row.snomed.map((code): [string, StatementDefinition] => [code, row])),
);

/**
 * Challenge codes that say nothing an ECG statement could: clinical history or no finding of the tracing.
 * They stay in `sourceLabels` and give no statement.
 */
export const SNOMED_WITHOUT_STATEMENT: Readonly<Record<string, string>> = {
  "53741008": "coronary heart disease",
  "84114007": "heart failure",
  "368009": "heart valve disorder",
  "266257000": "transient ischemic attack",
  "698247007": "cardiac dysrhythmia",
};

/**
 * The statement of a SNOMED CT concept id of the Challenge's lists (scored and unscored), likelihood null.
 *
 * Undefined for a code that nobody knows and for those of {@link SNOMED_WITHOUT_STATEMENT}.
 */
export function statementFromSnomed(code: string): Statement | undefined {
  const trimmed = code.trim();
  const row = BY_SNOMED.get(trimmed);
  return row === undefined ? undefined : toStatement(row, null, trimmed);
}

/**
 * Statements of a Challenge header's Dx list, each once, in its order.
 *
 * In CPSC 2018 (records A0001 ...) the class "normal" was written as the code of sinus rhythm: for
 * `normalIsNsr` a list of that code alone also says NORM.
 */
export function statementsFromSnomed(
  codes: readonly string[],
  options: { readonly normalIsNsr?: boolean } = {},
): Statement[] {
  const statements: Statement[] = [];
  const add = (statement: Statement | undefined): void => {
    if (statement === undefined) return;
    const value = statement.code.value;
    if (!statements.some((other) => other.code.value === value)) statements.push(statement);
  };
  const present = codes.map((code) => code.trim()).filter((code) => code !== "");
  for (const code of present) add(statementFromSnomed(code));
  if (options.normalIsNsr === true && present.length === 1 && present[0] === "426783006") {
    const normal = STATEMENTS.find((row) => row.key === "scp:NORM");
    if (normal !== undefined) add(toStatement(normal, null, "426783006"));
  }
  return statements;
}
