// Open-QA: a free answer against the reference; ROUGE-L.
import type { QaItem } from "../../../qa/qa-item.ts";
import type { LoggedAnswer } from "../../answer-log.ts";
import { rougeL } from "../../metrics/rouge-l.ts";
import type { AnswerScore, BenchMetric, BenchTask } from "../../task.ts";

/** ROUGE-L as rouge-score counts it, averaged over items (never over one long text). */
export const ROUGE_L: BenchMetric = {
  name: "rougeL",
  higherIsBetter: true,
  formula: "mean ROUGE-L F1 (rouge-score definition, no stemmer)",
};

/** ROUGE-L F, averaged over items. */
export const openQa: BenchTask = {
  name: "open-qa",
  version: 1,
  title: "Open-QA",
  metrics: [ROUGE_L],
  cell: (item) => item.dimension ?? "all",
  score: scoreText,
};

/** ROUGE-L of the answer; 0 for a failure. An empty answer is unparsed. */
export function scoreText(item: QaItem, answer: LoggedAnswer): AnswerScore {
  if (answer.error !== undefined) return { values: { rougeL: 0 } };
  if (answer.text.trim() === "") return { values: { rougeL: 0 }, unparsed: "empty answer" };
  return { values: { rougeL: rougeL(answer.text, item.answer).f1 } };
}
