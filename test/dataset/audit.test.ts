import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { auditDataset } from "../../src/dataset/audit/audit-dataset.ts";
import { compareWaveforms } from "../../src/dataset/audit/compare-waveforms.ts";
import { fingerprint } from "../../src/dataset/audit/fingerprint.ts";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { leadSamples, sliceSamples, stackLeads } from "../../src/record/lead-matrix.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { createRng } from "../../src/shared/rng.ts";
import { cleanRecord } from "../../src/signal/clean-record.ts";
import { resampleRecord } from "../../src/signal/resample-record.ts";
import { writeTestDataset } from "./write-test-dataset.ts";

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "heartcare-audit-"));
  folders.push(folder);
  return folder;
}
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

function patient(seed: number): EcgRecord {
  return synthesizeEcg({
    seed,
    samplingRateHz: 500,
    durationSeconds: 10,
    id: `s${seed}`,
    patientId: `p${seed}`,
  });
}

/** The record as a file of another hospital would give it: other id, nobody known. */
function renamed(record: EcgRecord): EcgRecord {
  const recordingId = `copy-of:${record.id}`;
  return {
    ...record,
    id: recordingId,
    identity: { recordingId, patientId: recordingId, patientKnown: false },
  };
}

function mapLeads(
  record: EcgRecord,
  change: (samples: Float32Array, lead: number) => ArrayLike<number>,
): EcgRecord {
  const leads = record.leads.map((_, lead) => change(leadSamples(record.signal, lead), lead));
  return { ...record, signal: stackLeads(leads) };
}

function withNoise(record: EcgRecord, decibel: number): EcgRecord {
  const rng = createRng("noise");
  return mapLeads(record, (samples) => {
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    const deviation = Math.sqrt(power / 10 ** (decibel / 10));
    return samples.map((value) => value + deviation * rng.normal());
  });
}

const COPIES: readonly (readonly [string, (record: EcgRecord) => EcgRecord])[] = [
  ["renamed and at 100 Hz", (record) => resampleRecord(record, { toHz: 100 })],
  [
    "rescaled to 200 units/mV",
    (record) => mapLeads(record, (samples) => samples.map((value) => Math.round(value * 200) / 200)),
  ],
  ["shifted by 0.7 s", (record) => ({ ...record, signal: sliceSamples(record.signal, 350, 5000) })],
  ["cropped to 6 s", (record) => ({ ...record, signal: sliceSamples(record.signal, 900, 3900) })],
  ["with noise at 20 dB", (record) => withNoise(record, 20)],
  ["half as high", (record) => mapLeads(record, (samples) => samples.map((value) => value / 2))],
];

const clean = (record: EcgRecord): EcgRecord => cleanRecord(record, { toHz: 250 }).cleaned;

describe("the leakage audit", () => {
  it.each(COPIES)("finds a copy %s in another split", async (_, change) => {
    const folder = await newFolder();
    const original = patient(3);
    await writeTestDataset(folder, [
      ...[1, 2, 3, 4, 5, 6].map((seed) => ({ record: clean(patient(seed)), split: "train" as const })),
      { record: clean(renamed(change(original))), split: "test" },
    ]);
    const report = await auditDataset(folder);
    expect(report.leaks.map(({ kind, between }) => [kind, ...between])).toContainEqual([
      "fingerprint",
      original.identity.recordingId,
      "copy-of:s3",
    ]);
    expect(report.fingerprints.above).toBe(1);
  });

  it("finds nothing among strangers, and says how alike they are at most", async () => {
    const folder = await newFolder();
    const seeds = Array.from({ length: 24 }, (_, index) => index + 1);
    await writeTestDataset(
      folder,
      seeds.map((seed) => ({ record: clean(patient(seed)), split: seed % 2 ? "train" : "test" })),
    );
    const report = await auditDataset(folder);
    expect(report.leaks).toEqual([]);
    expect(report.copies).toEqual([]);
    expect(report.fingerprints.pairs).toBe((24 * 23) / 2);
    expect(report.fingerprints.highestBelow).toBeLessThan(0.98);
    expect(JSON.parse(await readFile(join(folder, "audit.json"), "utf8"))).toEqual(report);
  });

  it("finds a patient and a recording that stand in two splits", async () => {
    const folder = await newFolder();
    const record = clean(patient(1));
    const other = {
      ...clean(patient(2)),
      identity: { ...patient(2).identity, patientId: record.identity.patientId },
    };
    await writeTestDataset(folder, [
      { record, split: "train" },
      { record: other, split: "val" },
    ]);
    const { leaks } = await auditDataset(folder);
    expect(leaks.map((leak) => [leak.kind, ...leak.splits])).toEqual([["patient", "train", "val"]]);
  });

  it("calls a copy of an unknown patient a leak even inside one split: it is there by chance", async () => {
    const folder = await newFolder();
    await writeTestDataset(folder, [
      { record: clean(patient(1)), split: "train" },
      { record: clean(renamed(patient(1))), split: "train" },
    ]);
    const report = await auditDataset(folder);
    expect(report.leaks.map((leak) => leak.kind)).toEqual(["waveform", "fingerprint"]);
  });

  it("reports a duplicate of the source itself, under two known patients of one split, without failing", async () => {
    const folder = await newFolder();
    const copy = {
      ...patient(1),
      identity: { recordingId: "synthetic:again", patientId: "p-again", patientKnown: true },
    };
    await writeTestDataset(folder, [
      { record: clean(patient(1)), split: "train" },
      { record: clean(copy), split: "train" },
    ]);
    const report = await auditDataset(folder);
    expect(report.leaks).toEqual([]);
    expect(report.copies.map((leak) => leak.kind)).toEqual(["waveform", "fingerprint"]);
    expect(report.fingerprints.aboveKnownStrangers).toBe(1);
  });
});

describe("comparing waveforms", () => {
  it("tells the shift in seconds", () => {
    const whole = clean(patient(9));
    const later = { ...whole, signal: sliceSamples(whole.signal, 250, 2500) };
    const match = compareWaveforms(
      fingerprint(whole.signal, whole.leads, 250),
      fingerprint(later.signal, later.leads, 250),
    );
    expect(match.shiftSeconds).toBe(1);
    expect(match.correlation).toBeGreaterThan(0.999);
  });
});
