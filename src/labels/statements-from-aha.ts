// AHA/ACC/HRS statement codes (Mason et al. 2007; SPH database) to statements.
import type { Statement } from "../record/statement.ts";
import { type StatementDefinition, toStatement } from "./statement-definition.ts";
import { STATEMENTS } from "./statement-table.ts";

const BY_AHA: ReadonlyMap<string, StatementDefinition> = new Map(
  STATEMENTS.flatMap((row) => row.aha.map((code): [string, StatementDefinition] => [code, row])),
);

/** General modifiers that say how sure the reader was: 302 consider, 312 possible, 315 probable. */
const MODIFIER_LIKELIHOODS: Readonly<Record<string, number>> = { "302": 35, "312": 35, "315": 80 };

/** Infarction modifiers 330-334 to the stage of Table 10. */
const STAGE_KEYS: Readonly<Record<string, string>> = {
  "330": "heartcare:early-stage-of-myocardial-infarction",
  "331": "heartcare:middle-stage-of-myocardial-infarction",
  "332": "heartcare:old-stage-of-myocardial-infarction",
  "333": "heartcare:unknown-stage-of-myocardial-infarction",
  "334": "heartcare:early-stage-of-myocardial-infarction",
};

const BY_KEY: ReadonlyMap<string, StatementDefinition> = new Map(STATEMENTS.map((row) => [row.key, row]));

/**
 * Statements of one AHA code with modifiers, e.g. `22`, `50+346`, `147+367`, `161+332+312`.
 *
 * The most specific code known is taken (147+367 is T inversion, 147 any T abnormality); the modifiers
 * "consider", "possible" and "probable" become likelihoods; infarction modifiers add the stage. An unknown
 * primary code gives an empty list.
 */
export function statementsFromAhaCode(code: string): Statement[] {
  const parts = code
    .split("+")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const [primary, ...modifiers] = parts;
  if (primary === undefined) return [];
  const specific = modifiers.map((modifier) => BY_AHA.get(`${primary}+${modifier}`)).find((row) => row);
  const row = specific ?? BY_AHA.get(primary);
  if (row === undefined) return [];
  const likelihood = modifiers.map((modifier) => MODIFIER_LIKELIHOODS[modifier]).find((value) => value);
  const statements = [toStatement(row, likelihood ?? null, code.trim())];
  if (row.superclass === "MI") {
    const base = BY_AHA.get(primary);
    if (base !== undefined && base !== row)
      statements.push(toStatement(base, likelihood ?? null, code.trim()));
    for (const modifier of modifiers) {
      const stage = BY_KEY.get(STAGE_KEYS[modifier] ?? "");
      if (stage !== undefined) statements.push(toStatement(stage, null, code.trim()));
    }
  }
  return statements;
}

/** Statements of a cell such as SPH's `22;23` or `50+346;60`, each once, in its order. */
export function statementsFromAha(cell: string): Statement[] {
  const statements: Statement[] = [];
  for (const code of cell.split(";")) {
    for (const statement of statementsFromAhaCode(code)) {
      if (!statements.some((other) => other.code.value === statement.code.value)) statements.push(statement);
    }
  }
  return statements;
}
