// What a text-only model gets right on the closed questions of recordings it has not seen.
import type { Split } from "../dataset/assign-split.ts";
import { measureTextLeak, type TextLeak, trainTextChoice } from "../dataset/train-text-choice.ts";
import type { QaItem } from "../qa/qa-item.ts";

/** Train on train, measure on val and test together; undefined when either holds no closed question. */
export function measureItemLeak(
  itemsBySplit: Readonly<Record<Split, readonly QaItem[]>>,
  seed: number,
): TextLeak | undefined {
  // ECG-QA's own questions are not balanced and would drown ours: the score is of what this build wrote.
  const closed = (items: readonly QaItem[]): QaItem[] =>
    items.filter((item) => item.task === "closed-qa" && !item.fact.startsWith("ecg-qa:"));
  const train = closed(itemsBySplit.train);
  const unseen = closed([...itemsBySplit.val, ...itemsBySplit.test]);
  if (train.length === 0 || unseen.length === 0) return undefined;
  return measureTextLeak(trainTextChoice(train, seed), unseen);
}
