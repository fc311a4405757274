// Report generation: a whole report against the reference; ROUGE-L.
import type { BenchTask } from "../../task.ts";
import { ROUGE_L, scoreText } from "../open-qa/task.ts";

/** ROUGE-L F, averaged over reports. */
export const report: BenchTask = {
  name: "report",
  version: 1,
  title: "Report generation",
  metrics: [ROUGE_L],
  cell: () => "all",
  score: scoreText,
};
