// PhysioNet Challenge records: labels of the header, identities of HR records, and broken headers.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { challengeOrigin } from "../../../src/sources/challenge/challenge-origin.ts";
import { openChallengeSource } from "../../../src/sources/challenge/challenge-source.ts";
import { parseChallengeComments } from "../../../src/sources/challenge/parse-challenge-comments.ts";
import { describeUnknownDx, unknownDxCodes } from "../../../src/sources/source-labels.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";
import { buildWfdbFiles, FILE_LEADS, lineWithGap } from "../build-wfdb-files.ts";

const DATA = "../shared/data/challenge-2021";
const CANONICAL = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" ");

function record(path: string, comments: readonly string[]): Record<string, Uint8Array | string> {
  return buildWfdbFiles({ path, leads: FILE_LEADS, digital: lineWithGap, comments });
}
const files = {
  ...record("all/g1/HR00007", ["Age: 56", "Sex: Female", "Dx: 164889003,59118001", "Rx: Unknown"]),
  ...record("all/g1/A0001", [" Age: NaN", " Sex: Male", " Dx: 426783006"]),
  ...record("all/g2/E00002", ["Age: 70", "Dx: 123456789,59118001"]),
  ...record("all/g2/E00003", ["Age: 70", "Dx: AFIB"]),
  ...record("all/g2/919", ["Exam ID: 919", "Patient ID: 7", "Age: 40", "Sex: Male", "Chagas label: True"]),
  "ptb-xl/labels_all_dev.csv": "ecg_id,patient_id,strat_fold\n7,4242,10\n",
};
const store = createMemoryFileStore(files);

describeSourceContract("challenge", {
  open: () => openChallengeSource(store, "all"),
  expected: {
    id: "HR00007",
    format: "challenge",
    recordingId: "ptbxl:7",
    patientId: "ptbxl:4242",
    patientKnown: true,
    samplingRateHz: 500,
    leads: CANONICAL,
    sampleCount: 20,
    firstSamples: { I: [0, 0.001, 0.002], aVR: [0.3, 0.301], V6: [1.1, 1.101, 1.102] },
    atol: 1e-7,
    missing: { lead: "V6", sample: 3 },
  },
  broken: {
    open: () => openChallengeSource(store, "all"),
    id: "E00003",
    code: "INVALID_FILE",
    message: /all\/g2\/E00003\.hea, Dx: expected SNOMED CT codes of 6 to 18 digits, found "AFIB"/,
  },
});

async function read(id: string, from = store) {
  const source = await openChallengeSource(from, "all");
  const reference = (await source.list()).find((one) => one.id === id);
  if (!reference) throw new Error(`no ${id}`);
  return source.read(reference);
}

