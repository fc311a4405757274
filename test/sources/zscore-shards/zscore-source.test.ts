// z-scored PTB-XL: shards and golden files, their identities, and what a subclass leaves open.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { momentsOf } from "../../../src/signal/moments.ts";
import { openPtbxlSource } from "../../../src/sources/ptbxl/ptbxl-source.ts";
import { labelsOfSubclassRow } from "../../../src/sources/source-labels.ts";
import { openZscoreSource } from "../../../src/sources/zscore-shards/zscore-source.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";
import { buildNpy } from "../build-npy.ts";

const DATA = "../shared/data/ptb-xl-zscore100";
const CANONICAL = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" ");

const row = (r: number): number[] => Array.from({ length: 8 * 12 }, (_, i) => 1000 * r + i);
const store = createMemoryFileStore({
  "z/shard00.npy": buildNpy([...row(0), ...row(1)], { type: "<i2", shape: [2, 8, 12] }),
  "z/golden500/9.npy": buildNpy(row(2), { type: "<f4", shape: [8, 12] }),
  "z/labels.csv":
    "file,row,ecg_id,patient_id,strat_fold,super_class,sub_class,rhythm,form\nshard00.npy,0,519,8697,1,CD;STTC,ISCI;LAFB/LPFB,SR,\nshard00.npy,1,523,14910,8,NORM,NORM,SR,LVOLT\nshard07.npy,0,524,14911,9,NORM,NORM,SR,\n",
  "ptb-xl/labels_all_dev.csv": "ecg_id,patient_id,strat_fold\n9,77,10\n",
});

describeSourceContract("zscore-shards", {
  open: () => openZscoreSource(store, "z"),
  expected: {
    id: "523",
    format: "zscore-shards",
    recordingId: "ptbxl:523",
    patientId: "ptbxl:14910",
    patientKnown: true,
    samplingRateHz: 100,
    leads: CANONICAL,
    sampleCount: 8,
    firstSamples: { I: [1, 1.012, 1.024], V6: [1.011, 1.023] },
    atol: 1e-6,
    missing: "integers of a shard have no missing value",
  },
  broken: {
    open: () => openZscoreSource(store, "z"),
    id: "524",
    code: "NOT_FOUND",
    message: /z\/shard07\.npy/,
  },
});

describe("openZscoreSource", () => {
  it("says that amplitudes are z-scores and whose recording it is", async () => {
    const source = await openZscoreSource(store, "z");
    const references = await source.list();
    expect(references.map(({ id }) => id)).toEqual(["519", "523", "524", "golden500/9"]);
    const shard = await source.read(references[1]!);
    expect(shard.provenance.amplitudeUnit).toBe("z");
    expect(shard.identity.fold).toBe(8);
    expect(shard.statements.map(({ code, likelihood }) => [code.value, likelihood])).toEqual([
      ["SR", null],
      ["LVOLT", null],
      ["NORM", null],
    ]);
    const golden = await source.read(references[3]!);
    expect(golden.samplingRateHz).toBe(500);
    expect(golden.identity).toEqual({
      recordingId: "ptbxl:9",
      patientId: "ptbxl:77",
      patientKnown: true,
      fold: 10,
    });
    expect([golden.statements, golden.labelScope]).toEqual([[], []]);
    expect(golden.signal.data[1]).toBe(2012);
  });

  it("opens one file of the folder", async () => {
    const shard = await openZscoreSource(store, "z/shard00.npy");
    expect((await shard.list()).map(({ id }) => id)).toEqual(["519", "523"]);
    const golden = await openZscoreSource(store, "z/golden500/9.npy");
    expect((await golden.list()).map(({ id }) => id)).toEqual(["golden500/9"]);
  });
});

describe("labelsOfSubclassRow", () => {
  it("states a subclass of one statement, and leaves one of several out of the scope", () => {
    const labels = labelsOfSubclassRow({ sub_class: "ISCI;LAFB/LPFB;IRBBB", rhythm: "AFIB", form: "" });
    expect(labels.statements.map(({ code }) => code.value)).toEqual(["AFIB", "IRBBB"]);
    const scope = new Set(labels.labelScope);
    expect(
      ["scp:ISCIN", "scp:ISCIL", "scp:LAFB", "scp:LPFB"].filter((key) => scope.has(key as never)),
    ).toEqual([]);
    expect(
      ["scp:IRBBB", "scp:IMI", "scp:NORM", "scp:SR", "scp:LVOLT"].every((key) => scope.has(key as never)),
    ).toBe(true);
  });
});

describe.skipIf(!existsSync(DATA))("the shared z-scored recordings", () => {
  it("reads every 50th of 1,495 shard rows as z-scores with statements", async () => {
    const source = await openZscoreSource(diskFileStore, DATA);
    const shards = (await source.list()).filter(({ row: r }) => r !== undefined);
    expect(shards).toHaveLength(1495);
    for (const reference of shards.filter((_, index) => index % 50 === 0)) {
      const record = await source.read(reference);
      expect(record.signal.sampleCount).toBe(1000);
      expect(record.identity.patientKnown).toBe(true);
      expect(record.identity.fold).toBeGreaterThanOrEqual(1);
      expect(record.sourceLabels.length, reference.id).toBeGreaterThan(0);
      for (let lead = 0; lead < 12; lead++) {
        expect(Math.abs(momentsOf(leadSamples(record.signal, lead)).sd - 1)).toBeLessThan(0.05);
      }
    }
  });

  it("gives golden500 the patients of the PTB-XL folder beside it", async () => {
    const source = await openZscoreSource(diskFileStore, DATA);
    const ptbxl = await openPtbxlSource(diskFileStore, `${DATA}/../ptb-xl`);
    const rows = new Map((await ptbxl.list()).map((reference) => [reference.id, reference]));
    const golden = (await source.list()).filter(({ row: r }) => r === undefined);
    expect(golden).toHaveLength(6);
    for (const reference of golden) {
      const { identity, signal } = await source.read(reference);
      const original = await ptbxl.read(rows.get(identity.recordingId.slice("ptbxl:".length))!);
      expect(identity).toEqual(original.identity);
      expect(signal.sampleCount).toBe(original.signal.sampleCount);
    }
  });

  it("agrees with PTB-XL's own statements where a label table has the same recordings", async () => {
    const ptbxl = await openPtbxlSource(diskFileStore, `${DATA}/../ptb-xl`);
    const { parseCsvTable } = await import("../../../src/sources/csv/parse-csv.ts");
    const { readText } = await import("../../../src/shared/byte-source.ts");
    const table = parseCsvTable(await readText(diskFileStore, `${DATA}/../ptb-xl/labels_all_dev.csv`));
    const rows = new Map(table.rows.map(({ values }) => [values["ecg_id"] ?? "", values]));
    let compared = 0;
    for (const reference of await ptbxl.list()) {
      const values = rows.get(reference.id);
      if (!values) continue;
      const own = await ptbxl.read(reference, { endSample: 2 });
      const truth = new Set(own.statements.map(({ code }) => `${code.system}:${code.value}`));
      const { statements, labelScope } = labelsOfSubclassRow(values);
      const stated = new Set(statements.map(({ code }) => `${code.system}:${code.value}`));
      // What the table states is there, and what is in its scope but not stated is not.
      for (const key of stated) expect(truth, `${reference.id} ${key}`).toContain(key);
      for (const key of labelScope)
        if (!stated.has(key)) expect(truth, `${reference.id} ${key}`).not.toContain(key);
      compared++;
    }
    expect(compared).toBeGreaterThan(300);
  });
});
