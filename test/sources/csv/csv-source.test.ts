// Text files as records: unit, plausibility, z-scores, and the contract.
import { describe, expect, it } from "vitest";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { openCsvSource } from "../../../src/sources/csv/csv-source.ts";
import type { SignalFileOptions } from "../../../src/sources/raw-recording.ts";
import { sha256Hex } from "../../../src/sources/sha256-hex.ts";
import { describeSourceContract } from "../../contracts/describe-source-contract.ts";

/** Rows of `t, V1 in uV, I in uV, II in mV, ART in mmHg`; V1 misses sample 3. */
function table(): string {
  const rows = Array.from({ length: 40 }, (_, t) => {
    const beat = Math.sin((2 * Math.PI * t) / 20);
    return `${t * 0.002},${t === 3 ? "" : 500 * beat},${1000 * beat},${beat / 2},${80 + t}`;
  });
  return `time (s),V1 (uV),lead i (uV),MLII [mV],ART (mmHg)\n${rows.join("\n")}\n`;
}
const beat = (t: number): number => Math.sin((2 * Math.PI * t) / 20);
const text = table();
const store = createMemoryFileStore({
  "texts/good.csv": text,
  "texts/bad.csv": text.replace(/\n0\.02,[^,]*/, "\n0.02,oops"),
  "texts/readme.txt": "no numbers here\n",
});
const hash = await sha256Hex(new TextEncoder().encode(text));

describeSourceContract("csv", {
  open: () => openCsvSource(store, "texts"),
  expected: {
    id: "good",
    format: "csv",
    recordingId: `csv:good-${hash.slice(0, 8)}`,
    patientId: `csv:good-${hash.slice(0, 8)}`,
    patientKnown: false,
    samplingRateHz: 500,
    leads: ["I", "II", "V1"],
    sampleCount: 40,
    firstSamples: {
      I: [0, beat(1), beat(2)],
      II: [0, beat(1) / 2, beat(2) / 2],
      V1: [0, beat(1) / 2],
    },
    atol: 1e-7,
    missing: { lead: "V1", sample: 3 },
  },
  broken: {
    open: () => openCsvSource(store, "texts"),
    id: "bad",
    code: "INVALID_FILE",
    message: /texts\/bad\.csv line 12, column 2 \(V1 \(uV\)\): expected a number, found "oops"/,
  },
});

describe("openCsvSource", () => {
  const open = async (content: string, options: SignalFileOptions = { samplingRateHz: 250 }) => {
    const source = await openCsvSource(createMemoryFileStore({ "x.csv": content }), "x.csv", options);
    return source.read((await source.list())[0]!);
  };
  const column = (scale: number, offset = 0): string =>
    Array.from({ length: 100 }, (_, t) => offset + scale * beat(t)).join("\n");

  it("takes unstated units as mV where that can be", async () => {
    const record = await open(column(0.5));
    expect(record.leads).toEqual(["ECG"]);
    expect(record.signal.data.subarray(0, 2)).toBeAllClose([0, 0.5 * beat(1)], { atol: 1e-7 });
    expect(record.provenance.amplitudeUnit).toBeUndefined();
  });

  it("refuses numbers that are no mV, and takes the unit that is given", async () => {
    await expect(open(column(500, 2048))).rejects.toMatchObject({
      code: "INVALID_SIGNAL",
      message: "x.csv: expected mV in channel ECG (no unit is stated), found a standard deviation of 354",
      hint: expect.stringContaining("--file-unit uV"),
    });
    await expect(open(column(0.0005))).rejects.toThrowError(/standard deviation of 0\.000354/);
    const record = await open(column(500), { samplingRateHz: 250, unit: "uV" });
    expect(record.signal.data[1]).toBeCloseTo(0.5 * beat(1), 6);
  });

  it("knows z-scores by mean 0 and SD 1, and says that voltages are lost", async () => {
    const record = await open(column(Math.SQRT2));
    expect(record.provenance.amplitudeUnit).toBe("z");
    expect(record.signal.data[1]).toBeCloseTo(Math.SQRT2 * beat(1), 6);
  });

  it("adds the limb leads that an eight-lead file leaves out", async () => {
    const rows = Array.from({ length: 40 }, (_, t) =>
      [0.4, 1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((scale) => scale * beat(t)).join("\t"),
    );
    const record = await open(`I\tII\tV1\tV2\tV3\tV4\tV5\tV6\n${rows.join("\n")}`);
    expect(record.leads).toEqual("I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" "));
    const at = (lead: number): number => record.signal.data[lead * 40 + 5]!;
    expect([at(2), at(3), at(4), at(5)]).toBeAllClose([0.6, -0.7, -0.1, 0.8], { atol: 1e-6 });
  });

  it("says that a folder holds no file of numbers", async () => {
    const words = createMemoryFileStore({ "w/a.txt": "words\n" });
    await expect(openCsvSource(words, "w")).rejects.toThrowError(
      /w: expected \.csv, \.tsv or \.txt files of numbers, found none/,
    );
  });
});