describe("openChallengeSource", () => {
  it("reads labels, demographics and the fold of PTB-XL from a folder beside it", async () => {
    const hr = await read("HR00007");
    expect(hr.patient).toEqual({ ageYears: 56, sex: "female" });
    expect(hr.identity.fold).toBe(10);
    expect(hr.sourceLabels).toEqual([
      { system: "snomed", code: "164889003", likelihood: null },
      { system: "snomed", code: "59118001", likelihood: null },
    ]);
    expect(hr.statements.map((statement) => statement.code.value)).toContain("AFIB");
    expect(hr.acquiredAt).toBeUndefined();
  });

  it("keeps the identity but not the patient where no table knows the ecg_id", async () => {
    const { "ptb-xl/labels_all_dev.csv": _table, ...rest } = files;
    const hr = await read("HR00007", createMemoryFileStore(rest));
    expect(hr.identity).toEqual({ recordingId: "ptbxl:7", patientId: "ptbxl:ecg-7", patientKnown: false });
    const named = await openChallengeSource(
      createMemoryFileStore({ ...rest, "t.csv": files["ptb-xl/labels_all_dev.csv"] }),
      "all/g1/HR00007",
      {
        identityTables: ["t.csv"],
      },
    );
    const [reference] = await named.list();
    expect((await named.read(reference!)).identity.patientId).toBe("ptbxl:4242");
  });

  it("knows that CPSC writes its class normal as sinus rhythm, and looked for nine classes", async () => {
    const cpsc = await read("A0001");
    expect(cpsc.identity).toEqual({
      recordingId: "cpsc2018:A0001",
      patientId: "cpsc2018:A0001",
      patientKnown: false,
    });
    expect(cpsc.patient).toEqual({ sex: "male" });
    expect(cpsc.statements.map((statement) => statement.code.value)).toContain("NORM");
    expect(cpsc.labelScope).toContain("scp:AFIB");
    expect(cpsc.labelScope).not.toContain("scp:WPW");
  });

  it("keeps a Dx code that nobody knows as a source label and says so in one sentence", async () => {
    const georgia = await read("E00002");
    expect(unknownDxCodes(georgia)).toEqual(["123456789"]);
    expect(georgia.statements).toHaveLength(1);
    expect(describeUnknownDx(georgia)).toBe(
      "all/g2/E00002.hea, Dx: expected SNOMED CT codes of the Challenge's list, got 123456789; kept as source labels, without a statement",
    );
    expect(describeUnknownDx(await read("A0001"))).toBeUndefined();
  });

  it("reads the Chagas label of 2025, exam and patient", async () => {
    const exam = await read("919");
    expect(exam.identity).toEqual({
      recordingId: "code15:919",
      patientId: "code15:patient-7",
      patientKnown: true,
    });
    expect(exam.patient).toEqual({ id: "7", ageYears: 40, sex: "male" });
    expect(exam.sourceLabels).toEqual([{ system: "text", code: "Chagas label: True", likelihood: null }]);
    expect([exam.statements, exam.labelScope]).toEqual([[], []]);
  });

  it("names the prefixes' data sets", () => {
    expect(["A0001", "Q1", "E00001", "HR1", "JS9", "S1", "I1", "X1", "1111009"].map(challengeOrigin)).toEqual(
      [
        "cpsc2018",
        "cpsc2018-extra",
        "georgia",
        "ptbxl",
        "chapman-ningbo",
        "ptbdb",
        "incart",
        "unknown",
        "unknown",
      ],
    );
  });

  it("reads comments in any case, once each code; refuses a label that is neither true nor false", () => {
    expect(parseChallengeComments(["DX: 1234567, 1234567;59118001,", "age: 300"], "x")).toEqual({
      ageYears: 90,
      dx: ["1234567", "59118001"],
    });
    expect(parseChallengeComments(["Dx: Unknown", "Age: -1", "Sex: Unknown"], "x")).toEqual({ dx: [] });
    expect(() => parseChallengeComments(["Chagas label: maybe"], "x")).toThrowError(
      /x, Chagas label: expected True or False, found "maybe"/,
    );
  });

  it("says that there is no header", async () => {
    await expect(openChallengeSource(store, "ptb-xl")).rejects.toThrowError(
      /ptb-xl: expected WFDB headers \(\.hea\), found none/,
    );
    await expect(openChallengeSource(store, "all/g1/none")).rejects.toThrowError(
      /expected a WFDB header all\/g1\/none\.hea/,
    );
  });
});

describe.skipIf(!existsSync(DATA))("openChallengeSource on the shared records", () => {
  it("reads all 172 with known codes, the 29 HR ones as PTB-XL's", async () => {
    const source = await openChallengeSource(diskFileStore, DATA);
    const references = await source.list();
    expect(references).toHaveLength(172);
    const unknown: string[] = [];
    let ptbxl = 0;
    for (const reference of references) {
      const one = await source.read(reference, { endSample: 10 });
      unknown.push(...unknownDxCodes(one));
      expect(one.sourceLabels.length).toBeGreaterThan(0);
      if (one.identity.recordingId.startsWith("ptbxl:")) {
        ptbxl++;
        expect(one.identity.patientKnown).toBe(true);
        expect(one.identity.fold).toBeGreaterThanOrEqual(1);
      }
    }
    expect(ptbxl).toBe(29);
    expect(unknown).toEqual([]);
  });
});
