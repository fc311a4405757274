// Look a statement up by key or name, and know which others it may not be told apart from (design 4.4).
import type { StatementKey } from "../record/statement.ts";
import { EcgError } from "../shared/errors.ts";
import type { StatementDefinition } from "./statement-definition.ts";
import { STATEMENTS } from "./statement-table.ts";

const BY_KEY: ReadonlyMap<string, StatementDefinition> = new Map(STATEMENTS.map((row) => [row.key, row]));
const BY_NAME: ReadonlyMap<string, StatementDefinition> = nameIndex();
const RELATED: ReadonlyMap<StatementKey, ReadonlySet<StatementKey>> = relations();

/** The row of a key, or undefined. */
export function findStatement(key: string): StatementDefinition | undefined {
  return BY_KEY.get(key);
}

/** The row of a key. @throws EcgError NOT_FOUND for a key that the table does not have. */
export function statementDefinition(key: string): StatementDefinition {
  const row = BY_KEY.get(key);
  if (row === undefined) {
    throw new EcgError(
      "NOT_FOUND",
      `statement table: expected a key of its ${BY_KEY.size} rows, got "${key}"`,
      {
        hint: "keys look like scp:NORM or heartcare:left-axis-deviation",
        details: { key },
      },
    );
  }
  return row;
}

/** The statement with this name or synonym, ignoring case, spaces and hyphens. Abbreviations count in capitals only. */
export function findStatementByName(name: string): StatementDefinition | undefined {
  return BY_NAME.get(nameKey(name));
}

/**
 * Statements that must not be offered as wrong where `key` holds: its ancestors, descendants, synonyms and
 * overlaps (those of a general statement reach its descendants), and infarctions, injuries or ischaemia of a
 * shared wall. Symmetric; never holds `key` itself. Unknown keys have none.
 */
export function relatedStatements(key: StatementKey): ReadonlySet<StatementKey> {
  return RELATED.get(key) ?? new Set();
}

/** True when one statement is the other or is related to it. */
export function areRelated(a: StatementKey, b: StatementKey): boolean {
  return a === b || relatedStatements(a).has(b);
}

/** The key with all its ancestors: whoever has it has those as well. */
export function withAncestors(key: StatementKey): ReadonlySet<StatementKey> {
  const reached = new Set<StatementKey>();
  const visit = (next: StatementKey): void => {
    if (reached.has(next)) return;
    reached.add(next);
    for (const parent of BY_KEY.get(next)?.parents ?? []) visit(parent);
  };
  visit(key);
  return reached;
}

function relations(): Map<StatementKey, ReadonlySet<StatementKey>> {
  const related = new Map<StatementKey, Set<StatementKey>>(STATEMENTS.map((row) => [row.key, new Set()]));
  const descendants = new Map<StatementKey, StatementKey[]>(STATEMENTS.map((row) => [row.key, []]));
  const relate = (a: StatementKey, b: StatementKey): void => {
    if (a === b) return;
    related.get(a)?.add(b);
    related.get(b)?.add(a);
  };
  for (const row of STATEMENTS) {
    for (const ancestor of withAncestors(row.key)) {
      descendants.get(ancestor)?.push(row.key);
      relate(row.key, ancestor);
    }
  }
  for (const row of STATEMENTS) {
    for (const overlap of row.overlaps) {
      for (const mine of descendants.get(row.key) ?? []) {
        for (const theirs of descendants.get(overlap) ?? []) relate(mine, theirs);
      }
    }
    for (const other of STATEMENTS) {
      if (row.walls.some((wall) => other.walls.includes(wall))) relate(row.key, other.key);
    }
  }
  return related;
}

function nameIndex(): Map<string, StatementDefinition> {
  const index = new Map<string, StatementDefinition>();
  for (const row of STATEMENTS) index.set(nameKey(row.name), row);
  for (const row of STATEMENTS) {
    for (const synonym of row.synonyms) {
      const key = nameKey(synonym);
      if (!index.has(key)) index.set(key, row);
    }
  }
  return index;
}

/** Lower case with single spaces; an abbreviation (capitals only) stays as it is, so that "ES" is not "es". */
function nameKey(name: string): string {
  const spaced = name
    .trim()
    .replace(/[\s_-]+/g, " ")
    .replace(/\s*\/\s*/g, "/");
  return /^[A-Z0-9]{2,6}s?$/.test(spaced) ? spaced : spaced.toLowerCase();
}
