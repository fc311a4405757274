// Closed-QA: one of the offered options; accuracy.
import { rightOption } from "../../../dataset/train-text-choice.ts";
import type { QaItem } from "../../../qa/qa-item.ts";
import type { LoggedAnswer } from "../../answer-log.ts";
import { parseChoice } from "../../metrics/parse-choice.ts";
import type { AnswerScore, BenchMetric, BenchTask } from "../../task.ts";

/** Share of right answers among all that were asked. */
export const ACCURACY: BenchMetric = {
  name: "accuracy",
  higherIsBetter: true,
  formula: "right answers / items; unparsed and failed are wrong",
  chance: (item) => 1 / Math.max(1, item.options?.length ?? 0),
};

/** Accuracy over the offered options (paper B.4). */
export const closedQa: BenchTask = {
  name: "closed-qa",
  version: 1,
  title: "Closed-QA",
  metrics: [ACCURACY],
  cell: (item) => item.dimension ?? "all",
  score: scoreChoice,
};

/** 1 for the right option, 0 for any other, for none and for a failure. */
export function scoreChoice(item: QaItem, answer: LoggedAnswer): AnswerScore {
  if (answer.error !== undefined) return { values: { accuracy: 0 } };
  const choice = parseChoice(answer.text, item.options ?? []);
  if (choice.index === undefined) return { values: { accuracy: 0 }, unparsed: choice.reason };
  return { values: { accuracy: choice.index === rightOption(item) ? 1 : 0 } };
}
