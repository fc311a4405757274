// The manifest of a finished build, from what it read and wrote.
import { createHash } from "node:crypto";
import { SPLIT_RULE, SPLITS, type Split } from "../dataset/assign-split.ts";
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { DATASET_VERSION, type DatasetManifest } from "../dataset/manifest.ts";
import type { BuildOptions } from "./build-dataset.ts";
import type { BuildPlan } from "./build-plan.ts";
import type { Processed } from "./process-sources.ts";
import type { United } from "./unite-recordings.ts";
import type { WrittenQuestions } from "./write-questions.ts";

export type ManifestFacts = {
  readonly plan: BuildPlan;
  readonly processed: Processed;
  readonly united: United;
  readonly questions: WrittenQuestions;
  readonly options: BuildOptions;
};

/** Everything in it is a function of the sources and options: no clock, no machine. */
export function makeManifest({
  plan,
  processed,
  united,
  questions,
  options,
}: ManifestFacts): DatasetManifest {
  const { records } = united;
  const { statistics, shards } = questions;
  const known = records.filter((record) => record.identity.patientKnown);
  return {
    version: DATASET_VERSION,
    seed: options.seed,
    splitRule: SPLIT_RULE,
    options: {
      images: options.images !== false,
      figure7Strict: options.figure7Strict === true,
      measuredContext: options.measuredContext === true,
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    },
    sources: plan.sources.map((source, index) => ({
      name: source.name,
      format: source.format,
      records: source.records,
      sha256: hashSource(plan, processed, index),
    })),
    records: {
      total: records.length,
      bySplit: countBySplit(records),
      patients: new Set(records.map((record) => record.identity.patientId)).size,
      patientsUnknown: records.length - known.length,
      skipped: processed.skipped.length,
      sameRecording: united.same.length,
    },
    itemCount: statistics.total,
    distinctFactsPerRecord:
      records.length === 0 ? 0 : Number((statistics.distinctFacts / records.length).toFixed(2)),
    counts: [...statistics.counts],
    letterShares: Object.fromEntries(
      Object.entries(statistics.letterShares).map(([letter, share]) => [letter, Number(share.toFixed(4))]),
    ),
    shards: [...shards],
  };
}

/** A hash over the file hashes of a source's recordings, in the order of the plan. */
function hashSource(plan: BuildPlan, processed: Processed, sourceIndex: number): string {
  const stems = new Set(
    plan.tasks.filter((task) => task.sourceIndex === sourceIndex).map((task) => `signals/${task.stem}.npy`),
  );
  const hash = createHash("sha256");
  for (const record of processed.records) {
    if (stems.has(record.files.signal)) hash.update(`${record.original.sha256}\n`);
  }
  return hash.digest("hex");
}

function countBySplit(records: readonly DatasetRecord[]): Record<Split, number> {
  const counts: Record<Split, number> = { train: 0, val: 0, test: 0 };
  for (const split of SPLITS) counts[split] = records.filter((record) => record.split === split).length;
  return counts;
}
