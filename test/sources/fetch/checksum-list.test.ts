import { describe, expect, it } from "vitest";
import { parseChecksumList, selectFiles } from "../../../src/sources/fetch/checksum-list.ts";
import { KNOWN_DATASETS, knownDataset } from "../../../src/sources/fetch/known-datasets.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

describe("parseChecksumList", () => {
  it("reads the forms that sha256sum and PhysioNet write", () => {
    const text = `${A} LICENSE.txt\r\n${A.toUpperCase()}  records500/00000/00001_hr.dat\n${B} *./a b.csv\n\n`;
    expect(parseChecksumList(text, "list")).toEqual([
      { name: "LICENSE.txt", sha256: A },
      { name: "records500/00000/00001_hr.dat", sha256: A },
      { name: "a b.csv", sha256: B },
    ]);
  });

  it.each(["../x", "/etc/passwd", "a/../../x", "a//b", "a\\b", "C:/x", "."])(
    "refuses the path %s, which may leave the folder",
    (name) => {
      expect(() => parseChecksumList(`${A} ok\n${B} ${name}\n`, "list")).toThrowError(
        /^list line 2: expected a SHA-256 and a path inside the data set, found "b{64}/,
      );
    },
  );

  it("refuses a page that is no list, and an empty one", () => {
    expect(() => parseChecksumList("<html>\n", "list")).toThrowError(/^list line 1: .*found "<html>"$/);
    expect(() => parseChecksumList("\n", "list")).toThrowError("list: expected a list of files, found none");
  });
});

describe("selectFiles", () => {
  const files = ["RECORDS", "a/1.hea", "a/1.dat", "ab/2.hea"].map((name) => ({ name, sha256: A }));
  const names = (only?: string[]) => selectFiles(files, only, "list").map(({ name }) => name);

  it("takes files and whole folders, and all without names", () => {
    expect(names()).toHaveLength(4);
    expect(names(["a/"])).toEqual(["a/1.hea", "a/1.dat"]);
    expect(names(["ab", "RECORDS"])).toEqual(["RECORDS", "ab/2.hea"]);
  });

  it("says what there is for a name that is not in the list", () => {
    expect(() => names(["a", "b"])).toThrowError("list: expected a file or folder of the data set, got b");
    try {
      names(["b"]);
    } catch (error) {
      expect(error).toMatchObject({ code: "INVALID_OPTION", hint: "it has RECORDS, a, ab" });
    }
  });
});

describe("the known data sets", () => {
  it("have folders of PhysioNet in their version, a licence and a size", () => {
    expect(KNOWN_DATASETS.map(({ name }) => name)).toEqual([
      "ptb-xl",
      "ludb",
      "challenge-2021",
      "mitdb",
      "ptbdb",
    ]);
    for (const { name, version, url, licence, approximateBytes } of KNOWN_DATASETS) {
      expect(url).toBe(`https://physionet.org/files/${name}/${version}/`);
      expect(licence).toMatch(/Attribution (4|1)\.0$/);
      expect(approximateBytes).toBeGreaterThan(1e7);
    }
    // 21,799 recordings of 12 leads in 16 bits, 10 s at 500 and at 100 Hz
    expect(knownDataset("ptb-xl").approximateBytes).toBeCloseTo(21_799 * 12 * 2 * 6000, -8);
  });

  it("an unknown name is wrong usage", () => {
    expect(() => knownDataset("mimic")).toThrowError(/expected ptb-xl, ludb, .*, got mimic$/);
  });
});
