// PTB-XL: table, rates, likelihoods, ages, and what a broken row says.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { openPtbxlSource } from "../../../src/sources/ptbxl/ptbxl-source.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";
import { buildWfdbFiles, FILE_LEADS, lineWithGap } from "../build-wfdb-files.ts";

const DATA = "../shared/data/ptb-xl";
const CANONICAL = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" ");

const COLUMNS =
  "ecg_id,patient_id,age,sex,recording_date,report,scp_codes,heart_axis,infarction_stadium1,infarction_stadium2,baseline_drift,static_noise,burst_noise,electrodes_problems,extra_beats,pacemaker,strat_fold,filename_lr,filename_hr";
function row(id: number, cells: { age?: string; sex?: string; codes?: string; rest?: string }): string {
  const name = String(id).padStart(5, "0");
  const {
    age = "56.0",
    sex = "1",
    codes = "{'NORM': 100.0, 'LVOLT': 0.0, 'SR': 0.0}",
    rest = ",,,,,,,,,",
  } = cells;
  return `${id},15709.0,${age},${sex},1984-11-09 09:17:34,"sinus,\nnormal","${codes}",${rest}3,records100/00000/${name}_lr,records500/00000/${name}_hr`;
}
const files = {
  "ptb/ptbxl_database.csv": [
    COLUMNS,
    row(1, { rest: 'LAD,,,," , I-V1,  ",,,1ES,,' }),
    row(2, { age: "300.0", sex: "0" }),
    row(3, { codes: "{'NORM': high}" }),
    row(4, {}),
  ].join("\n"),
  ...buildWfdbFiles({ path: "ptb/records500/00000/00001_hr", leads: FILE_LEADS, digital: lineWithGap }),
  ...buildWfdbFiles({
    path: "ptb/records100/00000/00001_lr",
    leads: FILE_LEADS,
    digital: lineWithGap,
    samplingRateHz: 100,
    sampleCount: 4,
  }),
  ...buildWfdbFiles({
    path: "ptb/records100/00000/00002_lr",
    leads: FILE_LEADS,
    digital: lineWithGap,
    samplingRateHz: 100,
  }),
  ...buildWfdbFiles({ path: "ptb/records500/00000/00003_hr", leads: FILE_LEADS, digital: lineWithGap }),
};
const store = createMemoryFileStore(files);

describeSourceContract("ptbxl", {
  open: () => openPtbxlSource(store, "ptb"),
  expected: {
    id: "1",
    format: "ptbxl",
    recordingId: "ptbxl:1",
    patientId: "ptbxl:15709",
    patientKnown: true,
    samplingRateHz: 500,
    leads: CANONICAL,
    sampleCount: 20,
    firstSamples: { I: [0, 0.001], aVF: [0.5, 0.501], V6: [1.1, 1.101] },
    atol: 1e-7,
    missing: { lead: "V6", sample: 3 },
  },
  broken: {
    open: () => openPtbxlSource(store, "ptb"),
    id: "3",
    code: "INVALID_FILE",
    message:
      /ptb\/ptbxl_database\.csv line 6, scp_codes: expected entries such as 'NORM': 100\.0, got "'NORM': high"/,
  },
});

describe("openPtbxlSource", () => {
  it("reads what the table says: likelihood 0 is present and unknown", async () => {
    const source = await openPtbxlSource(store, "ptb");
    const [reference] = await source.list();
    const record = await source.read(reference!);
    expect(record.patient).toEqual({ id: "15709", ageYears: 56, sex: "female" });
    expect(record.identity.fold).toBe(3);
    expect(record.acquiredAt).toBe("1984-11-09T09:17:34");
    expect(record.reportText).toBe("sinus,\nnormal");
    expect(record.sourceLabels).toEqual([
      { system: "scp", code: "NORM", likelihood: 100 },
      { system: "scp", code: "LVOLT", likelihood: 0 },
      { system: "scp", code: "SR", likelihood: 0 },
    ]);
    const likelihoods = record.statements.map(({ code, likelihood }) => [code.value, likelihood]);
    expect(likelihoods).toEqual([
      ["NORM", 100],
      ["LVOLT", null],
      ["SR", null],
      ["left-axis-deviation", null],
      ["static-noise", null],
      ["extrasystoles", null],
    ]);
  });

  it("takes 500 Hz where it is there, else 100 Hz, or what is preferred", async () => {
    const ratesOf = async (preferHz: 100 | 500): Promise<string[]> =>
      (await (await openPtbxlSource(store, "ptb", { preferHz })).list()).map(({ path }) => path);
    expect(await ratesOf(500)).toEqual([
      "ptb/records500/00000/00001_hr.hea",
      "ptb/records100/00000/00002_lr.hea",
      "ptb/records500/00000/00003_hr.hea",
      "ptb/records500/00000/00004_hr.hea",
    ]);
    expect((await ratesOf(100))[0]).toBe("ptb/records100/00000/00001_lr.hea");
  });

  it("reads 300 as 90 years or more, and 0 as male", async () => {
    const source = await openPtbxlSource(store, "ptb");
    const record = await source.read((await source.list())[1]!);
    expect(record.patient).toEqual({ id: "15709", ageYears: 90, sex: "male" });
    expect(record.samplingRateHz).toBe(100);
  });

  it("lists a row without files, so that reading it says what is missing", async () => {
    const source = await openPtbxlSource(store, "ptb");
    await expect(source.read((await source.list())[3]!)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("00004_hr.hea"),
    });
  });

  it("opens one record or a folder of records below the table", async () => {
    const one = await openPtbxlSource(store, "ptb/records100/00000/00001_lr");
    expect(await one.list()).toEqual([{ id: "1", path: "ptb/records100/00000/00001_lr.hea" }]);
    const low = await openPtbxlSource(store, "ptb/records100");
    expect((await low.list()).map(({ path }) => path)).toContain("ptb/records100/00000/00002_lr.hea");
  });

  it("says that there is no table, or that it is another one", async () => {
    const other = createMemoryFileStore({ "x/ptbxl_database.csv": "a,b\n1,2\n" });
    await expect(openPtbxlSource(other, "x")).rejects.toThrowError(
      /x: expected ptbxl_database\.csv, found no table of its columns/,
    );
  });
});

describe.skipIf(!existsSync(DATA))("openPtbxlSource on the shared records", () => {
  it("reads every row with statements, 102 of them at 500 Hz", async () => {
    const source = await openPtbxlSource(diskFileStore, DATA);
    const references = await source.list();
    expect(references).toHaveLength(414);
    expect(references.filter(({ path }) => path.includes("records500"))).toHaveLength(102);
    for (const reference of references) {
      const record = await source.read(reference, { endSample: 4 });
      expect(record.leads).toEqual(CANONICAL);
      expect(record.statements.length, reference.id).toBeGreaterThan(0);
      expect(record.statements.length).toBeGreaterThanOrEqual(record.sourceLabels.length);
    }
  });
});
