// Copies of LUDB recordings planted under other names: every one is found, and no stranger is taken for a copy.
// The audit's thresholds were set on copies of PTB-XL and Challenge recordings, not on these.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuildResult, buildDataset } from "../../../src/agent/build-dataset.ts";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { leadSamples, sliceSamples, stackLeads } from "../../../src/record/lead-matrix.ts";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { resampleRecord } from "../../../src/signal/resample-record.ts";
import { openSource } from "../../../src/sources/open-source.ts";
import { writeWfdbRecord } from "../../../src/sources/wfdb/write-wfdb-record.ts";

const LUDB = "../shared/data/ludb";
const EVERY = 13;
const rng = createRng("planted-copies");

const mapLeads = (record: EcgRecord, change: (samples: Float32Array) => ArrayLike<number>): EcgRecord => ({
  ...record,
  signal: stackLeads(record.leads.map((_, lead) => change(leadSamples(record.signal, lead)))),
});

function withNoise(samples: Float32Array): Float32Array {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const power = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
  return samples.map((value) => value + Math.sqrt(power / 100) * rng.normal());
}

function crop(record: EcgRecord): EcgRecord {
  const start = 100 + rng.integer(1800);
  return { ...record, signal: sliceSamples(record.signal, start, start + 3000) };
}

const COPIES: readonly ((record: EcgRecord) => EcgRecord)[] = [
  (record) => resampleRecord(record, { toHz: 100 }),
  (record) => mapLeads(record, (samples) => samples.map((value) => Math.round(value * 200) / 200)),
  (record) => ({ ...record, signal: sliceSamples(record.signal, 350, record.signal.sampleCount) }),
  crop,
  (record) => mapLeads(record, withNoise),
];

describe.skipIf(!existsSync(LUDB))("copies of LUDB recordings (needs ../shared/data)", () => {
  let root = "";
  let built: BuildResult;
  let planted = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "heartcare-planted-"));
    const folder = join(root, "planted");
    await mkdir(folder);
    const source = await openSource(diskFileStore, LUDB);
    for (const reference of (await source.list()).filter((_, index) => index % EVERY === 0)) {
      const record = await source.read(reference);
      for (const change of COPIES) await plant(folder, `rec${planted++}`, change(record));
    }
    built = await buildDataset([LUDB, folder], {
      out: join(root, "data"),
      seed: 7,
      workers: 2,
      images: false,
    });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it("are all found, each beside its original", () => {
    const found = new Set(
      (built.audit?.leaks ?? [])
        .filter(({ kind, between }) => kind === "fingerprint" && between.some((id) => id.startsWith("ludb:")))
        .flatMap(({ between }) => between.filter((id) => !id.startsWith("ludb:"))),
    );
    expect(planted).toBe(60);
    expect(found.size).toBe(60);
  });

  it("are told from strangers: every finding is a copy of one original, none is between two originals", () => {
    const original = new Map<string, string>();
    const findings = (built.audit?.leaks ?? []).filter(({ kind }) => kind === "fingerprint");
    for (const { between } of findings) {
      const [a, b] = between;
      if (a.startsWith("ludb:")) original.set(b, a);
      if (b.startsWith("ludb:")) original.set(a, b);
    }
    const wrong = findings.filter(({ between: [a, b] }) => (original.get(a) ?? a) !== (original.get(b) ?? b));
    expect(wrong).toEqual([]);
    expect(built.audit?.copies).toEqual([]);
    expect(built.audit?.fingerprints.highestBelow).toBeLessThan(0.95);
  });
});

/** A record as plain WFDB: nothing in it says whose it is. */
async function plant(folder: string, name: string, record: EcgRecord): Promise<void> {
  const channels = record.leads.map((lead, index) => ({
    name: lead,
    unit: "mV",
    samples: Float64Array.from(leadSamples(record.signal, index)),
    samplesPerFrame: 1,
    gain: 1000,
    baseline: 0,
  }));
  const { files } = writeWfdbRecord(
    { name, samplingRateHz: record.samplingRateHz, channels },
    { format: 16 },
  );
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, file), bytes);
}
