// PTB-XL's scp_codes (statement -> likelihood) to statements of the suite.
import type { Statement } from "../record/statement.ts";
import { findStatement } from "./find-statement.ts";
import { toStatement } from "./statement-definition.ts";

/** Spellings of tables derived from PTB-XL that lost the underscores. */
const SCP_SPELLINGS: Readonly<Record<string, string>> = {
  STD: "STD_",
  STE: "STE_",
  NST: "NST_",
  NT: "NT_",
  TAB: "TAB_",
  ISC: "ISC_",
  EDIS: "EL",
  LAO: "LAO/LAE",
  LAE: "LAO/LAE",
  RAO: "RAO/RAE",
  RAE: "RAO/RAE",
  PRC: "PRC(S)",
};

/** The statement of one SCP code, or undefined for a code that is none of PTB-XL's 71. */
export function statementFromScp(code: string, likelihood: number | null = null): Statement | undefined {
  const trimmed = code.trim();
  const row = findStatement(`scp:${trimmed}`) ?? findStatement(`scp:${SCP_SPELLINGS[trimmed] ?? ""}`);
  if (row === undefined) return undefined;
  const known = likelihood !== null && Number.isFinite(likelihood) && likelihood > 0;
  return toStatement(row, known ? Math.min(100, likelihood) : null);
}

/**
 * Statements of a PTB-XL dictionary of SCP codes, in its order.
 *
 * Likelihood 0 means "stated, likelihood unknown": it becomes null and counts as present (design 4.2). Codes
 * outside the 71 are left out; `unknownScpCodes` names them.
 */
export function statementsFromScpCodes(codes: Readonly<Record<string, number>>): Statement[] {
  const statements: Statement[] = [];
  const seen = new Set<string>();
  for (const [code, likelihood] of Object.entries(codes)) {
    const statement = statementFromScp(code, likelihood);
    if (statement === undefined || seen.has(statement.code.value)) continue;
    seen.add(statement.code.value);
    statements.push(statement);
  }
  return statements;
}

/** The codes that {@link statementsFromScpCodes} leaves out. */
export function unknownScpCodes(codes: Readonly<Record<string, number>>): string[] {
  return Object.keys(codes).filter((code) => statementFromScp(code) === undefined);
}
