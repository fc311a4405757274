import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunComparison } from "../../src/bench/compare-runs.ts";
import type { RunScores } from "../../src/bench/score-run.ts";
import { type CommandResult, spawnCommands } from "./spawn-heartcare.ts";
import { writeRecordings } from "./write-recordings.ts";

const BUILD = ["--no-images", "--no-audit", "--workers", "1", "--seed", "3"];
/** Synthetic recordings: `synthetic:<count>:<seed>` is a source path. */
const COMMANDS = {
  build: ["data", "build", "synthetic:24:5", "--out", "data", ...BUILD, "--json"],
  occupied: ["data", "build", "synthetic:24:5", "--out", "text", ...BUILD],
  unknownDx: ["data", "build", "who", "--out", "who-data", ...BUILD],
  oneBroken: ["data", "build", "mix", "--out", "mix-data", ...BUILD],
  list: ["bench", "list", "--json"],
  majority: [
    "bench",
    "run",
    "data",
    "--model",
    "majority",
    "--split",
    "train",
    "--limit",
    "20",
    "--out",
    "runs/majority",
    "--json",
  ],
  measured: [
    "bench",
    "run",
    "data",
    "--model",
    "measured",
    "--split",
    "train",
    "--out",
    "runs/measured",
    "--json",
  ],
  again: ["bench", "run", "data", "--model", "measured", "--split", "train", "--out", "runs/measured"],
  other: [
    "bench",
    "run",
    "data",
    "--model",
    "majority",
    "--split",
    "train",
    "--out",
    "runs/measured",
    "--resume",
  ],
  resume: [
    "bench",
    "run",
    "data",
    "--model",
    "measured",
    "--split",
    "train",
    "--out",
    "runs/measured",
    "--resume",
    "--json",
  ],
  score: ["bench", "score", "runs/measured"],
  compare: ["bench", "compare", "runs/measured", "runs/majority", "--json"],
  report: ["bench", "report", "runs/majority", "runs/measured", "--out", "report.html", "--json"],
} as const;
type Name = keyof typeof COMMANDS;

let root = "";
let results: Record<Name, CommandResult>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-story-"));
  writeRecordings(root);
  const found = await spawnCommands(Object.values(COMMANDS), root);
  results = Object.fromEntries(
    Object.keys(COMMANDS).map((name, index) => [name, found[index]]),
  ) as typeof results;
}, 180_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

const json = <T>(name: Name): T => {
  expect(results[name].stderr.replace(/^.*(items|recordings).*left.*$/gm, "").trim()).toBe("");
  expect(results[name].exitCode).toBe(0);
  return JSON.parse(results[name].stdout) as T;
};

describe("from synthetic recordings to a report, by commands", () => {
  it("builds a dataset of 24 recordings", () => {
    const { manifest } = json<{ manifest: { itemCount: number; records: { total: number } } }>("build");
    expect(manifest.records.total).toBe(24);
    expect(manifest.itemCount).toBeGreaterThan(150);
    expect(JSON.parse(readFileSync(join(root, "data/manifest.json"), "utf8"))).toEqual(manifest);
  });

  it("refuses to build into a folder of something else", () => {
    expect(results.occupied.exitCode).toBe(2);
    expect(results.occupied.stderr).toMatch(/^error: text: expected .*\nhint: /);
  });

  it("warns of a Dx code that nobody knows, and goes on", () => {
    expect(results.unknownDx.exitCode).toBe(0);
    expect(results.unknownDx.stderr).toMatch(/^warning: Dx code 987654321 of 1 recordings is in no table/m);
    const record = JSON.parse(readFileSync(join(root, "who-data/records.jsonl"), "utf8")) as {
      unknownLabels: string[];
    };
    expect(record.unknownLabels).toEqual(["987654321"]);
  });

  it("skips a broken recording, lists it with its reason, and keeps the others", () => {
    expect(results.oneBroken.exitCode).toBe(0);
    expect(results.oneBroken.stdout).toContain("1 skipped");
    expect(readFileSync(join(root, "mix-data/skipped.jsonl"), "utf8")).toContain(
      "expected its signal file mix/E2.dat, found nothing",
    );
    expect(readFileSync(join(root, "mix-data/records.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(1);
  });

  it("lists five tasks and the baselines", () => {
    const listed = json<{ tasks: { name: string }[]; baselines: string[] }>("list");
    expect(listed.tasks.map(({ name }) => name)).toEqual([
      "closed-qa",
      "open-qa",
      "comparison-qa",
      "report",
      "prediction",
    ]);
    expect(listed.baselines).toContain("measured");
  });

  it("runs a baseline, at most 20 items a task", () => {
    const run = json<{ asked: number; failed: number; scores: RunScores }>("majority");
    expect(run.failed).toBe(0);
    for (const cell of run.scores.cells) expect(cell.estimate.items).toBeLessThanOrEqual(20);
    expect(run.asked).toBeLessThanOrEqual(80);
  });

  it("the rule-based baseline reads what the generator drew", () => {
    const { scores } = json<{ scores: RunScores }>("measured");
    const pairs = scores.cells.find(({ task, cell }) => task === "comparison-qa" && cell === "average")!;
    expect(pairs.estimate.items).toBeGreaterThan(8);
    expect(pairs.chance).toBeCloseTo(0.25, 12);
    expect(pairs.estimate.mean).toBeGreaterThan(0.4);
    expect(scores.cells.every(({ unparsed, failed }) => unparsed + failed === 0)).toBe(true);
  });

  it("refuses a finished run without --resume, and another model with it; goes on with the same", () => {
    expect(results.again).toMatchObject({ exitCode: 2 });
    expect(results.again.stderr).toBe(
      "error: runs/measured: expected a new folder, found a run of measured\nhint: go on with --resume or choose another --out\n",
    );
    expect(results.other.exitCode).toBe(2);
    expect(results.other.stderr).toContain("found model measured 2 there and majority 2 asked for");
    expect(json("resume")).toMatchObject({ asked: 0, failed: 0 });
  });

  it("scores, compares and reports the runs", () => {
    expect(results.score.exitCode).toBe(0);
    expect(results.score.stdout).toMatch(/^open-qa +S +rhythm +rougeL +\d+\.\d \(n too small\)/m);
    const compared = json<RunComparison>("compare");
    expect([compared.first, compared.second]).toEqual(["measured", "majority"]);
    expect(compared.differences.some(({ task }) => task === "open-qa")).toBe(true);
    const report = json<{ path: string; runs: number; bytes: number }>("report");
    expect(report).toMatchObject({ path: "report.html", runs: 2 });
    const html = readFileSync(join(root, "report.html"), "utf8");
    expect(Buffer.byteLength(html)).toBe(report.bytes);
    expect(html).toContain("Open-QA, signals");
  });
});

describe("a dataset that has changed since the run", () => {
  it("is not scored against", async () => {
    const path = join(root, "data/items/train-00000.jsonl");
    const [first = "", ...rest] = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, [first.replace('"instruction":"', '"instruction":"Now '), ...rest].join("\n"));
    const [result] = await spawnCommands([["bench", "score", "runs/measured"]], root);
    expect(result?.exitCode).toBe(1);
    expect(result?.stderr).toMatch(
      /^error: data: expected the \d+ items that runs\/measured was asked .*, found \d+ others .*\nhint: /,
    );
  });
});
