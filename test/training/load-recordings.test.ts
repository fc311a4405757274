import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareRecording, trimConstantEnds } from "../../src/beat/prepare-recording.ts";
import type { RecordIdentity } from "../../src/record/ecg-record.ts";
import { createLeadMatrix, leadSamples } from "../../src/record/lead-matrix.ts";
import { writeNpy } from "../../src/shared/npy.ts";
import { cleanRecord } from "../../src/signal/clean-record.ts";
import {
  chooseEvaluated,
  type Evaluated,
  type SeenRecordings,
  seenRecordings,
} from "../../src/training/held-out.ts";
import { loadRecordings, mergeByIdentity } from "../../src/training/load-recordings.ts";
import { packRecording, toLoadedRecording, unpackSignal } from "../../src/training/packed-recording.ts";
import { beatingSignal, recordOf } from "../beat/tiny-beat.ts";
import { writeRecordings } from "./write-recordings.ts";

const OPTIONS = { samplingRateHz: 50, minimumSamples: 300 };
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "load-"));
  await writeRecordings(join(root, "twelve"), 12);
});
afterAll(() => rm(root, { recursive: true, force: true }));

function packed(identity: Partial<RecordIdentity>, facts: { unit?: "mV" | "z"; nativeHz?: number } = {}) {
  const { unit = "mV", nativeHz = 500 } = facts;
  const recordingId = identity.recordingId ?? "x:1";
  const full = { recordingId, patientId: recordingId, patientKnown: false, ...identity };
  return packRecording(beatingSignal(300), { identity: full, unit, nativeHz, superclasses: null });
}

describe("packRecording", () => {
  it("keeps samples within 1/32,767 of the lead's largest, and what is missing", () => {
    const signal = beatingSignal(300);
    leadSamples(signal, 2).fill(Number.NaN);
    leadSamples(signal, 3)[7] = Number.NaN;
    leadSamples(signal, 4).fill(0);
    const found = unpackSignal(
      packRecording(signal, { identity: packed({}).identity, unit: "mV", nativeHz: 500, superclasses: null }),
    );
    expect(found.data).toBeAllClose(signal.data, { atol: 2.5 / 32_767 });
    expect(leadSamples(found, 2).every(Number.isNaN)).toBe(true);
    expect(leadSamples(found, 4).every((x) => x === 0)).toBe(true);
  });
});

describe("prepareRecording", () => {
  it("is cleanRecord's cleaned signal, in canonical order", () => {
    const record = recordOf(beatingSignal(3000, { cycle: 400 }), { samplingRateHz: 500 });
    const wanted = cleanRecord(record, { toHz: 250 }).cleaned.signal;
    expect(prepareRecording(record, 250).data).toBeAllClose(wanted.data, { atol: 1e-7 });
  });

  it("resamples z-scores without cleaning them", () => {
    const signal = beatingSignal(400);
    const record = recordOf(signal, { unit: "z" });
    expect(prepareRecording(record, 50).data).toBeAllClose(signal.data, { atol: 1e-6 });
  });

  it("trims ends at which nothing changes, as archives pad them", () => {
    const signal = createLeadMatrix(12, 500, 0);
    const inner = beatingSignal(300);
    for (let lead = 0; lead < 12; lead++) leadSamples(signal, lead).set(leadSamples(inner, lead), 100);
    const trimmed = trimConstantEnds(signal);
    expect(trimmed.sampleCount).toBe(302); // one padded sample on either side
    expect(leadSamples(trimmed, 5).subarray(1, 301)).toEqual(leadSamples(inner, 5));
    expect(trimConstantEnds(inner)).toBe(inner);
    expect(trimConstantEnds(createLeadMatrix(2, 50, 0)).sampleCount).toBe(50);
  });
});

