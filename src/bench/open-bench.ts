// A dataset folder opened for asking: its items with the inputs behind them, and nothing that tells the answers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { readDatasetRecords, readSignal } from "../dataset/read-dataset.ts";
import type { QaItem, QaItemRecord } from "../qa/qa-item.ts";
import { type LeadMatrix, sliceSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { hashText } from "../shared/rng.ts";
import type { BenchInput, BenchQuestion, BenchRecord } from "./bench-model.ts";
import { windowRecord } from "./models/window-record.ts";
import { type BenchPage, renderBenchPage } from "./render-page.ts";
import { type BenchSelection, selectItems } from "./select-items.ts";
import { shuffleRecordings } from "./shuffle-recordings.ts";

/** What is shown instead of the item's own recordings and the dataset's own pages; nothing by default. */
export type ShownInstead = {
  /** Of another patient of the split each, with all that a model may know of it; the question stays. */
  readonly shuffleSeed?: number | undefined;
  /** Pages drawn anew from the signals. */
  readonly page?: BenchPage | undefined;
};

export type OpenBench = {
  readonly folder: string;
  readonly items: readonly QaItem[];
  question(item: QaItem): BenchQuestion;
  /** What followed the window of a prediction item: `sampleCount` samples, NaN past the end of the recording. */
  readContinuation(item: QaItem, sampleCount: number): Promise<LeadMatrix>;
};

/**
 * Open a dataset for a run. Only the recordings that its items show are kept in memory, without their samples; of a
 * shuffled run all of the split.
 * @throws EcgError as the readers; INVALID_OPTION for a split that cannot be shuffled.
 */
export async function openBench(
  folder: string,
  selection: BenchSelection,
  { shuffleSeed, page }: ShownInstead = {},
): Promise<OpenBench> {
  const items = await selectItems(folder, selection);
  const shown = new Set(items.flatMap((item) => item.records.map((entry) => entry.recordId)));
  const records = new Map<string, DatasetRecord>();
  const ofSplit: DatasetRecord[] = [];
  for await (const record of readDatasetRecords(folder)) {
    const { recordingId } = record.identity;
    if (shown.has(recordingId)) records.set(recordingId, record);
    if (shuffleSeed !== undefined && record.split === selection.split) ofSplit.push(record);
  }
  const instead = shuffleSeed === undefined ? undefined : shuffleRecordings(ofSplit, shuffleSeed);
  const recordOf = (recordId: string): DatasetRecord => {
    const record = records.get(recordId);
    if (record) return record;
    throw new EcgError(
      "INVALID_FILE",
      `${folder}: expected ${recordId} in records.jsonl, which an item asks about, found no such recording`,
      { hint: "check the dataset with: heartcare data audit <dataset>" },
    );
  };
  return {
    folder,
    items,
    question: (item) => ({
      item: hideAnswer(item),
      inputs: item.records.map((entry) => {
        const record = recordOf(entry.recordId);
        const other = instead?.get(entry.recordId);
        const shownEntry = other ? { ...entry, window: other.window } : entry;
        return toInput(folder, item, { entry: shownEntry, record: other ?? record, page });
      }),
    }),
    readContinuation: async (item, sampleCount) => {
      const entry = item.records[0] as QaItemRecord;
      const signal = await readSignal(folder, recordOf(entry.recordId));
      return sliceSamples(signal, entry.window.endSample, entry.window.endSample + sampleCount);
    },
  };
}

/** An id that means nothing: ids of items hold the asked fact, ids of recordings may be file names with a diagnosis. */
export function opaqueId(id: string): string {
  return [hashText(id), hashText(id, 0x9e3779b9)].map((word) => word.toString(16).padStart(8, "0")).join("");
}

function hideAnswer(item: QaItem): BenchQuestion["item"] {
  const { task, subset, dimension, pair, context, instruction, options, outputFormat, templateId } = item;
  const id = opaqueId(item.id);
  return { id, task, subset, dimension, pair, context, instruction, options, outputFormat, templateId };
}

function toInput(
  folder: string,
  item: QaItem,
  {
    entry,
    record,
    page,
  }: {
    readonly entry: Pick<QaItemRecord, "modality" | "window">;
    readonly record: DatasetRecord;
    readonly page: BenchPage | undefined;
  },
): BenchInput {
  const { modality, window } = entry;
  const refuse = (wanted: string): Promise<never> =>
    Promise.reject(
      new EcgError(
        "INVALID_OPTION",
        `question about an ECG ${modality}: expected to be read as one, got a request for its ${wanted}`,
      ),
    );
  const readWindow = async (): Promise<LeadMatrix> =>
    sliceSamples(await readSignal(folder, record), window.startSample, window.endSample);
  const known = hideLabels(record, { measured: modality === "signal" && item.task !== "prediction" });
  return {
    record: known,
    modality,
    window,
    readWindow: async () => (modality === "signal" ? readWindow() : refuse("signal")),
    readImage: async () => {
      if (modality !== "image") return refuse("image");
      if (!page) return readPage(folder, record);
      return renderBenchPage(await windowRecord({ record: known, readWindow }), page);
    },
  };
}

async function readPage(folder: string, record: DatasetRecord): Promise<Uint8Array> {
  const { recordingId } = record.identity;
  const [image] = record.files.images;
  const bytes = image ? await readFile(join(folder, image.path)).catch(() => undefined) : undefined;
  if (bytes) return bytes;
  throw new EcgError(
    "NOT_FOUND",
    `${folder}: expected a page of ${recordingId}, found ${image ? "no file" : "none in records.jsonl"}`,
    {
      hint: "build the dataset again with images",
    },
  );
}

/** A model must see neither what the annotators said nor names that repeat it. */
function hideLabels(record: DatasetRecord, { measured }: { readonly measured: boolean }): BenchRecord {
  const { acquiredAt, leads, samplingRateHz, amplitudeUnit, measurements, identity } = record;
  const { id: _id, ...patient } = record.patient;
  return {
    id: opaqueId(identity.recordingId),
    patient,
    acquiredAt,
    leads,
    samplingRateHz,
    amplitudeUnit,
    measurements: measured ? measurements : null,
  };
}
