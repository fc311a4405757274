import { describe, expect, it } from "vitest";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { ecgRecordToWfdb } from "../../../src/sources/wfdb/ecg-record-to-wfdb.ts";
import { parsePatientComments } from "../../../src/sources/wfdb/parse-patient-comments.ts";
import { openWfdbSource } from "../../../src/sources/wfdb/wfdb-source.ts";
import { writeWfdbRecord } from "../../../src/sources/wfdb/write-wfdb-record.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";
import { buildSignalBytes } from "./build-wfdb-bytes.ts";

type Files = Record<string, Uint8Array | string>;

/** A record of two leads and a pressure in a folder. */
function recordIn(folder: string, name: string, comments: readonly string[] = []): Files {
  const channels = [
    { name: "V5", unit: "mV", gain: 1000, samples: [0.1, 0.2, 0.3, 0.4, Number.NaN, 0.6, 0.7, 0.8] },
    { name: "ABP", unit: "mmHg", gain: 10, samples: [1, 2, 3, 4, 5, 6, 7, 8] },
    { name: "MLII", unit: "uV", gain: 1, samples: [-10, -20, -30, -40, -50, -60, -70, -80] },
  ];
  const { files } = writeWfdbRecord({ name, samplingRateHz: 360, channels, comments });
  const prefix = folder === "" ? "" : `${folder}/`;
  return Object.fromEntries(Object.entries(files).map(([file, bytes]) => [prefix + file, bytes]));
}

const FOLDER: Files = {
  ...recordIn("db/p1", "a", ["<age>: 51  <sex>: F"]),
  ...recordIn("db/p2", "b"),
  "db/p2/broken.hea": "broken 1 500 100\nbroken.dat 16 1/mV 16 0 0 0 0 II",
  "db/m.hea": "m/2 1 100 4\nm_1 2\nm_2 2",
  "db/m_1.hea": "m_1 1 100 2\nm_1.dat 16 1/mV 16 0 1 3 0 I",
  "db/m_1.dat": buildSignalBytes(16, [1, 2]),
  "db/m_2.hea": "m_2 1 100 2\nm_2.dat 16 1/mV 16 0 3 7 0 I",
  "db/m_2.dat": buildSignalBytes(16, [3, 4]),
};
const open = (files: Files, path: string) => openWfdbSource(createMemoryFileStore(files), path);

describeSourceContract("wfdb", {
  open: () => open(FOLDER, "db"),
  expected: {
    id: "a",
    format: "wfdb",
    recordingId: "wfdb:p1/a",
    patientId: "wfdb:p1/a",
    patientKnown: false,
    samplingRateHz: 360,
    leads: ["II", "V5"],
    sampleCount: 8,
    firstSamples: { II: [-0.01, -0.02, -0.03], V5: [0.1, 0.2, 0.3] },
    atol: 1e-7,
    missing: { lead: "V5", sample: 4 },
  },
  broken: { open: () => open(FOLDER, "db"), id: "broken", code: "NOT_FOUND", message: /db\/p2\/broken\.dat/ },
});

