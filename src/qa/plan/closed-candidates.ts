// Which four-option questions a recording could be asked, before balance: its right answers and allowed wrong ones.
import { areRelated } from "../../labels/find-statement.ts";
import { DIMENSIONS, type Dimension, type StatementKey } from "../../record/statement.ts";
import type { QaRecord } from "../qa-record.ts";
import { type AnswerKey, leadingDiagnoses, NO_WAVEFORM, type RecordFacts } from "../record-facts.ts";

export type RecordChoice = {
  readonly dimension: Dimension;
  /** Right answers of which one is asked; none of the others is offered. */
  readonly right: readonly AnswerKey[];
  readonly wrong: readonly AnswerKey[];
};

/**
 * The questions of "which of these four" that the labels of a record allow.
 *
 * Diagnosis: one question with the leading diagnoses (Figure 7). Waveform, rhythm, misc: one a certain statement,
 * and the normal waveform where it holds. Wrong answers are the dimension's absent statements; the normal ECG
 * among them only where another diagnosis is likely.
 */
export function recordChoices(
  facts: RecordFacts,
  options: { readonly strict: boolean; readonly labelScope: readonly StatementKey[] },
): RecordChoice[] {
  const leading = leadingDiagnoses(facts, options);
  const choices: RecordChoice[] =
    leading.length > 0 ? [{ dimension: "diagnosis", right: leading, wrong: facts.diagnosis.absent }] : [];
  for (const dimension of DIMENSIONS) {
    if (dimension === "diagnosis") continue;
    const { certain, normal } = facts[dimension];
    const wrong = facts[dimension].absent;
    for (const key of certain) choices.push({ dimension, right: [key], wrong });
    if (dimension === "waveform" && normal) choices.push({ dimension, right: [NO_WAVEFORM], wrong });
  }
  return choices;
}

/** True when two option keys may not stand side by side. */
export function relatedAnswers(a: string, b: string): boolean {
  if (a === NO_WAVEFORM || b === NO_WAVEFORM) return a === b;
  return areRelated(a as StatementKey, b as StatementKey);
}

/** What plans need to know of a record. */
export type PlannedRecord = Pick<
  QaRecord,
  "recordId" | "statements" | "labelScope" | "source" | "patient" | "split"
>;
