// Our reading of the WFDB sample records against what wfdb-python and rdsamp read (recordings are not in the repository).
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { readWfdbAnnotations } from "../../../src/sources/wfdb/read-wfdb-annotations.ts";
import { readWfdbRecord } from "../../../src/sources/wfdb/read-wfdb-record.ts";
import type { WfdbRecord } from "../../../src/sources/wfdb/wfdb-record.ts";
import { writeWfdbRecord } from "../../../src/sources/wfdb/write-wfdb-record.ts";

const SHARED = "../shared";
const GOLDEN = `${SHARED}/golden/wfdb/expected.json`;
const DATA = `${SHARED}/data`;
const TOLERANCE = { atol: 1e-6, rtol: 1e-6 }; // physical units

type ExpectedRecord = {
  fs: number;
  n_sig: number;
  sig_len: number;
  sig_name: string[];
  units: string[];
  head: (number | null)[][];
  tail: (number | null)[][];
  mean: number[];
  std: number[];
  nan: number[];
};
type ExpectedAnnotations = {
  n: number;
  sample: number[];
  last: number;
  symbol: (string | null)[];
  aux: string[];
};
type Golden = {
  records: Record<string, ExpectedRecord>;
  annotations: Record<string, ExpectedAnnotations>;
};

const RECORDS = {
  "100": "mitdb",
  "100-no-len": "mitdb",
  "100skew": "mitdb",
  "100_3chan": "wfdb-formats",
  a103l: "wfdb-formats",
  binformats: "wfdb-formats",
  test01_00s: "wfdb-formats",
  test01_00s_frame: "wfdb-formats",
  test01_00s_skew: "wfdb-formats",
  test01_00s_skewframe: "wfdb-formats",
  s0010_re: "ptbdb",
} as const;

function readGolden(): Golden {
  // The file has bare NaN where the reference has no symbol.
  return JSON.parse(readFileSync(GOLDEN, "utf8").replace(/\bNaN\b/g, "null")) as Golden;
}

/** Mean and population standard deviation without NaN, in two passes. */
function moments(samples: Float64Array): { mean: number; std: number; nanCount: number } {
  const valid = samples.filter((value) => !Number.isNaN(value));
  const mean = valid.reduce((sum, value) => sum + value, 0) / valid.length;
  const squares = valid.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / valid.length), nanCount: samples.length - valid.length };
}

