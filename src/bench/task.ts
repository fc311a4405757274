// A benchmark task: which items it takes, how one answer is scored, and the version of that rule.
import type { QaItem } from "../qa/qa-item.ts";
import type { LoggedAnswer } from "./answer-log.ts";
import type { BalanceKey } from "./balance-weights.ts";

/** How one answer did. `unparsed` and failed answers have the value of a wrong one and are counted apart. */
export type AnswerScore = {
  readonly values: Readonly<Record<string, number>>;
  /** Why nothing could be read out of the answer. */
  readonly unparsed?: string;
};

export type BenchMetric = {
  readonly name: string;
  readonly higherIsBetter: boolean;
  readonly formula: string;
  /** What answering at random scores on an item; absent where there is nothing to choose from. */
  readonly chance?: (item: QaItem) => number;
  /** Items are weighted so that each right answer of a template counts the same (`balanceWeights`). */
  readonly balance?: BalanceKey;
};

export type BenchTask = {
  readonly name: QaItem["task"];
  /** Raised whenever any score could move. */
  readonly version: number;
  readonly title: string;
  /** First metric is the one that tables show. */
  readonly metrics: readonly BenchMetric[];
  /** True where scores need the signal and are kept in the log, so that a log belongs to one version. */
  readonly measuredAtRun?: boolean;
  /** Rows of the result: dimension for single recordings, relation and modalities for pairs. */
  readonly cell: (item: QaItem) => string;
  readonly score: (item: QaItem, answer: LoggedAnswer) => AnswerScore;
};
