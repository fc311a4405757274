// labels/: SCP-ECG statements and the suite's own in four dimensions, code tables, and text to statements.
export { absentStatements } from "./absent-statements.ts";
export {
  areRelated,
  findStatement,
  findStatementByName,
  relatedStatements,
  statementDefinition,
  withAncestors,
} from "./find-statement.ts";
export { challengeLabelSource, LABEL_SCOPES, LABEL_SOURCES, type LabelSource } from "./label-scopes.ts";
export { type PhraseFinding, readPhrases } from "./read-phrases.ts";
export {
  type ContrastGroup,
  type StatementDefinition,
  SUPERCLASSES,
  type Superclass,
  toStatement,
  type Wall,
} from "./statement-definition.ts";
export { STATEMENTS } from "./statement-table.ts";
export { statementsFromAha, statementsFromAhaCode } from "./statements-from-aha.ts";
export { ludbLines, statementsFromLudb } from "./statements-from-ludb.ts";
export { statementsFromPhrase } from "./statements-from-phrase.ts";
export { parseScpCodes, statementsFromPtbxlRow } from "./statements-from-ptbxl-row.ts";
export { statementFromScp, statementsFromScpCodes, unknownScpCodes } from "./statements-from-scp.ts";
export {
  SNOMED_WITHOUT_STATEMENT,
  statementFromSnomed,
  statementsFromSnomed,
} from "./statements-from-snomed.ts";
