// balanceWeights: how much items count when, within each template, every right answer shall count the same.
import type { QaItem } from "../qa/qa-item.ts";

/** Template and right answer of an item, freed of their wording. */
export type BalanceKey = (item: QaItem) => { readonly template: string; readonly answer: string };

/**
 * By item: items of its template / (answers of its template x items with its template and answer). A template keeps
 * the weight of its items, and always giving its most frequent answer scores 1 / answers.
 */
export function balanceWeights(items: readonly QaItem[], keyOf: BalanceKey): number[] {
  const templates = new Map<string, Map<string, number>>();
  const keys = items.map(keyOf);
  for (const { template, answer } of keys) {
    const answers = templates.get(template) ?? new Map<string, number>();
    templates.set(template, answers.set(answer, (answers.get(answer) ?? 0) + 1));
  }
  return keys.map(({ template, answer }) => {
    const answers = templates.get(template) as ReadonlyMap<string, number>;
    const all = [...answers.values()].reduce((sum, count) => sum + count, 0);
    return all / (answers.size * (answers.get(answer) ?? 1));
  });
}
