// Closed-QA: one of the offered options; accuracy.

import { rightOption } from "../../../dataset/train-text-choice.ts";
import type { QaItem } from "../../../qa/qa-item.ts";
import type { LoggedAnswer } from "../../answer-log.ts";
import { parseChoice } from "../../metrics/parse-choice.ts";
import type { AnswerScore, BenchTask } from "../../task.ts";

/** Accuracy over the offered options (paper B.4). */
export const closedQa: BenchTask = {
  name: "closed-qa",
  version: 1,
  title: "Closed-QA",
  metrics: [
    {
      name: "accuracy",
      higherIsBetter: true,
      formula: "right answers / items; unparsed and failed are wrong",
    },
  ],
  cell: (item) => item.dimension ?? "all",
  score: scoreChoice,
};

/** 1 for the right option, 0 for any other, for none and for a failure. */
export function scoreChoice(item: QaItem, answer: LoggedAnswer): AnswerScore {
  if (answer.error !== undefined) return { values: { accuracy: 0 } };
  const options = item.options ?? [];
  const choice = parseChoice(answer.text, options);
  if (choice.index === undefined) return { values: { accuracy: 0 }, unparsed: choice.reason };
  return { values: { accuracy: choice.index === rightOption(item) ? 1 : 0 } };
}
