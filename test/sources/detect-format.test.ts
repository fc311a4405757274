// Which reader a path needs, by content; and one sentence for paths that hold no recordings.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { detectFormat } from "../../src/sources/detect-format.ts";
import { nameFileKind } from "../../src/sources/name-file-kind.ts";
import { buildNpy } from "./build-npy.ts";
import { buildWfdbFiles } from "./build-wfdb-files.ts";

const DATA = "../shared/data";

const wfdb = (path: string, comments: readonly string[] = []) =>
  buildWfdbFiles({ path, leads: ["I", "II"], digital: (_, t) => t, comments });
const npy = buildNpy([1, 2, 3, 4], { type: "<f4", shape: [2, 2] });
const store = createMemoryFileStore({
  ...wfdb("plain/100"),
  ...wfdb("dx/a/HR00001", ["Dx: 426783006"]),
  ...wfdb("dx/b/JS00001", ["Dx: 426783006"]),
  ...wfdb("chagas/919", ["Chagas label: False"]),
  ...wfdb("lobachevsky/data/1", ["<diagnoses>:"]),
  ...wfdb("renamed/records100/00000/00001_lr"),
  "renamed/my-table.csv": "ecg_id,patient_id,scp_codes,strat_fold,filename_lr,filename_hr\n",
  "ludbish/labels.csv": "ID,Sex,Age,Rhythms,Electric axis of the heart\n",
  "z/labels.csv": "file,row,ecg_id,patient_id,strat_fold,super_class,sub_class,rhythm,form\n",
  "z/shard00.npy": npy,
  "z/golden500/9.npy": npy,
  "arrays/deep/x.npy": npy,
  "wrong-ending.dat": npy,
  "texts/notes.txt": "these are words\n",
  "texts/signal.tsv": "I\tII\n0.1\t0.2\n0.2\t0.3\n",
  "qa/x.json": '[{"template_id": 1, "question_type": "single-verify", "ecg_id": [1]}]',
  "broken-first/1.hea": "not a header",
  ...wfdb("broken-first/2", ["Dx: 426783006"]),
  "mixed/one/1.hea": "",
  ...wfdb("mixed/one/2", ["Dx: 426783006"]),
  ...wfdb("mixed/two/3", ["<diagnoses>:"]),
  ...wfdb("wrapped/inner/4", ["<diagnoses>:"]),
  ...wfdb("copies/100"),
  "copies/100.npy": npy,
  "copies/100.csv": "I,II\n0.1,0.2\n",
  "papers/a.pdf": "%PDF-1.7",
  "papers/b.h5": "\u0089HDF",
  "words/readme.md": "words",
  "lonely.mat": new Uint8Array([0, 0, 0, 0, 1, 0, 0, 0]),
  "empty.csv": "",
});

