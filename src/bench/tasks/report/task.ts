// Report generation: a whole report against the reference; ROUGE-L.
import type { BenchTask } from "../../task.ts";
import { scoreText } from "../open-qa/task.ts";

/** ROUGE-L F (rouge-score, no stemmer), averaged over reports. */
export const report: BenchTask = {
  name: "report",
  version: 1,
  title: "Report generation",
  metrics: [
    { name: "rougeL", higherIsBetter: true, formula: "mean ROUGE-L F1 (rouge-score definition, no stemmer)" },
  ],
  cell: () => "all",
  score: scoreText,
};