describe("openWfdbSource", () => {
  const idsOf = async (files: Files, path: string) =>
    (await (await open(files, path)).list()).map(({ id, path: header }) => `${id} ${header}`);

  it("lists a folder and those below it, a multi-segment record once", async () => {
    expect(await idsOf(FOLDER, "db")).toEqual([
      "m db/m.hea",
      "a db/p1/a.hea",
      "b db/p2/b.hea",
      "broken db/p2/broken.hea",
    ]);
    const source = await open(FOLDER, "db");
    const record = await source.read((await source.list())[0]!);
    expect([...record.signal.data]).toEqual([1, 2, 3, 4]);
  });

  it("lists one record by header, name or signal file", async () => {
    for (const path of ["db/p1/a", "db/p1/a.hea", "db/p1/a.dat"]) {
      expect(await idsOf(FOLDER, path)).toEqual(["a db/p1/a.hea"]);
    }
  });

  it("lists what RECORDS names and holds, in its order, folders included", async () => {
    const files = {
      ...FOLDER,
      "db/RECORDS": "p2/b\r\nnot/copied\np3/\n\np1/a.hea\nm\np2/b\n",
      "db/p3/RECORDS": "d\n",
      ...recordIn("db/p3", "c"),
      ...recordIn("db/p3", "d"),
    };
    const expected = ["b db/p2/b.hea", "d db/p3/d.hea", "a db/p1/a.hea", "m db/m.hea"];
    expect(await idsOf(files, "db")).toEqual(expected);
    expect(await idsOf(files, "db/RECORDS")).toEqual(expected);
    const without = { ...FOLDER, "db/RECORDS": "nothing/that\nis/here\n" };
    expect(await idsOf(without, "db")).toHaveLength(4);
  });

  it("names records by their path where names repeat", async () => {
    const files = { ...recordIn("db/p1", "a"), ...recordIn("db/p2", "a") };
    expect(await idsOf(files, "db")).toEqual(["p1/a db/p1/a.hea", "p2/a db/p2/a.hea"]);
  });

  it("refuses a path without headers", async () => {
    await expect(open(FOLDER, "db/none")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(open({ "e/readme.txt": "" }, "e")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("e: expected WFDB headers"),
    });
  });

  it("knows PTB-XL's recordings by their names and a patient by the subject id", async () => {
    const identityOf = async (folder: string, name: string, comments: readonly string[] = []) => {
      const source = await open(recordIn(folder, name, comments), `${folder}/${name}`);
      return (await source.read((await source.list())[0]!)).identity;
    };
    for (const name of ["00044_hr", "00044_lr", "HR00044"]) {
      expect(await identityOf("d", name)).toMatchObject({ recordingId: "ptbxl:44", patientKnown: false });
    }
    expect(await identityOf("s40689238", "40689238", ["<subject_id>: 10000032"])).toEqual({
      recordingId: "wfdb:s40689238/40689238",
      patientId: "wfdb:subject-10000032",
      patientKnown: true,
    });
    expect((await identityOf("a/..", "x")).recordingId).toBe("wfdb:x");
  });
});

describe("ecgRecordToWfdb", () => {
  it("writes what openWfdbSource reads back: samples, leads, patient, identity, time", async () => {
    const source = await open(recordIn("db", "a", ["<age>: 51", "<sex>: F"]), "db");
    const original = {
      ...(await source.read((await source.list())[0]!)),
      acquiredAt: "1999-12-31T23:59:59.5",
      identity: { recordingId: "ptbxl:44", patientId: "ptbxl:15709", patientKnown: true, fold: 3 },
    };
    const files = ecgRecordToWfdb(original, "copy");
    expect(Object.keys(files)).toEqual(["copy.hea", "copy.dat"]);
    const copies = await open({ ...files }, "copy.hea");
    const copy = await copies.read((await copies.list())[0]!);
    expect(copy.signal.data).toBeAllClose(original.signal.data);
    expect(copy).toMatchObject({
      leads: original.leads,
      samplingRateHz: 360,
      patient: { ageYears: 51, sex: "female" },
      acquiredAt: "1999-12-31T23:59:59.5",
      identity: original.identity,
    });
    const later = ecgRecordToWfdb(
      {
        ...original,
        provenance: { ...original.provenance, window: { startSample: 540, endSample: 548 } },
      },
      "later",
    );
    expect(new TextDecoder().decode(later["later.hea"])).toContain(" 00:00:01.000 01/01/2000");
  });

  it("takes format 24 where 16 bits would be coarser than 1 uV", async () => {
    const source = await open(recordIn("db", "a"), "db");
    const record = await source.read((await source.list())[0]!);
    leadSamples(record.signal, 0)[0] = 40;
    const header = new TextDecoder().decode(ecgRecordToWfdb(record, "x")["x.hea"]);
    expect(header).toMatch(/x\.dat 24 1000\(0\)\/mV 24 0 40000 /);
  });
});

describe("parsePatientComments", () => {
  it.each([
    [["<age>: 25  <sex>: M  <diagnoses>: (none)"], { ageYears: 25, sex: "male" }],
    [["age: 81", "sex: female"], { ageYears: 81, sex: "female" }],
    [["<age>: 28  <sex>: M  <Height>: 170"], { ageYears: 28, sex: "male" }],
    [["<subject_id>: 10000032"], { id: "10000032" }],
    [["69 M 1085 1629 x1", "Aldomet, Inderal"], { ageYears: 69, sex: "male" }],
    [["Age: NaN", "Sex: Unknown"], {}],
    [["Dosage: 5", "stage: 3"], {}],
    [[], {}],
  ])("%j", (comments, patient) => {
    expect(parsePatientComments(comments)).toEqual(patient);
  });
});
