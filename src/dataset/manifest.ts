// manifest.json: what a dataset folder holds, from what it was made and by which rule it was split.
import { z } from "zod";
import { SPLITS, type Split } from "./assign-split.ts";

/** Version of the folder's layout; a reader refuses a newer one. */
export const DATASET_VERSION = 1;

/** Count of items in one cell of task x subset x dimension. */
export type ItemCount = { task: string; subset: string; dimension: string; split: Split; count: number };

export type DatasetManifest = {
  version: number;
  seed: number;
  splitRule: string;
  /** Options that change the items. */
  options: Record<string, string | number | boolean>;
  /** One entry a source, with a hash over the hashes of its recordings. */
  sources: { name: string; format: string; records: number; sha256: string }[];
  records: {
    total: number;
    bySplit: Record<Split, number>;
    patients: number;
    patientsUnknown: number;
    skipped: number;
    sameRecording: number;
  };
  itemCount: number;
  distinctFactsPerRecord: number;
  counts: ItemCount[];
  /** Share of closed questions whose right letter is A, B, C, D. */
  letterShares: Record<string, number>;
  shards: { split: Split; jsonl: string; parquet: string; count: number }[];
};

const count = z.int().nonnegative();
const split = z.enum(SPLITS);

/** Checks a manifest that comes from disk. */
export const manifestSchema: z.ZodType<DatasetManifest> = z.strictObject({
  version: z
    .int()
    .max(DATASET_VERSION, `expected at most ${DATASET_VERSION}: the dataset is of a newer version`),
  seed: z.int(),
  splitRule: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  sources: z.array(
    z.strictObject({ name: z.string(), format: z.string(), records: count, sha256: z.string() }),
  ),
  records: z.strictObject({
    total: count,
    bySplit: z.record(split, count),
    patients: count,
    patientsUnknown: count,
    skipped: count,
    sameRecording: count,
  }),
  itemCount: count,
  distinctFactsPerRecord: z.number(),
  counts: z.array(
    z.strictObject({ task: z.string(), subset: z.string(), dimension: z.string(), split, count }),
  ),
  letterShares: z.record(z.string(), z.number()),
  shards: z.array(z.strictObject({ split, jsonl: z.string(), parquet: z.string(), count })),
});
