// A benchmark task: which items it takes, how one answer is scored, and the version of that rule.
import type { QaItem } from "../qa/qa-item.ts";
import type { LoggedAnswer } from "./answer-log.ts";

/** How one answer did. `unparsed` and failed answers have the task's worst value and are counted apart. */
export type AnswerScore = {
  readonly values: Readonly<Record<string, number>>;
  readonly unparsed?: string;
};

export type BenchTask = {
  readonly name: QaItem["task"];
  /** Raised whenever any score could move. */
  readonly version: number;
  readonly title: string;
  /** First metric is the one that tables show. */
  readonly metrics: readonly {
    readonly name: string;
    readonly higherIsBetter: boolean;
    readonly formula: string;
  }[];
  /** Rows of the result: dimension for single recordings, relation and modalities for pairs. */
  readonly cell: (item: QaItem) => string;
  readonly score: (item: QaItem, answer: LoggedAnswer) => AnswerScore;
};
