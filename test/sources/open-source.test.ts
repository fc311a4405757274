// One call for every kind of path.
import { describe, expect, it } from "vitest";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { type OpenOptions, openSource } from "../../src/sources/open-source.ts";
import { buildNpy } from "./build-npy.ts";
import { buildWfdbFiles, FILE_LEADS, lineWithGap } from "./build-wfdb-files.ts";

const ecg = (path: string, comments: readonly string[] = []) =>
  buildWfdbFiles({ path, leads: FILE_LEADS, digital: lineWithGap, comments });
const store = createMemoryFileStore({
  ...ecg("wfdb/a"),
  ...ecg("challenge/HR00003", ["Dx: 426783006"]),
  ...ecg("ludb/data/1", ["<diagnoses>:", "Rhythm: Sinus rhythm."]),
  "ludb/ludb.csv": "ID,Sex,Age,Rhythms,Electric axis of the heart\n1,F,50,Sinus rhythm,\n",
  "ptb/ptbxl_database.csv":
    "ecg_id,patient_id,scp_codes,strat_fold,filename_lr,filename_hr\n1,2.0,\"{'SR': 0.0}\",3,records100/1_lr,records500/1_hr\n",
  ...ecg("ptb/records100/1_lr"),
  "texts/x.csv": "I,II\n0.1,0.2\n-0.1,-0.2\n",
  "arrays/x.npy": buildNpy([1, 2, 3, 2, 1, 2], { type: "<f4", shape: [2, 3] }),
  "z/labels.csv": "file,row,ecg_id,patient_id,strat_fold,sub_class,rhythm,form\ns.npy,0,5,6,7,NORM,SR,\n",
  "z/s.npy": buildNpy([1, 2, 3, 4, 5, 6], { type: "<i2", shape: [1, 3, 2] }),
  "tables.csv": "ecg_id,patient_id,strat_fold\n3,30,10\n",
  "qa/q.json": '[{"template_id": 1, "question_type": "single-verify", "ecg_id": [1]}]',
});

describe("openSource", () => {
  it.each<[path: string, format: string, recordingId: string, options?: OpenOptions]>([
    ["wfdb/", "wfdb", "wfdb:"],
    ["wfdb/a.dat", "wfdb", "wfdb:"],
    ["challenge", "challenge", "ptbxl:3"],
    ["ludb", "ludb", "ludb:1"],
    ["ludb/data/1", "ludb", "ludb:1"],
    ["ptb", "ptbxl", "ptbxl:1"],
    ["ptb/records100/1_lr", "ptbxl", "ptbxl:1"],
    ["texts", "csv", "csv:x-", { samplingRateHz: 250 }],
    ["arrays/x.npy", "npy", "npy:x-", { samplingRateHz: 250 }],
    ["z", "zscore-shards", "ptbxl:5"],
    ["synthetic:2:5", "synthetic", "synthetic:5-p0000-1"],
  ])("%s as %s", async (path, format, recordingId, options = {}) => {
    const source = await openSource(store, path, options);
    expect(source.format).toBe(format);
    const [reference] = await source.list();
    const record = await source.read(reference!);
    expect(record.identity.recordingId.startsWith(recordingId)).toBe(true);
    expect(record.provenance.format).toBe(format);
  });

  it("passes identity tables and the known format on", async () => {
    const source = await openSource(store, "challenge", {
      identityTables: ["tables.csv"],
      format: "challenge",
    });
    const [reference] = await source.list();
    expect((await source.read(reference!)).identity).toEqual({
      recordingId: "ptbxl:3",
      patientId: "ptbxl:30",
      patientKnown: true,
      fold: 10,
    });
  });

  it("opens what a source says it opened, in the same way", async () => {
    const source = await openSource(store, "wfdb/a.dat");
    const again = await openSource(store, source.path, { format: "wfdb" });
    expect(await again.list()).toEqual(await source.list());
  });

  it("says that ECG-QA holds questions", async () => {
    await expect(openSource(store, "qa")).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: "qa: expected recordings, found ECG-QA questions",
    });
  });
});
