// Counts of a dataset's items: by task, subset and dimension; distinct facts; letters of right answers.
import type { QaItem } from "../qa/qa-item.ts";
import { SPLITS, type Split } from "./assign-split.ts";
import type { ItemCount } from "./manifest.ts";

export type ItemStatistics = {
  readonly total: number;
  readonly counts: readonly ItemCount[];
  /** Items with distinct (record, task, dimension, fact, modality); paraphrases and shuffled options count once. */
  readonly distinctFacts: number;
  /** Share of A, B, C, D among right answers of closed questions with four options. */
  readonly letterShares: Readonly<Record<string, number>>;
};

/** Count items; every number in the card and the manifest comes from here. */
export function countItems(itemsBySplit: Readonly<Record<Split, readonly QaItem[]>>): ItemStatistics {
  const cells = new Map<string, ItemCount>();
  const facts = new Set<string>();
  const letters: Record<string, number> = { A: 0, B: 0, C: 0, D: 0 };
  let total = 0;
  for (const split of SPLITS) {
    for (const item of itemsBySplit[split]) {
      total++;
      const dimension = item.dimension ?? item.pair?.relation ?? "all";
      const key = [item.task, item.subset, dimension, split].join("|");
      const cell = cells.get(key) ?? { task: item.task, subset: item.subset, dimension, split, count: 0 };
      cell.count++;
      cells.set(key, cell);
      facts.add(distinctKey(item));
      if (item.options?.length === 4) {
        const letter = item.answer.slice(0, 1);
        letters[letter] = (letters[letter] ?? 0) + 1;
      }
    }
  }
  const lettered = Object.values(letters).reduce((sum, value) => sum + value, 0);
  return {
    total,
    counts: [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell),
    distinctFacts: facts.size,
    letterShares: Object.fromEntries(
      Object.entries(letters).map(([letter, value]) => [letter, lettered === 0 ? 0 : value / lettered]),
    ),
  };
}

/** What makes two items the same question: phrasing and option order do not. */
export function distinctKey(item: QaItem): string {
  const records = item.records.map((record) => `${record.recordId}/${record.modality}`).join("+");
  return [records, item.task, item.dimension ?? item.pair?.relation ?? "", item.fact].join("|");
}
