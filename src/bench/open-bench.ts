// A dataset folder opened for asking: its items with the inputs behind them.
import { join } from "node:path";
import type { Split } from "../dataset/assign-split.ts";
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { readDatasetRecords, readItems, readSignal } from "../dataset/read-dataset.ts";
import type { QaItem, QaItemRecord } from "../qa/qa-item.ts";
import { type LeadMatrix, sliceSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { hashText } from "../shared/rng.ts";
import type { BenchInput, BenchQuestion } from "./bench-model.ts";

export type BenchSelection = {
  readonly split: Split;
  /** Keep these tasks only. */
  readonly tasks?: readonly QaItem["task"][] | undefined;
  /** At most this many items a task, drawn by `seed` (files are sorted, so the first N would be biased). */
  readonly limit?: number | undefined;
  readonly seed: number;
};

export type OpenBench = {
  readonly folder: string;
  readonly items: readonly QaItem[];
  question(item: QaItem): BenchQuestion;
  /** What followed the window of a prediction item: `sampleCount` samples, NaN past the end of the recording. */
  readContinuation(item: QaItem, sampleCount: number): Promise<LeadMatrix>;
};

/** Open a dataset for a run. Items are ordered by id, so that runs with the same selection ask the same. */
export async function openBench(folder: string, selection: BenchSelection): Promise<OpenBench> {
  const records = new Map<string, DatasetRecord>();
  for await (const record of readDatasetRecords(folder)) records.set(record.identity.recordingId, record);
  const items: QaItem[] = [];
  for await (const { item } of readItems(folder, selection.split)) {
    if (!selection.tasks || selection.tasks.includes(item.task)) items.push(item);
  }
  const recordOf = (recordId: string): DatasetRecord => {
    const record = records.get(recordId);
    if (record) return record;
    throw new EcgError(
      "INVALID_FILE",
      `${folder}: an item asks about ${recordId}, records.jsonl does not hold it`,
      {
        hint: "check the dataset with: heartcare data audit <dataset>",
      },
    );
  };
  return {
    folder,
    items: limitPerTask(items, selection),
    question: (item) => ({
      item: withoutAnswer(item),
      inputs: item.records.map((entry) => toInput(folder, entry, recordOf(entry.recordId))),
    }),
    readContinuation: async (item, sampleCount) => {
      const entry = item.records[0] as QaItemRecord;
      const signal = await readSignal(folder, recordOf(entry.recordId));
      return sliceSamples(signal, entry.window.endSample, entry.window.endSample + sampleCount);
    },
  };
}

function limitPerTask(items: readonly QaItem[], selection: BenchSelection): QaItem[] {
  const order = (item: QaItem): number => hashText(`${selection.seed}:${item.id}`);
  const byTask = new Map<string, QaItem[]>();
  for (const item of items) byTask.set(item.task, [...(byTask.get(item.task) ?? []), item]);
  const { limit } = selection;
  const kept = [...byTask.values()].flatMap((group) =>
    limit === undefined ? group : [...group].sort((a, b) => order(a) - order(b)).slice(0, limit),
  );
  return kept.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function withoutAnswer(item: QaItem): BenchQuestion["item"] {
  const { answer: _answer, fact: _fact, labels: _labels, ...question } = item;
  return question;
}

function toInput(folder: string, entry: QaItemRecord, record: DatasetRecord): BenchInput {
  const image = record.files.images[0];
  return {
    record: withoutLabels(record),
    modality: entry.modality,
    window: entry.window,
    readWindow: async () =>
      sliceSamples(await readSignal(folder, record), entry.window.startSample, entry.window.endSample),
    imagePath: entry.modality === "image" && image ? join(folder, image.path) : undefined,
  };
}

/** A model must not see what the record's annotators said. */
function withoutLabels(record: DatasetRecord): DatasetRecord {
  return { ...record, statements: [], sourceLabels: [], reportText: undefined };
}
