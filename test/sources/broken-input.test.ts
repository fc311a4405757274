// Every way in which input is bad gets one sentence: where, what was expected, what was found, and a hint.
import { describe, expect, it } from "vitest";
import { EcgError } from "../../src/shared/errors.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { type OpenOptions, openSource } from "../../src/sources/open-source.ts";
import { describeUnknownDx } from "../../src/sources/source-labels.ts";
import { buildWfdbFiles, FILE_LEADS, lineWithGap } from "./build-wfdb-files.ts";

const good = (path: string, comments: readonly string[] = ["Dx: 426783006"]) =>
  buildWfdbFiles({ path, leads: FILE_LEADS, digital: lineWithGap, comments });
const dat = (path: string): Uint8Array => good(path)[`${path}.dat`] as Uint8Array;

const damaged = Uint8Array.from(dat("sum/E1"));
damaged[40] = 255 - (damaged[40] ?? 0);
const { "alone/E1.dat": _signal, ...alone } = good("alone/E1");
const store = createMemoryFileStore({
  ...alone,
  ...good("cut/E1"),
  "cut/E1.dat": dat("cut/E1").subarray(0, 300),
  ...good("sum/E1"),
  "sum/E1.dat": damaged,
  "head/E1.hea": good("head/E1")["head/E1.hea"]!.toString().split("\n").slice(0, 6).join("\n"),
  ...good("dx/E1", ["Dx: 426783006,AF"]),
  ...good("who/E1", ["Dx: 987654321"]),
  "text/x.csv": "I,II\n0.1,0.2\n0.1,0.2\n0.1,0.2\n0.3,n.a.x\n",
  "rateless/x.csv": "I,II\n0.1,0.2\n0.1,0.2\n",
  "empty/.keep": "",
});

async function failureOf(path: string, options?: OpenOptions): Promise<EcgError> {
  try {
    const source = await openSource(store, path, options);
    const [reference] = await source.list();
    await source.read(reference!);
  } catch (error) {
    if (EcgError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`${path}: expected an error`);
}

describe("bad input", () => {
  it.each<[path: string, code: string, message: RegExp, options?: OpenOptions]>([
    ["nowhere", "NOT_FOUND", /^nowhere: expected a file or folder of ECG recordings, found nothing there$/],
    ["empty", "NOT_FOUND", /^empty: expected ECG recordings, found none in 1 entries$/],
    ["alone", "NOT_FOUND", /alone\/E1\.dat/],
    ["cut", "INVALID_FILE", /^cut\/E1\.dat: .*\b480\b.*\b300\b/],
    ["sum", "CHECKSUM_MISMATCH", /^sum\/E1/],
    ["head", "INVALID_FILE", /^head\/E1\.hea: .*12 signals?, found 5/],
    ["dx", "INVALID_FILE", /^dx\/E1\.hea, Dx: expected SNOMED CT codes of 6 to 18 digits, found "AF"$/],
    [
      "text",
      "INVALID_FILE",
      /^text\/x\.csv line 5, column 2 \(II\): expected a number, found "n\.a\.x"$/,
      { samplingRateHz: 500 },
    ],
    ["rateless", "INVALID_OPTION", /^rateless\/x\.csv: expected a sampling rate, the file states none$/],
  ])("%s: %s %s", async (path, code, message, options) => {
    const error = await failureOf(path, options);
    expect(error.message).toMatch(message);
    expect(error.message.split("\n")).toHaveLength(1);
    expect(error.code).toBe(code);
    expect(error.hint, error.message).toBeDefined();
  });

  it("a Dx code that nobody knows is no failure: the record is read, and one sentence names the code", async () => {
    const source = await openSource(store, "who");
    const record = await source.read((await source.list())[0]!);
    expect(record.statements).toEqual([]);
    expect(record.sourceLabels).toEqual([{ system: "snomed", code: "987654321", likelihood: null }]);
    expect(describeUnknownDx(record)).toMatch(/^who\/E1\.hea, Dx: expected .*, got 987654321; kept/);
  });
});