describe("detectFormat", () => {
  it.each([
    ["plain", "wfdb", "plain"],
    ["plain/100", "wfdb", "plain/100.hea"],
    ["plain/100.dat", "wfdb", "plain/100.hea"],
    ["dx", "challenge", "dx"],
    ["dx/a/HR00001.hea", "challenge", "dx/a/HR00001.hea"],
    ["chagas", "challenge", "chagas"],
    ["lobachevsky", "ludb", "lobachevsky/data"],
    ["ludbish", "ludb", "ludbish"],
    ["renamed", "ptbxl", "renamed"],
    ["renamed/my-table.csv", "ptbxl", "renamed/my-table.csv"],
    ["renamed/records100/00000/00001_lr", "ptbxl", "renamed/records100/00000/00001_lr.hea"],
    ["z", "zscore-shards", "z"],
    ["z/shard00.npy", "zscore-shards", "z/shard00.npy"],
    ["z/golden500/9.npy", "zscore-shards", "z/golden500/9.npy"],
    ["arrays", "npy", "arrays/deep"],
    ["wrong-ending.dat", "npy", "wrong-ending.dat"],
    ["texts", "csv", "texts"],
    ["texts/signal.tsv", "csv", "texts/signal.tsv"],
    ["copies/100.npy", "npy", "copies/100.npy"],
    ["copies/100.csv", "csv", "copies/100.csv"],
    ["copies/100", "wfdb", "copies/100.hea"],
    ["qa", "ecg-qa", "qa"],
    ["qa/x.json", "ecg-qa", "qa/x.json"],
    ["broken-first", "challenge", "broken-first"],
    ["wrapped", "ludb", "wrapped/inner"],
    ["synthetic:20:7", "synthetic", "synthetic:20:7"],
  ])("%s is %s", async (path, format, opened) => {
    expect(await detectFormat(store, path)).toEqual({ format, path: opened });
  });

  it.each([
    ["nowhere", "NOT_FOUND", /^nowhere: expected a file or folder of ECG recordings, found nothing there$/],
    ["papers", "UNSUPPORTED_FORMAT", /^papers: expected ECG recordings, found only PDF/],
    ["papers/a.pdf", "UNSUPPORTED_FORMAT", /^papers\/a\.pdf: expected WFDB, CSV or \.npy, found PDF$/],
    ["words", "NOT_FOUND", /^words: expected ECG recordings, found none in 1 entries$/],
    ["lonely.mat", "UNSUPPORTED_FORMAT", /found WFDB signals without their header$/],
    ["empty.csv", "INVALID_FILE", /^empty\.csv: expected an ECG recording, found an empty file$/],
    [
      "mixed",
      "INVALID_OPTION",
      /^mixed: expected one data set, found 2: mixed\/one \(challenge\), mixed\/two \(ludb\)$/,
    ],
  ])("%s gives %s", async (path, code, message) => {
    await expect(detectFormat(store, path)).rejects.toMatchObject({
      name: "EcgError",
      code,
      message: expect.stringMatching(message),
      hint: code === "INVALID_FILE" ? undefined : expect.any(String),
    });
  });

  it("says what was looked for in an empty folder", async () => {
    const empty = { ...store, isDirectory: async () => true, list: async () => [], exists: async () => true };
    await expect(detectFormat(empty, "void")).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "void: expected ECG recordings, found an empty folder",
      hint: expect.stringMatching(/ptbxl_database\.csv.*\.hea.*\.npy.*\.csv/),
    });
  });

  it.skipIf(!existsSync(DATA))("knows every folder of the shared data", async () => {
    const formats: Record<string, string> = {};
    const kinds = [
      "ptb-xl",
      "ptb-xl-zscore100",
      "ludb",
      "challenge-2021",
      "challenge-2025",
      "ecg-qa",
      "mitdb",
    ];
    for (const folder of [...kinds, "text-ecg", "ptbdb", "wfdb-formats", "cpsc2021", "mimic-iv-ecg"]) {
      formats[folder] = (await detectFormat(diskFileStore, `${DATA}/${folder}`)).format;
    }
    expect(formats).toEqual({
      "ptb-xl": "ptbxl",
      "ptb-xl-zscore100": "zscore-shards",
      ludb: "ludb",
      "challenge-2021": "challenge",
      "challenge-2025": "challenge",
      "ecg-qa": "ecg-qa",
      mitdb: "wfdb",
      "text-ecg": "csv",
      ptbdb: "wfdb",
      "wfdb-formats": "wfdb",
      cpsc2021: "wfdb",
      "mimic-iv-ecg": "wfdb",
    });
    for (const folder of ["cpsc2018", "sph"]) {
      await expect(detectFormat(diskFileStore, `${DATA}/${folder}`)).rejects.toMatchObject({
        code: "UNSUPPORTED_FORMAT",
      });
    }
    await expect(detectFormat(diskFileStore, DATA)).rejects.toThrowError(
      /expected one data set, found \d+: .*ptb-xl \(ptbxl\)/,
    );
  });
});

describe("nameFileKind", () => {
  it("knows magic numbers, and text when it sees it", () => {
    const kind = (bytes: readonly number[]): string | undefined => nameFileKind(Uint8Array.from(bytes), "x");
    expect(kind([0x89, 0x48, 0x44, 0x46, 13, 10])).toBe("HDF5");
    expect(kind([...new Array(128).fill(0), 0x44, 0x49, 0x43, 0x4d])).toBe("DICOM");
    expect(kind([0x1f, 0x8b, 8])).toBe("a gzip file");
    expect(kind([0x30, 0x2e, 0x31, 10])).toBeUndefined();
    expect(kind([1, 2, 3])).toBe("a binary file of unknown kind");
  });
});
