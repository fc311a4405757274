// What shows what is there: record inspect with its units, bench list; as the real program prints it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, spawnCommands } from "./spawn-heartcare.ts";

const COMMANDS = {
  raw: "record inspect stated.csv",
  micro: "record inspect stated.csv --unit uV",
  volts: "record inspect stated.csv --unit V --json",
  unstated: "record inspect unstated.csv --unit mV",
  told: "record inspect unstated.csv --file-unit uV --unit mV --json",
  convert: "record convert unstated.csv --to csv --out out",
  converted: "record convert unstated.csv --file-unit uV --to csv --out out --json",
  badUnit: "record inspect stated.csv --unit mmHg",
  list: "bench list",
  listJson: "bench list --json",
} as const;
type Name = keyof typeof COMMANDS;

let root = "";
let results: readonly CommandResult[] = [];
const result = (name: Name): CommandResult => results[Object.keys(COMMANDS).indexOf(name)]!;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-inspect-"));
  const rows = [0, 1, 2, 3].map((t) => `${t / 500},${0.25 * t},${-0.5 * t}`);
  writeFileSync(join(root, "stated.csv"), `time (s),I (mV),II (mV)\n${rows.join("\n")}\n`);
  const micro = [0, 1, 2, 3].map((t) => `${t / 500},${250 * t}`);
  writeFileSync(join(root, "unstated.csv"), `time (s),II\n${micro.join("\n")}\n`);
  results = await spawnCommands(
    Object.values(COMMANDS).map((command) => command.split(" ")),
    root,
  );
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("record inspect --unit", () => {
  it("shows each channel in its own unit unless asked", () => {
    expect(result("raw").stdout).toMatch(/^I +mV +0\.3750 +0\.2795 +0 {2}0\.0000 0\.2500 0\.5000 0\.7500$/m);
    expect(result("micro").stdout).toMatch(/^I +uV +375\.0 +279\.5 +0 {2}0\.0 250\.0 500\.0 750\.0$/m);
    expect(JSON.parse(result("volts").stdout).leads[1]).toMatchObject({ unit: "V", mean: -0.00075 });
  });

  it("refuses a file without units until it is told them", () => {
    expect(result("unstated")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: unstated.csv: expected voltages to show in mV, found channel II without a unit\nhint: without --unit every channel is shown in its own; --file-unit says what a file without units is in\n",
    });
    expect(JSON.parse(result("told").stdout).leads[0]).toMatchObject({ name: "II", unit: "mV", mean: 0.375 });
  });

  it("the hint about a file in uV names a command that takes it", () => {
    const { exitCode, stderr } = result("convert");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /expected mV in channel II \(no unit is stated\), found a standard deviation of 280/,
    );
    expect(stderr).toContain("heartcare record convert --file-unit uV");
    expect(result("converted")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(result("converted").stdout)).toMatchObject({ leads: ["II"], sampleCount: 4 });
  });

  it("an unknown unit is wrong usage", () => {
    expect(result("badUnit").exitCode).toBe(2);
    expect(result("badUnit").stderr).toMatch(/mmHg.*mV, uV, V, raw/);
  });
});

describe("bench list", () => {
  it("names every model with what it reads, and how a folder is given", () => {
    const { exitCode, stdout, stderr } = result("list");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^heartcare-nano +signals, pages, .* all$/m);
    expect(stdout).toMatch(/^<folder> +a HeartcareGPT folder/m);
    expect(stdout).toMatch(/^majority +no recording: .* closed-qa, open-qa, comparison-qa, report$/m);
    expect(stdout).toContain("heartcare-nano:blind");
  });

  it("prints the same as JSON", () => {
    const { tasks, baselines, models, variants } = JSON.parse(result("listJson").stdout);
    expect(tasks).toHaveLength(5);
    expect(baselines).toHaveLength(6);
    expect(models.map(({ name }: { name: string }) => name)).toEqual([
      ...baselines,
      "heartcare-nano",
      "<folder>",
    ]);
    expect(variants).toContain("shuffled");
  });
});