describe.skipIf(!existsSync(GOLDEN))("wfdb-python reads the same (skipped without ../shared)", () => {
  describe.each(Object.entries(RECORDS))("%s", (name, folder) => {
    let expected: ExpectedRecord;
    let record: WfdbRecord;
    beforeAll(async () => {
      expected = readGolden().records[name]!;
      record = await readWfdbRecord(diskFileStore, `${DATA}/${folder}/${name}`);
    });

    it("has the same rate, length, names and units", () => {
      expect(record.samplingRateHz).toBe(expected.fs);
      expect(record.sampleCount).toBe(expected.sig_len);
      expect(record.channels.map((channel) => channel.name)).toEqual(expected.sig_name);
      expect(record.channels.map((channel) => channel.unit)).toEqual(expected.units);
    });

    it("has the same samples at both ends, mean, standard deviation and missing samples", () => {
      const column = (rows: (number | null)[][], c: number) => rows.map((row) => row[c] ?? Number.NaN);
      for (const [c, { samples }] of record.channels.entries()) {
        expect(samples.subarray(0, expected.head.length)).toBeAllClose(column(expected.head, c), TOLERANCE);
        expect(samples.subarray(-expected.tail.length)).toBeAllClose(column(expected.tail, c), TOLERANCE);
        const { mean, std, nanCount } = moments(samples);
        expect([mean, std]).toBeAllClose([expected.mean[c]!, expected.std[c]!], TOLERANCE);
        expect(nanCount).toBe(expected.nan[c]);
      }
    });

    it("can be written and read again without a change in digital units", async () => {
      const { files } = writeWfdbRecord({ ...record, name: "copy" });
      const again = await readWfdbRecord(createMemoryFileStore(files), "copy");
      for (const [c, { samples, gain = 1, baseline = 0 }] of record.channels.entries()) {
        const digital = (values: Float64Array) => values.map((value) => Math.round(value * gain + baseline));
        expect(digital(again.channels[c]!.samples)).toBeAllClose(digital(samples));
      }
    });
  });

  it("rdsamp prints the same digital values of every format", async () => {
    const record = await readWfdbRecord(diskFileStore, `${DATA}/wfdb-formats/binformats`);
    const packed = readFileSync(`${DATA}/wfdb-formats/expected/binformats_digital_rdsamp.tsv.gz`);
    const rows = gunzipSync(packed)
      .toString()
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
    expect(rows).toHaveLength(499);
    const extra = rows[0]!.length - record.channels.length; // a first column with the sample's number, or none
    for (const [c, { samples, gain = 1, baseline = 0 }] of record.channels.entries()) {
      const digital = samples.map((value) => Math.round(value * gain + baseline));
      expect(digital).toBeAllClose(rows.map((row) => row[c + extra]!));
    }
  });

  it.each([
    ["mitdb", "100.atr"],
    ["wfdb-formats", "1003.atr"],
    ["ptbdb", "s0010_re.xyz"], // a signal file that the reference read as annotations
  ])("annotations of %s/%s", async (folder, name) => {
    const expected = readGolden().annotations[name]!;
    const annotations = await readWfdbAnnotations(diskFileStore, `${DATA}/${folder}/${name}`);
    expect(annotations).toHaveLength(expected.n);
    expect(annotations.at(-1)?.sample).toBe(expected.last);
    const first = annotations.slice(0, 20);
    expect(first.map((annotation) => annotation.sample)).toEqual(expected.sample);
    // The reference has no symbol for codes that have no mnemonic; ours is [code].
    const symbols = first.map(({ symbol }) => (/^\[\d+\]$/.test(symbol) ? null : symbol));
    expect(symbols).toEqual(expected.symbol);
    if (name.endsWith(".atr")) {
      expect(first.map(({ text }) => text)).toEqual(expected.aux.map((text) => text.replace(/\0+$/, "")));
    }
  });

  it.each(["flacformats", "mixedsignals"])("%s is FLAC: a clear error", async (name) => {
    await expect(readWfdbRecord(diskFileStore, `${DATA}/wfdb-formats/${name}`)).rejects.toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message: expect.stringMatching(/found 5(08|16) \(FLAC\)/),
    });
  });

  it("1003 is a header without its signal file: a clear error", async () => {
    await expect(readWfdbRecord(diskFileStore, `${DATA}/wfdb-formats/1003`)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("expected its signal file"),
    });
  });

  it.each([
    ["challenge-2021/A0001", 500, 7500, 12],
    ["challenge-2021/E00015", 500, 5000, 12],
    ["challenge-2025/919965", 400, 2934, 12],
    ["physionet-2017/A00001", 300, 9000, 1],
    ["cpsc2021/data_101_6", 200, 22355, 2],
    ["mimic-iv-ecg/40689238", 500, 5000, 12],
    ["qtdb/sel100", 250, 225000, 2],
    ["ludb/data/1", 500, 5000, 12],
    ["ptb-xl/records100/00000/00001_lr", 100, 1000, 12],
  ])("%s reads with its checksums right", async (path, samplingRateHz, sampleCount, channels) => {
    const record = await readWfdbRecord(diskFileStore, `${DATA}/${path}`);
    expect(record).toMatchObject({ samplingRateHz, sampleCount });
    expect(record.channels).toHaveLength(channels);
    // The headers state the first digital value of each signal; Einthoven's law holds where there are limb leads.
    const [one, two, three] = record.channels;
    if (channels === 12) {
      expect(three!.samples[100]).toBeCloseTo(two!.samples[100]! - one!.samples[100]!, 1);
    }
  });
});
