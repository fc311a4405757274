// What stages 2 and 3 read of dataset folders: recordings with their signals, what may be asked of them, and questions
// that were written about them. Node only.
import type { Split } from "../../dataset/assign-split.ts";
import type { DatasetRecord } from "../../dataset/dataset-record.ts";
import { qaRecordOf } from "../../dataset/qa-record-of.ts";
import { readDatasetRecords, readItems, readSignal } from "../../dataset/read-dataset.ts";
import { describeMeasurements } from "../../model/dspa/describe-measurements.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import type { QaRecord } from "../../qa/qa-record.ts";
import { type RecordFacts, recordFacts } from "../../qa/record-facts.ts";
import type { LeadMatrix } from "../../record/lead-matrix.ts";
import { EcgError } from "../../shared/errors.ts";

/** A recording to ask about. */
export type CorpusRecord = {
  readonly id: string;
  readonly split: Split;
  readonly row: DatasetRecord;
  readonly record: QaRecord;
  readonly facts: RecordFacts;
  /** Cleaned, at the dataset's rate. */
  readonly signal: LeadMatrix;
  /** Measured values and their reading as text; "" where nothing was measured. */
  readonly measured: string;
};

export type Corpus = {
  readonly records: readonly CorpusRecord[];
  readonly byId: ReadonlyMap<string, CorpusRecord>;
  /** Items about one recording, by its id. */
  readonly singles: ReadonlyMap<string, readonly QaItem[]>;
  /** Items about two. */
  readonly pairs: readonly QaItem[];
};

/**
 * Read one split of dataset folders.
 * @throws EcgError as the readers; INVALID_OPTION where no recording is in the split.
 */
export async function readCorpus(
  folders: readonly string[],
  split: Split,
  options: { readonly measuredText: boolean; readonly onProgress?: (done: number) => void },
): Promise<Corpus> {
  const records: CorpusRecord[] = [];
  const singles = new Map<string, QaItem[]>();
  const pairs: QaItem[] = [];
  const byId = new Map<string, CorpusRecord>();
  for (const folder of folders) {
    for await (const row of readDatasetRecords(folder)) {
      if (row.split !== split || byId.has(row.identity.recordingId)) continue;
      const record = qaRecordOf(row);
      const entry: CorpusRecord = {
        id: row.identity.recordingId,
        split,
        row,
        record,
        facts: recordFacts(record),
        signal: await readSignal(folder, row),
        measured: options.measuredText ? describeMeasurements(row.measurements, row.patient) : "",
      };
      records.push(entry);
      byId.set(entry.id, entry);
      if (records.length % 100 === 0) options.onProgress?.(records.length);
    }
    for await (const { item } of readItems(folder, split)) {
      if (!item.records.every(({ recordId }) => byId.has(recordId))) continue;
      if (item.records.length > 1) pairs.push(item);
      else singles.set(item.records[0]!.recordId, [...(singles.get(item.records[0]!.recordId) ?? []), item]);
    }
  }
  if (records.length === 0) {
    throw new EcgError(
      "INVALID_OPTION",
      `${folders.join(", ")}: expected recordings in the ${split} split, found 0`,
      { hint: "build a dataset with: heartcare data build <sources...> --out <dir>" },
    );
  }
  return { records, byId, singles, pairs };
}
