// Comparison-QA: a question about two recordings with offered options; accuracy.

import { optionKey } from "../../../qa/check-item.ts";
import type { QaItem } from "../../../qa/qa-item.ts";
import { CELL_TEXTS, CHANGE_CELLS } from "../../../qa/templates/comparison-questions.ts";
import type { BenchMetric, BenchTask } from "../../task.ts";
import { ACCURACY, scoreChoice } from "../closed-qa/task.ts";

/** "Still present" is less often right than "absent": the share of right answers as if all were as frequent. */
export const BALANCED_ACCURACY: BenchMetric = {
  ...ACCURACY,
  name: "balancedAccuracy",
  formula: "accuracy with each right answer of a template counting the same",
  balance: (item) => ({ template: item.templateId.replace(/-\d+$/, ""), answer: answerMeaning(item) }),
};

/** Accuracy over the offered options, by modalities and relation of the pair (paper Table 3). */
export const comparisonQa: BenchTask = {
  name: "comparison-qa",
  version: 1,
  title: "Comparison-QA",
  metrics: [ACCURACY, BALANCED_ACCURACY],
  cell: (item) => `${item.pair?.modalities ?? "?"} ${item.pair?.relation ?? "?"}`,
  score: (item, answer) => {
    const { values, ...rest } = scoreChoice(item, answer);
    return { values: { ...values, balancedAccuracy: values["accuracy"] ?? 0 }, ...rest };
  },
};

/** What the right answer says in whatever words: how a finding changed, which finding it is, else its text. */
function answerMeaning(item: QaItem): string {
  const text = item.answer.replace(/^[A-Z]: /, "");
  const change = text.replace(/^(yes|no), /i, "");
  const cells = CELL_TEXTS[item.pair?.relation ?? "consecutive"];
  return CHANGE_CELLS.find((cell) => cells[cell].includes(change)) ?? optionKey(text) ?? text;
}
