// Baseline `majority`: among the offered options the text most often right in train (design 4.8).
import { rightOption } from "../../dataset/train-text-choice.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import type { BenchModel, BenchQuestion } from "../bench-model.ts";

type Counts = Map<string, Map<string, number>>;

/**
 * Learns from train items how often each text is right within task x dimension x template, ties broken by the same
 * count over all templates; free-text tasks get the most frequent answer of task x subset x dimension. Knows nothing
 * of the signal. Items are taken one at a time and not kept.
 */
export async function trainMajority(
  trainItems: Iterable<QaItem> | AsyncIterable<QaItem>,
): Promise<BenchModel> {
  const [byTemplate, byGroup]: [Counts, Counts] = [new Map(), new Map()];
  for await (const item of trainItems) {
    if (item.task === "prediction") continue;
    const right = item.options?.[rightOption(item)] ?? item.answer;
    if (item.options) countOne(byTemplate, templateOf(item), right);
    countOne(byGroup, groupOf(item), right);
  }
  return {
    id: "majority",
    version: "2",
    tasks: ["closed-qa", "open-qa", "comparison-qa", "report"],
    answer: async ({ item }) => {
      const group = byGroup.get(groupOf(item));
      return { text: item.options ? chooseOption(item, byTemplate, group) : mostFrequent(group) };
    },
  };
}

type Grouped = Pick<BenchQuestion["item"], "task" | "subset" | "dimension" | "pair" | "templateId">;

function groupOf({ task, subset, dimension, pair }: Grouped): string {
  return [task, subset, dimension ?? "", pair?.relation ?? ""].join("|");
}

function templateOf(item: Grouped): string {
  return `${groupOf(item)}|${item.templateId}`;
}

function countOne(counts: Counts, group: string, text: string): void {
  const texts = counts.get(group) ?? new Map<string, number>();
  counts.set(group, texts);
  texts.set(text, (texts.get(text) ?? 0) + 1);
}

/** The first option where nothing is known of any. */
function chooseOption(
  item: BenchQuestion["item"],
  byTemplate: Counts,
  group: ReadonlyMap<string, number> | undefined,
): string {
  const template = byTemplate.get(templateOf(item));
  const ranked = (item.options ?? [])
    .map((text, place) => ({ text, place, exact: template?.get(text) ?? 0, wide: group?.get(text) ?? 0 }))
    .sort((a, b) => b.exact - a.exact || b.wide - a.wide || a.place - b.place);
  const [best] = ranked;
  return best ? `${String.fromCharCode(65 + best.place)}: ${best.text}` : "";
}

function mostFrequent(counts: ReadonlyMap<string, number> | undefined): string {
  let [text, most] = ["", 0];
  for (const [candidate, count] of counts ?? []) {
    if (count > most || (count === most && candidate < text)) [text, most] = [candidate, count];
  }
  return text;
}
