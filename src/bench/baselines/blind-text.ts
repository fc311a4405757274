// Baseline `blind-text`: a bag-of-words model on question and options; an item set that it solves leaks (design 4.8).
import { trainTextChoice } from "../../dataset/train-text-choice.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import type { BenchModel } from "../bench-model.ts";

/** Train on the closed and comparison questions of train; answers those two tasks. */
export function trainBlindText(trainItems: readonly QaItem[], seed: number): BenchModel {
  const train = (task: QaItem["task"]) =>
    trainTextChoice(
      trainItems.filter((item) => item.task === task),
      seed,
    );
  const [closed, comparison] = [train("closed-qa"), train("comparison-qa")];
  return {
    id: "blind-text",
    version: "2",
    tasks: ["closed-qa", "comparison-qa"],
    answer: async ({ item }) => {
      const index = (item.task === "comparison-qa" ? comparison : closed).choose(item);
      return { text: `${String.fromCharCode(65 + index)}: ${item.options?.[index] ?? ""}` };
    },
  };
}
