// A small dataset folder on disk, made from recordings that a test gives.
import { join } from "node:path";
import { SPLIT_RULE, SPLITS, type Split } from "../../src/dataset/assign-split.ts";
import { countItems } from "../../src/dataset/count-items.ts";
import { type DatasetRecord, fileStem } from "../../src/dataset/dataset-record.ts";
import { DATASET_VERSION, type DatasetManifest } from "../../src/dataset/manifest.ts";
import { writeItems } from "../../src/dataset/write-items.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { toJsonLines } from "../../src/shared/json-lines.ts";
import { writeNpy } from "../../src/shared/npy.ts";
import { writeFileAtomic } from "../../src/shared/write-file-atomic.ts";

export type TestRecording = { readonly record: EcgRecord; readonly split: Split };

/** Write manifest, records, signals and items; returns the records as stored. */
export async function writeTestDataset(
  folder: string,
  recordings: readonly TestRecording[],
  itemsBySplit: Readonly<Record<Split, readonly QaItem[]>> = { train: [], val: [], test: [] },
): Promise<DatasetRecord[]> {
  const records = recordings.map(({ record, split }) => toDatasetRecord(record, split));
  for (const [index, { record }] of recordings.entries()) {
    const { data, leadCount, sampleCount } = record.signal;
    await writeFileAtomic(
      join(folder, records[index]!.files.signal),
      writeNpy(data, [leadCount, sampleCount]),
    );
  }
  await writeFileAtomic(join(folder, "records.jsonl"), toJsonLines(records));
  const shards = await writeItems(folder, itemsBySplit);
  const statistics = countItems(itemsBySplit);
  const manifest: DatasetManifest = {
    version: DATASET_VERSION,
    seed: 1,
    splitRule: SPLIT_RULE,
    options: {},
    sources: [{ name: "test", format: "test", records: records.length, sha256: "00" }],
    records: {
      total: records.length,
      bySplit: Object.fromEntries(
        SPLITS.map((split) => [split, records.filter((record) => record.split === split).length]),
      ) as Record<Split, number>,
      patients: new Set(records.map((record) => record.identity.patientId)).size,
      patientsUnknown: 0,
      skipped: 0,
      sameRecording: 0,
    },
    itemCount: statistics.total,
    distinctFactsPerRecord: statistics.distinctFacts / Math.max(1, records.length),
    counts: [...statistics.counts],
    letterShares: { ...statistics.letterShares },
    shards,
  };
  await writeFileAtomic(join(folder, "manifest.json"), JSON.stringify(manifest));
  return records;
}

function toDatasetRecord(record: EcgRecord, split: Split): DatasetRecord {
  const { sampleCount } = record.signal;
  return {
    identity: record.identity,
    split,
    source: record.provenance.format,
    patient: record.patient,
    acquiredAt: record.acquiredAt,
    statements: record.statements,
    sourceLabels: record.sourceLabels,
    labelScope: record.labelScope,
    reportText: record.reportText,
    unknownLabels: [],
    amplitudeUnit: "mV",
    leads: record.leads,
    samplingRateHz: record.samplingRateHz,
    sampleCount,
    window: { startSample: 0, endSample: sampleCount },
    windowQuality: null,
    measurements: null,
    files: { signal: `signals/${fileStem(record.identity.recordingId)}.npy`, images: [] },
    original: {
      format: record.provenance.format,
      path: record.provenance.path,
      sha256: record.provenance.sha256,
      samplingRateHz: record.samplingRateHz,
      sampleCount,
    },
  };
}
