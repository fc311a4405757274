// The second half of a build: a plan over all recordings, then each recording's and each pair's questions.
import { SPLITS, type Split } from "../dataset/assign-split.ts";
import { countItems, type ItemStatistics } from "../dataset/count-items.ts";
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { qaRecordOf } from "../dataset/qa-record-of.ts";
import { type ItemShard, writeItems } from "../dataset/write-items.ts";
import { buildComparisonItems, buildRecordItems } from "../qa/build-items.ts";
import { itemFromEcgQa } from "../qa/from-ecg-qa.ts";
import type { Modality } from "../qa/plan/closed-question.ts";
import type { PairModalities } from "../qa/plan/comparison-question.ts";
import { planClosedQuestions } from "../qa/plan/plan-closed-questions.ts";
import { planComparisons } from "../qa/plan/plan-comparisons.ts";
import type { QaItem } from "../qa/qa-item.ts";
import type { QaRecord } from "../qa/qa-record.ts";
import { diskFileStore } from "../shared/disk-file-store.ts";
import { readEcgQa } from "../sources/ecg-qa/read-ecg-qa.ts";

export type QuestionOptions = {
  readonly out: string;
  readonly seed: number;
  readonly images: boolean;
  readonly figure7Strict?: boolean;
  readonly measuredContext?: boolean;
  /** ECG-QA files or folders. */
  readonly questionPaths: readonly string[];
};

export type WrittenQuestions = {
  readonly itemsBySplit: Readonly<Record<Split, readonly QaItem[]>>;
  readonly statistics: ItemStatistics;
  readonly shards: readonly ItemShard[];
};

/** Plan, write and count the questions of all recordings. Deterministic in the set of records and the options. */
export async function writeQuestions(
  records: readonly DatasetRecord[],
  options: QuestionOptions,
): Promise<WrittenQuestions> {
  const subjects = records.map(qaRecordOf);
  const itemsBySplit: Record<Split, QaItem[]> = { train: [], val: [], test: [] };
  for (const split of SPLITS) {
    const members = subjects.filter((record) => record.split === split);
    itemsBySplit[split] = [...singleItems(members, options), ...pairItems(members, options)];
  }
  for await (const { split, item } of ecgQaItems(subjects, options)) itemsBySplit[split].push(item);
  const shards = await writeItems(options.out, itemsBySplit);
  return { itemsBySplit, statistics: countItems(itemsBySplit), shards };
}

/** Planned within a split: its answers are balanced by themselves, and no other split's labels shape them. */
function singleItems(members: readonly QaRecord[], options: QuestionOptions): QaItem[] {
  const { seed, figure7Strict = false, measuredContext = false } = options;
  const modalities: Modality[] = options.images ? ["signal", "image"] : ["signal"];
  const plan = planClosedQuestions(members, { seed, figure7Strict, modalities });
  return members.flatMap((record) =>
    buildRecordItems(record, {
      seed,
      measuredContext,
      modalities,
      closedQuestions: plan.byRecord.get(record.recordId) ?? [],
    }),
  );
}

function pairItems(members: readonly QaRecord[], options: QuestionOptions): QaItem[] {
  const { seed, measuredContext = false } = options;
  const modalities: PairModalities[] = options.images ? ["S-S", "I-I", "S-I"] : ["S-S"];
  const byId = new Map(members.map((record) => [record.recordId, record]));
  return planComparisons(members, { seed, modalities }).pairs.flatMap((pair) => {
    const [first, second] = [byId.get(pair.firstId), byId.get(pair.secondId)];
    if (!first || !second) return [];
    const { relation, questions } = pair;
    return buildComparisonItems({ first, second, relation, questions }, { seed, measuredContext });
  });
}

/** ECG-QA's questions about recordings that are here; a pair across splits is left out. */
async function* ecgQaItems(
  subjects: readonly QaRecord[],
  { questionPaths, seed, measuredContext = false }: QuestionOptions,
): AsyncGenerator<{ split: Split; item: QaItem }> {
  const byId = new Map(subjects.map((record) => [record.recordId, record]));
  const taken = new Set<string>();
  for (const path of questionPaths) {
    for await (const entry of readEcgQa(diskFileStore, path)) {
      const splits = new Set(entry.recordingIds.map((id) => byId.get(id)?.split));
      const split = SPLITS.find((name) => splits.size === 1 && splits.has(name));
      const item = split && itemFromEcgQa(entry, byId, { seed, measuredContext });
      if (!split || !item || taken.has(item.id)) continue;
      taken.add(item.id);
      yield { split, item };
    }
  }
}
