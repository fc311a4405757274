// namedFindings: findings that a question names before its options, with what each shown recording says of them. At the
// name the model learns to say yes or no as well: "both", "only X" and "newly present" then follow from what it said.

import type { QaItem } from "../../qa/qa-item.ts";
import type { RecordFacts } from "../../qa/record-facts.ts";
import { statementPhrase } from "../../qa/templates/statement-wording.ts";
import type { StatementKey } from "../../record/statement.ts";

export type NamedFinding = {
  /** Characters of the instruction up to the end of the name. */
  readonly end: number;
  /** By shown recording. */
  readonly present: readonly boolean[];
};

const FACT = /^(?:two|change):\w+:(.+)$/;

/** None for questions of other kinds, and where a recording says neither yes nor no. */
export function namedFindings(
  {
    fact,
    instruction,
    options = [],
    dimension,
  }: Pick<QaItem, "fact" | "instruction" | "options" | "dimension">,
  shown: readonly RecordFacts[],
): NamedFinding[] {
  const keys = FACT.exec(fact)?.[1]?.split("&") as StatementKey[] | undefined;
  if (!keys || !dimension) return [];
  const stem = instruction.slice(0, options[0] ? instruction.indexOf(options[0]) : undefined).toLowerCase();
  return keys.flatMap((key) => {
    const phrase = statementPhrase(key).toLowerCase();
    const from = stem.indexOf(phrase);
    const states = shown.map((facts) => stateOf(facts[dimension], key));
    if (from < 0 || states.includes(undefined)) return [];
    return [{ end: from + phrase.length, present: states as boolean[] }];
  });
}

function stateOf(
  { certain, absent }: RecordFacts[keyof RecordFacts],
  key: StatementKey,
): boolean | undefined {
  if (certain.includes(key)) return true;
  return absent.includes(key) ? false : undefined;
}
