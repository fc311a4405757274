// A planned closed question: what is asked, what is right, what is offered and under which letter; wording comes later.
import type { Dimension, StatementKey } from "../../record/statement.ts";
import type { AnswerKey } from "../record-facts.ts";

/** What the labels say about the two findings of a {@link TwoFindingQuestion}. */
export const TWO_FINDING_CELLS = ["both", "only-first", "only-second", "neither"] as const;
export type TwoFindingCell = (typeof TWO_FINDING_CELLS)[number];

export type Modality = "signal" | "image";

/** One of four findings is there (for diagnoses: leads, by Figure 7). */
export type ChoiceQuestion = {
  readonly kind: "choice";
  readonly modality: Modality;
  readonly dimension: Dimension;
  readonly right: AnswerKey;
  readonly wrong: readonly AnswerKey[];
  /** Place of the right option, 0-3. */
  readonly place: number;
};

/** Two named findings: both, one or neither is there. */
export type TwoFindingQuestion = {
  readonly kind: "two-findings";
  readonly modality: Modality;
  readonly dimension: Dimension;
  readonly first: StatementKey;
  readonly second: StatementKey;
  readonly cell: TwoFindingCell;
  readonly place: number;
};

export type ClosedQuestion = ChoiceQuestion | TwoFindingQuestion;
