// Which statements a question names, in order; negated ones as well, for "is X still absent?" asks about X.
import { readPhrases } from "../labels/read-phrases.ts";
import { STATEMENTS } from "../labels/statement-table.ts";
import type { StatementKey } from "../record/statement.ts";
import { statementPhrase } from "./templates/statement-wording.ts";

/** Wordings of questions that are no name of the statement table. */
const QUESTION_PHRASES: readonly (readonly [string, StatementKey])[] = STATEMENTS.map(
  ({ key, name }) => [statementPhrase(key), name, key] as const,
)
  .filter(([phrase, name]) => phrase !== name)
  .map(([phrase, , key]) => [phrase.replace(/^an? /, "").toLowerCase(), key]);

type Span = { readonly key: StatementKey; readonly start: number; readonly end: number };

/** Statements named in a text, each once, in order; of overlapping names the longest. */
export function findFindings(text: string): StatementKey[] {
  const lower = text.toLowerCase();
  const spans: Span[] = [...readPhrases(text)];
  for (const [phrase, key] of QUESTION_PHRASES) {
    for (let at = lower.indexOf(phrase); at >= 0; at = lower.indexOf(phrase, at + 1)) {
      spans.push({ key, start: at, end: at + phrase.length });
    }
  }
  const kept = spans.filter(
    (span) =>
      !spans.some(
        (other) =>
          other !== span &&
          other.start <= span.start &&
          other.end >= span.end &&
          other.end - other.start > span.end - span.start,
      ),
  );
  return [...new Set(kept.sort((a, b) => a.start - b.start).map(({ key }) => key))];
}
