// A drawn page goes back to a recording: digitised, measured, and what is refused.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeTestPng } from "../model/encode-test-png.ts";
import { type CommandResult, spawnCommands } from "./spawn-heartcare.ts";
import { writeRecordings } from "./write-recordings.ts";

const COMMANDS = [
  ["image", "render", "good/E1.hea", "--out", "page.png", "--dpi", "150"],
  ["signal", "measure", "good/E1.hea", "--json"],
  ["signal", "measure", "page.png", "--json"],
  ["image", "digitise", "page.png", "--out", "out"],
  ["image", "digitise", "page.png", "--out", "out", "--to", "wfdb", "--sampling-rate-hz", "500", "--json"],
  ["record", "inspect", "out/page-png", "--json"],
  ["image", "digitise", "page.png", "--out", "out", "--to", "edf"],
  ["image", "digitise", "blank.png", "--out", "never"],
  ["signal", "measure", "blank.png"],
  ["signal", "measure", "page.png", "--from", "2"],
  ["image", "digitise", "page.png", "--out", "never", "--sampling-rate-hz", "1e12"],
] as const;

let root = "";
let results: CommandResult[] = [];
const at = (index: number): CommandResult => results[index]!;
const json = (index: number): Record<string, unknown> =>
  JSON.parse(at(index).stdout) as Record<string, unknown>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-pages-"));
  writeRecordings(root);
  const blank = encodeTestPng({ width: 300, height: 200, depth: 8, colour: 0, sample: () => 255 });
  writeFileSync(join(root, "blank.png"), blank);
  results = await spawnCommands(COMMANDS, root);
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a page as a recording", () => {
  it("is measured as its recording is", () => {
    expect(results.slice(0, 3).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const [signal, page] = [json(1), json(2)];
    expect(page["id"]).toBe("page.png");
    for (const [name, within] of [
      ["heartRateBpm", 1.5],
      ["prMs", 20],
      ["qrsMs", 20],
      ["qtMs", 25],
    ] as const)
      expect(Math.abs(Number(page[name]) - Number(signal[name]))).toBeLessThan(within);
  });

  it("is written as CSV: each lead where the page shows it", () => {
    expect(at(3).exitCode).toBe(0);
    expect(at(3).stdout).toMatch(/^II +0\.00 +10\.00$/m);
    expect(at(3).stdout).toMatch(/^V6 +7\.50 +2\.50$/m);
    expect(at(3).stdout).toContain("25 mm/s (calibration), 10 mm/mV (calibration)");
    const lines = readFileSync(join(root, "out/page-png.csv"), "utf8").trim().split("\n");
    expect(lines[0]).toMatch(/^time \(s\),I \(mV\),II \(mV\),III \(mV\),aVR/);
    expect(lines).toHaveLength(2501);
    const [time, one, two] = lines[1251]!.split(",");
    expect([time, one]).toEqual(["5", ""]);
    expect(Number.isFinite(Number.parseFloat(two!))).toBe(true);
  });

  it("is written as WFDB at another rate, which other commands read", () => {
    expect(json(4)).toMatchObject({ samplingRateHz: 500, sampleCount: 5000, amplitudeUnit: "mV" });
    expect(json(5)).toMatchObject({ samplingRateHz: 500, sampleCount: 5000 });
  });

  it.each([
    [10, 2, /^error: samplingRateHz: expected a number from 1 to 10000, got 1000000000000\n/],
    [6, 2, /^error: --to: expected wfdb, csv, npy, got edf\n/],
    [7, 1, /^error: blank\.png: expected traces of an ECG on paper, found no ink on the paper\nhint: /],
    [8, 1, /^error: blank\.png: expected traces of an ECG on paper, found no ink/],
    [
      9,
      2,
      /^error: page\.png: expected a recording for the options of one, got the picture of a page\nhint: leave --from/,
    ],
  ])("command %i ends with %i and one sentence", (index, exitCode, message) => {
    expect(at(index).exitCode).toBe(exitCode);
    expect(at(index).stderr).toMatch(message);
    expect(existsSync(join(root, "never"))).toBe(false);
  });
});
