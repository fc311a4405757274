// A planned question on two recordings, before it has words.
import type { Dimension, StatementKey } from "../../record/statement.ts";
import type { QaItem } from "../qa-item.ts";
import type { ChangeCell, ChangeForm, Relation, WhichForm } from "../templates/comparison-questions.ts";

export type PairModalities = NonNullable<QaItem["pair"]>["modalities"];

/** How did one finding change? Four answers, one for each cell. */
export type ChangeQuestion = {
  readonly kind: "change";
  readonly modalities: PairModalities;
  readonly dimension: Dimension;
  readonly key: StatementKey;
  readonly form: ChangeForm;
  readonly cell: ChangeCell;
  readonly place: number;
};

/** Which finding appeared, went or stayed? */
export type WhichQuestion = {
  readonly kind: "which";
  readonly modalities: PairModalities;
  readonly dimension: Dimension;
  readonly form: WhichForm;
  readonly right: StatementKey;
  readonly wrong: readonly StatementKey[];
  readonly place: number;
};

export type ComparisonQuestion = ChangeQuestion | WhichQuestion;

export type PlannedPair = {
  readonly firstId: string;
  readonly secondId: string;
  readonly relation: Relation;
  readonly questions: readonly ComparisonQuestion[];
};
