// Signals as text: names, units, rates, delimiters, and one sentence for every way to be broken.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { readCsvSignals } from "../../../src/sources/csv/read-csv-signals.ts";
import type { RawRecording, SignalFileOptions } from "../../../src/sources/raw-recording.ts";

const DATA = "../shared/data/text-ecg";

function read(text: string, options?: SignalFileOptions): Promise<RawRecording> {
  return readCsvSignals(createMemoryFileStore({ "x.csv": text }), "x.csv", options);
}
const namesOf = (recording: RawRecording): string[] => recording.channels.map((channel) => channel.name);
const unitsOf = (recording: RawRecording): string[] => recording.channels.map((channel) => channel.unit);

describe("readCsvSignals", () => {
  it("reads a header with units and a time column", async () => {
    const recording = await read("time (s),I (uV),V1 [mV]\n0,100,0.1\n0.002,-50,nan\n0.004,,0.3\n");
    expect(namesOf(recording)).toEqual(["I", "V1"]);
    expect(unitsOf(recording)).toEqual(["uV", "mV"]);
    expect(recording.samplingRateHz).toBe(500);
    expect(recording.channels[0]?.samples).toBeAllClose([100, -50, Number.NaN]);
    expect(recording.channels[1]?.samples).toBeAllClose([0.1, Number.NaN, 0.3]);
    expect(recording.leftOut).toEqual(["time: time of the samples"]);
  });

  it("counts the rate from milliseconds and from rounded times", async () => {
    expect((await read("t_ms,II\n0,1\n4,2\n8,3")).samplingRateHz).toBe(250);
    // 360 Hz written with three decimals.
    const rows = Array.from({ length: 720 }, (_, i) => `${(i / 360).toFixed(3)},0.5`);
    expect((await read(`time,MLII\n${rows.join("\n")}`)).samplingRateHz).toBe(360);
  });

  it("reads rdsamp's header, units row and clock times", async () => {
    const recording = await read(
      "'Elapsed time','MLII','V5'\n'h:mm:ss.mmm','mV','mV'\n'0:00.000',-0.145,-0.065\n'0:00.004',-0.2,-0.1\n'0:00.008',-0.3,0",
    );
    expect(recording.samplingRateHz).toBe(250);
    expect(namesOf(recording)).toEqual(["MLII", "V5"]);
    expect(unitsOf(recording)).toEqual(["mV", "mV"]);
    expect(recording.channels[1]?.samples).toBeAllClose([-0.065, -0.1, 0]);
  });

  it("takes the rate and the label of BioSPPy's comments", async () => {
    const recording = await read(
      "# Simple Text Format\n# Sampling Rate (Hz):= 1000.00\n# Resolution:= 12\n# Labels:= ECG\n2044.0\n2043.0\n",
    );
    expect(recording.samplingRateHz).toBe(1000);
    expect(namesOf(recording)).toEqual(["ECG"]);
    expect(unitsOf(recording)).toEqual([""]);
    expect(recording.channels[0]?.samples).toBeAllClose([2044, 2043]);
  });

  it("understands semicolons with decimal commas, tabs, blanks and an index column", async () => {
    const options = { samplingRateHz: 100 };
    expect((await read("I;II\n0,5;-1,25\n1;2", options)).channels[1]?.samples).toBeAllClose([-1.25, 2]);
    expect((await read("0.5\t1\n2\t3\n", options)).channels[1]?.samples).toBeAllClose([1, 3]);
    expect((await read("  0.5   1\n2 3\n", options)).channels[0]?.samples).toBeAllClose([0.5, 2]);
    const indexed = await read(",II\n0,0.5\n1,0.6\n2,0.7\n", options);
    expect(namesOf(indexed)).toEqual(["II"]);
  });

  it("names twelve unnamed columns by the standard order, others by number or as given", async () => {
    const row = Array.from({ length: 12 }, (_, i) => i).join(",");
    expect(namesOf(await read(`${row}\n${row}`, { samplingRateHz: 500 }))).toEqual(
      "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split(" "),
    );
    expect(namesOf(await read("0.1,5\n0.2,3", { samplingRateHz: 500 }))).toEqual(["ch1", "ch2"]);
    const given = { samplingRateHz: 500, leadNames: ["II", "V5"], unit: "uV" } as const;
    expect(namesOf(await read("0.1,5\n0.2,3", given))).toEqual(["II", "V5"]);
    expect(unitsOf(await read("0.1,5\n0.2,3", given))).toEqual(["uV", "uV"]);
    await expect(read("0.1,5\n0.2,3", { samplingRateHz: 500, leadNames: ["II"] })).rejects.toThrowError(
      /expected 2 lead names for 2 columns, got 1/,
    );
  });

  it("finds an unnamed time column by its values", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i * 0.004},${Math.sin(i)}`);
    const recording = await read(rows.join("\n"));
    expect(recording.samplingRateHz).toBe(250);
    expect(namesOf(recording)).toEqual(["ECG"]);
  });

  it("never guesses a rate", async () => {
    await expect(read("I,II\n1,2\n3,4")).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: "x.csv: expected a sampling rate, the file states none",
      hint: expect.stringContaining("--sampling-rate-hz"),
    });
    // A step of 2 without a unit may be milliseconds.
    await expect(read("time,I\n0,1\n2,1\n4,1")).rejects.toThrowError(/expected a sampling rate/);
    await expect(read("time (s),I\n0,1\n0.002,1\n0.004,1", { samplingRateHz: 250 })).rejects.toThrowError(
      /the given rate is 250 Hz, the file 500 Hz/,
    );
    await expect(read("I\n1\n2", { samplingRateHz: 0 })).rejects.toThrowError(/above 0 Hz, got 0/);
  });

  it("says line and column of a text cell", async () => {
    await expect(read("I,II\n1,2\n3,abc\n", { samplingRateHz: 500 })).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: 'x.csv line 3, column 2 (II): expected a number, found "abc"',
    });
  });

  it("says what is wrong with cut rows, uneven times and files without numbers", async () => {
    const options = { samplingRateHz: 500 };
    await expect(read("1,2\n3\n", options)).rejects.toThrowError(/line 2: expected 2 cells, found 1/);
    await expect(read("time (s),I\n0,1\n0.002,1\n0.1,1\n0.102,1")).rejects.toThrowError(
      /expected a time column that rises evenly, row 3 is 0\.098 after the row before, most are 0\.002/,
    );
    await expect(read("", options)).rejects.toThrowError(/expected rows of numbers, found 0 lines without/);
  });

  it.skipIf(!existsSync(DATA))("reads the text recordings of the shared data", async () => {
    const european = await readCsvSignals(diskFileStore, `${DATA}/e0103.csv`, { samplingRateHz: 250 });
    expect(european.channels[0]?.samples.subarray(0, 3)).toBeAllClose([0.455, 0.46, 0.45]);
    const biosppy = await readCsvSignals(diskFileStore, `${DATA}/biosppy_ecg.txt`);
    expect([biosppy.samplingRateHz, biosppy.sampleCount]).toEqual([1000, 15000]);
  });
});
