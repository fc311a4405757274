// The items of a run: one split of a dataset, some tasks, at most so many of each, always the same ones.
import type { Split } from "../dataset/assign-split.ts";
import { readItems } from "../dataset/read-dataset.ts";
import type { QaItem } from "../qa/qa-item.ts";
import { hashText } from "../shared/rng.ts";
import type { BenchModel, Modality } from "./bench-model.ts";

export type BenchSelection = {
  readonly split: Split;
  /** Keep these tasks only. */
  readonly tasks?: readonly QaItem["task"][] | undefined;
  /** Keep items that show nothing else than these; taken from the draw, so that models share their items. */
  readonly modalities?: readonly Modality[] | undefined;
  /** At most this many items a task, drawn by `seed` (files are sorted, so the first N would be biased). */
  readonly limit?: number | undefined;
  readonly seed: number;
  /** Leave out items about recordings that are made up (`synthetic`), before the draw. Default false. */
  readonly realOnly?: boolean | undefined;
};

/** Items ordered by id, so that runs with the same selection ask the same in the same order. */
export async function selectItems(folder: string, selection: BenchSelection): Promise<QaItem[]> {
  const byTask = new Map<string, QaItem[]>();
  for await (const { item } of readItems(folder, selection.split)) {
    if (selection.tasks && !selection.tasks.includes(item.task)) continue;
    if (selection.realOnly && isSynthetic(item)) continue;
    const group = byTask.get(item.task);
    if (group) group.push(item);
    else byTask.set(item.task, [item]);
  }
  const drawn = [...byTask.values()].flatMap((group) => draw(group, selection));
  const kept = drawn.filter((item) => showsOnly(item, selection.modalities));
  return kept.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What of a selection a model takes part in. */
export function selectionOf<Options extends BenchSelection>(
  model: Pick<BenchModel, "tasks" | "modalities">,
  options: Options,
): BenchSelection {
  const { split, limit, seed, realOnly } = options;
  const tasks = model.tasks.filter((task) => options.tasks === undefined || options.tasks.includes(task));
  return { split, tasks, modalities: model.modalities ?? options.modalities, limit, seed, realOnly };
}

/**
 * A fingerprint of what was asked and what is right: two runs compare only where it is equal, and a log is scored
 * only against the items that it answered. Order does not matter.
 */
export function hashItems(items: readonly QaItem[]): string {
  let [low, high] = [0, 0];
  for (const item of items) {
    const text = [item.id, item.instruction, item.answer, ...(item.options ?? [])].join("\u001f");
    low = (low + hashText(text)) >>> 0;
    high = (high ^ hashText(text, 0x9e3779b9)) >>> 0;
  }
  return [high, low, items.length].map((word) => word.toString(16).padStart(8, "0")).join("");
}

function isSynthetic({ source, records }: QaItem): boolean {
  return source === "synthetic" || records.some(({ recordId }) => recordId.startsWith("synthetic:"));
}

function showsOnly(item: QaItem, modalities: readonly Modality[] | undefined): boolean {
  return !modalities || item.records.every((entry) => modalities.includes(entry.modality));
}

function draw(items: QaItem[], { limit, seed }: BenchSelection): QaItem[] {
  if (limit === undefined || items.length <= limit) return items;
  return items
    .map((item) => ({ item, order: hashText(`${seed}:${item.id}`) }))
    .sort((a, b) => a.order - b.order || (a.item.id < b.item.id ? -1 : 1))
    .slice(0, limit)
    .map(({ item }) => item);
}