describe("mergeByIdentity", () => {
  it("keeps mV before z-scores, a higher rate before a lower one, the earlier before the later", () => {
    const z = packed({}, { unit: "z", nativeHz: 500 });
    const slow = packed({}, { nativeHz: 100 });
    const fast = packed({}, { nativeHz: 500 });
    expect(mergeByIdentity([z, slow])[0]!.samples).toBe(slow.samples);
    expect(mergeByIdentity([slow, z, fast])[0]!.samples).toBe(fast.samples);
    expect(mergeByIdentity([fast, { ...fast, samples: new Int16Array(0) }])[0]!.samples).toBe(fast.samples);
  });

  it("lets a fold that any source knows decide the split", () => {
    const known = packed(
      { recordingId: "ptbxl:5", patientId: "ptbxl:p9", patientKnown: true, fold: 10 },
      { nativeHz: 100 },
    );
    const unknown = packed({ recordingId: "ptbxl:5" });
    const [merged] = mergeByIdentity([unknown, known]);
    expect(merged!.identity).toMatchObject({ fold: 10, patientId: "ptbxl:p9", patientKnown: true });
    expect(merged!.samples).toBe(unknown.samples);
  });
});

describe("loadRecordings", () => {
  it("reads any source, splits by identity, and gives the same from the cache", async () => {
    const cacheFolder = join(root, "cache");
    const first = await loadRecordings([join(root, "twelve")], { ...OPTIONS, cacheFolder });
    const all = Object.values(first.splits).flat();
    expect(all).toHaveLength(12);
    expect(all.every(({ signal, sampleCount }) => signal.sampleCount === sampleCount)).toBe(true);
    const second = await loadRecordings([join(root, "twelve")], { ...OPTIONS, cacheFolder });
    const samples = (loaded: typeof first) =>
      Object.values(loaded.splits)
        .flat()
        .map(({ signal }) => signal.data);
    expect(samples(second)).toEqual(samples(first));
    // A cache that was cut is no cache.
    const [file] = (await readdir(cacheFolder)).filter((name) => name.endsWith(".int16"));
    await truncate(join(cacheFolder, file!), 100);
    expect(samples(await loadRecordings([join(root, "twelve")], { ...OPTIONS, cacheFolder }))).toEqual(
      samples(first),
    );
  });

  it("counts a recording once when it comes twice", async () => {
    const { splits, duplicates } = await loadRecordings(
      [join(root, "twelve"), join(root, "twelve")],
      OPTIONS,
    );
    expect(Object.values(splits).flat()).toHaveLength(12);
    expect(duplicates).toBe(12);
  });

  it("leaves out what is too short or broken, with the reason", async () => {
    const loaded = loadRecordings([join(root, "twelve")], { ...OPTIONS, minimumSamples: 100_000 });
    await expect(loaded).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(
        /expected recordings to use, found 0; first left out: expected 2000\.0 s/,
      ),
    });
  });

  it("leaves out folders that state no licence of their signals, unless told otherwise", async () => {
    const folder = join(root, "mimic-iv-ecg");
    await mkdir(folder);
    const signal = beatingSignal(400);
    await writeFile(join(folder, "a.npy"), writeNpy(signal.data, [12, 400]));
    const { sources } = await loadRecordings([folder, join(root, "twelve")], OPTIONS);
    expect(sources[0]).toMatchObject({
      read: 0,
      leftOut: [{ reason: expect.stringContaining("no licence") }],
    });
  });
});

describe("chooseEvaluated", () => {
  const of = (recordingId: string, fold?: number) =>
    toLoadedRecording(
      packed({ recordingId, ...(fold === undefined ? {} : { fold }) }),
      fold === undefined ? "train" : fold === 10 ? "test" : fold === 9 ? "val" : "train",
    );
  const all = [of("ptbxl:1", 3), of("ptbxl:2", 10), of("ludb:1"), of("ludb:2")];
  const seen = seenRecordings([all[0]!, all[2]!], []);
  const ids = (which: Evaluated, known: SeenRecordings | null = seen) =>
    chooseEvaluated(all, which, known ?? undefined).map(({ id }) => id);

  it("takes fold 10, and elsewhere what the checkpoint has not seen", () => {
    expect(ids("held-out")).toEqual(["ptbxl:2", "ludb:2"]);
    expect(ids("held-out", null)).toEqual(["ptbxl:2", "ludb:1", "ludb:2"]);
    expect(ids("test")).toEqual(["ptbxl:2"]);
    expect(ids("train")).toEqual(["ptbxl:1", "ludb:1", "ludb:2"]);
    expect(ids("all")).toHaveLength(4);
  });
});
