// Comparison-QA: a question about two recordings with offered options; accuracy.
import type { BenchTask } from "../../task.ts";
import { ACCURACY, scoreChoice } from "../closed-qa/task.ts";

/** Accuracy over the offered options, by modalities and relation of the pair (paper Table 3). */
export const comparisonQa: BenchTask = {
  name: "comparison-qa",
  version: 1,
  title: "Comparison-QA",
  metrics: [ACCURACY],
  cell: (item) => `${item.pair?.modalities ?? "?"} ${item.pair?.relation ?? "?"}`,
  score: scoreChoice,
};
