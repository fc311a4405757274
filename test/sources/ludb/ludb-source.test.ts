// LUDB: wave boundaries lead by lead, labels of the table or of the header, and untidy annotations.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { groupWaveBoundaries } from "../../../src/sources/ludb/group-wave-boundaries.ts";
import { openLudbSource } from "../../../src/sources/ludb/ludb-source.ts";
import { readLudbBoundaries } from "../../../src/sources/ludb/read-ludb-boundaries.ts";
import type { WfdbAnnotation } from "../../../src/sources/wfdb/wfdb-annotation.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";
import { buildWfdbFiles, lineWithGap } from "../build-wfdb-files.ts";

const DATA = "../shared/data/ludb";
const CANONICAL = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" ");
const LUDB_LEADS = CANONICAL.map((lead) => lead.toLowerCase());

const TABLE =
  'ID,Sex,Age,Rhythms,Electric axis of the heart,Conduction abnormalities,Ischemia\n2,"F\n",">89\n",Sinus bradycardia,Electric axis of the heart: left axis deviation,,"Ischemia: inferior wall\nIschemia: lateral wall"\n';
const comments = [
  "<age>: 75",
  "<sex>: M",
  "<diagnoses>:",
  "Rhythm: Atrial fibrillation.",
  "Left anterior hemiblock. ",
];
const ecg = (path: string) => buildWfdbFiles({ path, leads: LUDB_LEADS, digital: lineWithGap, comments });
const store = createMemoryFileStore({
  ...ecg("ludb/data/10"),
  ...ecg("ludb/data/2"),
  "ludb/data/3.hea": "3 1 500 20\n3.dat 16 1000/mV 16 0 0 0 0 i\n",
  "ludb/ludb.csv": TABLE,
});

describeSourceContract("ludb", {
  open: () => openLudbSource(store, "ludb"),
  expected: {
    id: "2",
    format: "ludb",
    recordingId: "ludb:2",
    patientId: "ludb:2",
    patientKnown: true,
    samplingRateHz: 500,
    leads: CANONICAL,
    sampleCount: 20,
    firstSamples: { II: [0.1, 0.101], V1: [0.6, 0.601] },
    atol: 1e-7,
    missing: { lead: "V6", sample: 3 },
  },
  broken: {
    open: () => openLudbSource(store, "ludb"),
    id: "3",
    code: "NOT_FOUND",
    message: /ludb\/data\/3\.dat/,
  },
});

describe("openLudbSource", () => {
  it("lists by number and takes patient and findings from ludb.csv", async () => {
    const source = await openLudbSource(store, "ludb");
    const references = await source.list();
    expect(references.map(({ id }) => id)).toEqual(["2", "3", "10"]);
    const record = await source.read(references[0]!);
    expect(record.patient).toEqual({ id: "2", ageYears: 90, sex: "female" });
    const codes = record.statements.map((statement) => statement.code.value);
    expect(codes).toEqual(expect.arrayContaining(["SBRAD", "left-axis-deviation", "ISCIN", "ISCLA"]));
    expect(record.sourceLabels).toContainEqual({
      system: "text",
      code: "Ischemia: lateral wall",
      likelihood: null,
    });
  });

  it("takes them from the header where the table has no row", async () => {
    const source = await openLudbSource(store, "ludb/data/10");
    const [reference] = await source.list();
    const record = await source.read(reference!);
    expect(record.patient).toEqual({ id: "10", ageYears: 75, sex: "male" });
    expect(record.statements.map((statement) => statement.code.value)).toEqual(["AFIB", "LAFB"]);
    expect(record.labelScope).toContain("scp:LAFB");
  });
});

describe("groupWaveBoundaries", () => {
  const marks = (text: string): WfdbAnnotation[] =>
    text.split(" ").map((mark) => {
      const [symbol = "", sample = ""] = mark.split("@");
      return { symbol, sample: Number(sample), code: 1, subtype: 0, channel: 0, number: 0, text: "" };
    });

  it("joins onset, peak and offset of each wave", () => {
    expect(groupWaveBoundaries(marks("(@10 p@20 )@30 (@40 N@50 )@60 (@80 t@90 )@99"))).toEqual([
      { wave: "P", onsetSample: 10, peakSample: 20, offsetSample: 30 },
      { wave: "QRS", onsetSample: 40, peakSample: 50, offsetSample: 60 },
      { wave: "T", onsetSample: 80, peakSample: 90, offsetSample: 99 },
    ]);
  });

  it("keeps what a wave has when a boundary is missing", () => {
    expect(groupWaveBoundaries(marks("N@50 )@60 (@80 t@90 (@95 p@96 )@97"))).toEqual([
      { wave: "QRS", peakSample: 50, offsetSample: 60 },
      { wave: "T", onsetSample: 80, peakSample: 90 },
      { wave: "P", onsetSample: 95, peakSample: 96, offsetSample: 97 },
    ]);
  });

  it("gives a pacing spike the end of the bracket after it, drops a bracket without a wave", () => {
    // 111.avf and 8.v5 of LUDB.
    expect(groupWaveBoundaries(marks("N@2920 (@2921 )@2996 (@4398 )@4461"))).toEqual([
      { wave: "QRS", peakSample: 2920, offsetSample: 2996 },
    ]);
  });

  it("takes a wave marked several times over as one, at the medians", () => {
    // 116.v2 of LUDB.
    expect(
      groupWaveBoundaries(marks("(@373 (@394 (@399 (@406 t@422 t@425 t@430 t@438 )@457 )@461 )@469")),
    ).toEqual([{ wave: "T", onsetSample: 394, peakSample: 425, offsetSample: 461 }]);
  });
});

describe.skipIf(!existsSync(DATA))("LUDB's shared records", () => {
  it("has boundaries in order for every lead of every record", async () => {
    const source = await openLudbSource(diskFileStore, DATA);
    const references = await source.list();
    expect(references).toHaveLength(156);
    const counts = { P: 0, QRS: 0, T: 0, whole: 0 };
    for (const { path } of references) {
      const leads = await readLudbBoundaries(diskFileStore, path);
      expect(leads.map(({ lead }) => lead)).toEqual(CANONICAL);
      for (const { waves } of leads) {
        let before = -1;
        for (const { wave, onsetSample, peakSample, offsetSample } of waves) {
          counts[wave]++;
          if (onsetSample !== undefined && offsetSample !== undefined) counts.whole++;
          expect(peakSample).toBeGreaterThan(before);
          expect(onsetSample ?? peakSample).toBeLessThanOrEqual(peakSample);
          expect(offsetSample ?? peakSample).toBeGreaterThanOrEqual(peakSample);
          before = peakSample;
        }
      }
    }
    // Peaks in the 1,872 files: 13,274 p, 17,346 N and 15,560 t, of which 8 T are repetitions (116.v1, 116.v2).
    expect([counts.P, counts.QRS, counts.T]).toEqual([13274, 17346, 15552]);
    expect(counts.whole).toBeGreaterThan(46050);
  });

  it("reads every record with its findings", async () => {
    const source = await openLudbSource(diskFileStore, DATA);
    for (const reference of await source.list()) {
      const record = await source.read(reference, { endSample: 4 });
      expect(record.statements.length, reference.id).toBeGreaterThan(0);
      expect(record.patient.sex, reference.id).toBeDefined();
      expect(record.patient.ageYears, reference.id).toBeGreaterThan(0);
    }
  });
});
