// English phrases and report sentences to statements; what is negated is left out.
import type { Statement } from "../record/statement.ts";
import { statementDefinition } from "./find-statement.ts";
import { readPhrases } from "./read-phrases.ts";
import { toStatement } from "./statement-definition.ts";

/**
 * The statements that an English text asserts, each once, in order of appearance.
 *
 * Negated findings ("no ST elevation", "without Q waves") are left out; hedged ones get a likelihood
 * (`readPhrases`); `text` is the wording found. A text without a known phrase gives an empty list.
 */
export function statementsFromPhrase(text: string): Statement[] {
  const statements = new Map<string, Statement>();
  for (const finding of readPhrases(text)) {
    if (finding.negated) continue;
    const before = statements.get(finding.key);
    const surer = before === undefined || (before.likelihood !== null && finding.likelihood === null);
    if (surer) {
      statements.set(
        finding.key,
        toStatement(statementDefinition(finding.key), finding.likelihood, finding.text),
      );
    }
  }
  return [...statements.values()];
}
