// Question items as JSON Lines and Parquet shards, one pair of files a split and shard.
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { QaItem } from "../qa/qa-item.ts";
import { toJsonLines } from "../shared/json-lines.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { SPLITS, type Split } from "./assign-split.ts";

/** Items in one shard: large enough to compress, small enough to hold in memory. */
const ITEMS_PER_SHARD = 20_000;

/** Paths of the written shards, relative to the dataset folder. */
export type ItemShard = {
  readonly split: Split;
  readonly jsonl: string;
  readonly parquet: string;
  readonly count: number;
};

/**
 * Write `items/<split>-00000.jsonl` and `.parquet`; the same items give the same bytes.
 * Nested fields (records, pair, labels) are JSON columns in Parquet.
 */
export async function writeItems(
  folder: string,
  itemsBySplit: Readonly<Record<Split, readonly QaItem[]>>,
): Promise<ItemShard[]> {
  const shards: ItemShard[] = [];
  for (const split of SPLITS) {
    const items = itemsBySplit[split];
    for (let start = 0; start === 0 || start < items.length; start += ITEMS_PER_SHARD) {
      const part = items.slice(start, start + ITEMS_PER_SHARD);
      const stem = `items/${split}-${String(start / ITEMS_PER_SHARD).padStart(5, "0")}`;
      await writeFileAtomic(join(folder, `${stem}.jsonl`), toJsonLines(part));
      await writeFileAtomic(join(folder, `${stem}.parquet`), itemsToParquet(part));
      shards.push({ split, jsonl: `${stem}.jsonl`, parquet: `${stem}.parquet`, count: part.length });
    }
  }
  return shards;
}

/** One Parquet file of items. */
export function itemsToParquet(items: readonly QaItem[]): Uint8Array {
  const text = (name: string, pick: (item: QaItem) => string | undefined) => ({
    name,
    type: "STRING" as const,
    data: items.map((item) => pick(item) ?? null),
  });
  const json = (name: string, pick: (item: QaItem) => unknown) => ({
    name,
    type: "STRING" as const,
    data: items.map((item) => (pick(item) === undefined ? null : JSON.stringify(pick(item)))),
  });
  const buffer = parquetWriteBuffer({
    columnData: [
      text("id", (item) => item.id),
      text("task", (item) => item.task),
      text("subset", (item) => item.subset),
      text("dimension", (item) => item.dimension),
      json("pair", (item) => item.pair),
      json("records", (item) => item.records),
      text("context", (item) => item.context),
      text("instruction", (item) => item.instruction),
      json("options", (item) => item.options),
      text("answer", (item) => item.answer),
      text("fact", (item) => item.fact),
      json("labels", (item) => item.labels),
      text("outputFormat", (item) => item.outputFormat),
      text("source", (item) => item.source),
      text("templateId", (item) => item.templateId),
      { name: "seed", type: "INT64", data: items.map((item) => BigInt(item.seed)) },
    ],
    createdBy: "heartcare-suite",
  });
  return new Uint8Array(buffer);
}
