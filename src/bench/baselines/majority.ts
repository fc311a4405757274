// Baseline `majority`: among the offered options the text most often right in train (design 4.8).

import { rightOption } from "../../dataset/train-text-choice.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import type { BenchModel, BenchQuestion } from "../bench-model.ts";

/**
 * Learns from train items how often each text is right within task x dimension x template; free-text tasks get the
 * most frequent answer of task x dimension. Knows nothing of the signal.
 */
export function trainMajority(trainItems: readonly QaItem[]): BenchModel {
  const rightCounts = new Map<string, Map<string, number>>();
  for (const item of trainItems) {
    const right = item.options?.[rightOption(item)] ?? item.answer;
    const counts = rightCounts.get(groupOf(item)) ?? new Map<string, number>();
    counts.set(right, (counts.get(right) ?? 0) + 1);
    rightCounts.set(groupOf(item), counts);
  }
  return {
    id: "majority",
    version: "1",
    tasks: ["closed-qa", "open-qa", "comparison-qa", "report"],
    answer: async (question) => ({ text: mostFrequent(question, rightCounts.get(groupOf(question.item))) }),
  };
}

function groupOf(item: BenchQuestion["item"]): string {
  const template = item.options ? item.templateId : "";
  return [item.task, item.subset, item.dimension ?? "", item.pair?.relation ?? "", template].join("|");
}

function mostFrequent(question: BenchQuestion, counts: ReadonlyMap<string, number> | undefined): string {
  const { options } = question.item;
  const candidates = options ?? [...(counts?.keys() ?? [])];
  let best = -1;
  let text = "";
  for (const [index, candidate] of candidates.entries()) {
    const count = counts?.get(candidate) ?? 0;
    if (count > best || (count === best && !options && candidate < text)) {
      best = count;
      text = options ? `${String.fromCharCode(65 + index)}: ${candidate}` : candidate;
    }
  }
  return text;
}
