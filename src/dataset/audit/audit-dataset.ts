// The leakage audit: does anything of one recording or patient appear in two splits (paper B.4, design 4.5)?
import { join } from "node:path";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import type { Split } from "../assign-split.ts";
import type { DatasetRecord } from "../dataset-record.ts";
import { readDatasetRecords, readItems, readManifest, readSignal } from "../read-dataset.ts";
import type { AuditReport, Finding } from "./audit-report.ts";
import { findWaveformCopies } from "./find-waveform-copies.ts";
import { type Fingerprint, fingerprint } from "./fingerprint.ts";
import { hashWaveform } from "./hash-waveform.ts";

export type AuditOptions = {
  readonly onProgress?: ((done: number, total: number, step: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Audit a dataset folder and write its `audit.json`.
 * @throws EcgError NOT_FOUND / INVALID_FILE when the folder is no dataset.
 */
export async function auditDataset(folder: string, options: AuditOptions = {}): Promise<AuditReport> {
  const manifest = await readManifest(folder);
  const records: DatasetRecord[] = [];
  for await (const record of readDatasetRecords(folder)) records.push(record);
  const { fingerprints, hashes } = await readWaveforms(folder, records, options);
  const waveforms = await findWaveformCopies(records, fingerprints, options);
  const findings = [
    ...findShared(records, "identity", (record) => record.identity.recordingId),
    ...findShared(records, "patient", (record) => record.identity.patientId),
    ...findShared(records, "exam", examKey),
    ...findEqualHashes(records, "waveform", (_, index) => [hashes[index] ?? ""]),
    ...findEqualHashes(records, "image", (record) => record.files.images.map((image) => image.sha256)),
    ...waveforms.findings,
    ...(await findItemLeaks(folder, records)),
  ];
  const report: AuditReport = {
    version: 1,
    records: records.length,
    items: manifest.itemCount,
    leaks: findings.filter(isLeak),
    copies: findings.filter((finding) => !isLeak(finding)),
    fingerprints: waveforms.statistics,
    equalTexts: countEqualTexts(records),
  };
  await writeFileAtomic(join(folder, "audit.json"), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function isLeak({ kind, splits, patientsKnown }: Finding): boolean {
  return splits[0] !== splits[1] || kind === "item" || !patientsKnown;
}

async function readWaveforms(
  folder: string,
  records: readonly DatasetRecord[],
  options: AuditOptions,
): Promise<{ fingerprints: Fingerprint[]; hashes: string[] }> {
  const fingerprints: Fingerprint[] = [];
  const hashes: string[] = [];
  for (const [index, record] of records.entries()) {
    options.signal?.throwIfAborted();
    const signal = await readSignal(folder, record);
    fingerprints.push(fingerprint(signal, record.leads, record.samplingRateHz));
    hashes.push(hashWaveform(signal));
    options.onProgress?.(index + 1, records.length, "fingerprints");
  }
  return { fingerprints, hashes };
}

/** Recordings that share a key but lie in different splits. */
function findShared(
  records: readonly DatasetRecord[],
  kind: "identity" | "patient" | "exam",
  keyOf: (record: DatasetRecord) => string | undefined,
): Finding[] {
  const firstOf = new Map<string, Map<Split, DatasetRecord>>();
  const findings: Finding[] = [];
  for (const record of records) {
    const key = keyOf(record);
    if (key === undefined) continue;
    const bySplit = firstOf.get(key) ?? new Map<Split, DatasetRecord>();
    firstOf.set(key, bySplit);
    for (const [split, other] of bySplit) {
      if (split === record.split) continue;
      findings.push({
        kind,
        between: [other.identity.recordingId, record.identity.recordingId],
        splits: [other.split, record.split],
        patientsKnown: other.identity.patientKnown && record.identity.patientKnown,
        detail: `the same ${kind} (${key}) is in ${other.split} and in ${record.split}`,
      });
    }
    if (!bySplit.has(record.split)) bySplit.set(record.split, record);
  }
  return findings;
}

/** The same person at the same second in the same source: one examination stored twice. */
function examKey(record: DatasetRecord): string | undefined {
  const { ageYears, sex } = record.patient;
  if (!record.acquiredAt || !/\d:\d\d/.test(record.acquiredAt) || ageYears === undefined || !sex)
    return undefined;
  return [record.source, record.acquiredAt, ageYears, sex].join(" ");
}

/** Recordings of different patients with an equal hash of their samples or of a picture ("" is no hash). */
function findEqualHashes(
  records: readonly DatasetRecord[],
  kind: "waveform" | "image",
  hashesOf: (record: DatasetRecord, index: number) => readonly string[],
): Finding[] {
  const firstOf = new Map<string, DatasetRecord>();
  const findings: Finding[] = [];
  for (const [index, record] of records.entries()) {
    for (const hash of hashesOf(record, index).filter((value) => value !== "")) {
      const other = firstOf.get(hash);
      if (other === undefined) firstOf.set(hash, record);
      else if (other.identity.patientId !== record.identity.patientId) {
        findings.push({
          kind,
          between: [other.identity.recordingId, record.identity.recordingId],
          splits: [other.split, record.split],
          patientsKnown: other.identity.patientKnown && record.identity.patientKnown,
          detail: `two recordings have the same ${kind} (hash ${hash.slice(0, 12)})`,
        });
      }
    }
  }
  return findings;
}

/** Items must ask about recordings of their own split only. */
async function findItemLeaks(folder: string, records: readonly DatasetRecord[]): Promise<Finding[]> {
  const splitOf = new Map(records.map((record) => [record.identity.recordingId, record.split]));
  const findings: Finding[] = [];
  for await (const { split, item } of readItems(folder)) {
    for (const entry of item.records) {
      const found = splitOf.get(entry.recordId);
      if (found === split) continue;
      findings.push({
        kind: "item",
        between: [item.id, entry.recordId],
        splits: [split, found ?? split],
        patientsKnown: true,
        detail: `an item of ${split} asks about ${entry.recordId}, which ${found ? `is in ${found}` : "the dataset does not hold"}`,
      });
    }
  }
  return findings;
}

function countEqualTexts(records: readonly DatasetRecord[]): AuditReport["equalTexts"] {
  const splitsOf = new Map<string, Set<Split>>();
  for (const record of records) {
    const text = record.reportText?.trim().toLowerCase();
    if (!text) continue;
    splitsOf.set(text, (splitsOf.get(text) ?? new Set()).add(record.split));
  }
  const repeated = [...splitsOf].filter(([, splits]) => splits.size > 1).map(([text]) => text);
  const examples = [...repeated].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).slice(0, 5);
  return { texts: repeated.length, examples };
}
