// Baseline `blind-text`: a bag-of-words model on question and options; an item set that it solves leaks (design 4.8).

import { trainTextChoice } from "../../dataset/train-text-choice.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import type { BenchModel } from "../bench-model.ts";

/** Train on the closed and comparison questions of train; answers those two tasks. */
export function trainBlindText(trainItems: readonly QaItem[], seed: number): BenchModel {
  const byTask = (task: QaItem["task"]) =>
    trainTextChoice(
      trainItems.filter((item) => item.task === task),
      seed,
    );
  const models = { "closed-qa": byTask("closed-qa"), "comparison-qa": byTask("comparison-qa") };
  return {
    id: "blind-text",
    version: "1",
    tasks: ["closed-qa", "comparison-qa"],
    answer: async ({ item }) => {
      const model = item.task === "comparison-qa" ? models["comparison-qa"] : models["closed-qa"];
      const index = model.choose({ ...item, answer: "", fact: "", labels: [] });
      return { text: `${String.fromCharCode(65 + index)}: ${item.options?.[index] ?? ""}` };
    },
  };
}
