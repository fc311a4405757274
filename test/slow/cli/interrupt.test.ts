import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spawnHeartcare } from "../../cli/spawn-heartcare.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const BUILD = [
  "data",
  "build",
  "synthetic:60:4",
  "--no-images",
  "--no-audit",
  "--workers",
  "2",
  "--seed",
  "5",
  "--out",
];

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "heartcare-interrupt-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
};

/** Start a command, send `signal` as soon as `isUnderWay` says so, and wait for its end. */
async function stopUnderWay(
  args: readonly string[],
  signal: NodeJS.Signals,
  isUnderWay: () => boolean,
): Promise<Ended> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), MAIN, ...args],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const timer = setInterval(() => {
    if (!isUnderWay()) return;
    clearInterval(timer);
    child.kill(signal);
  }, 20);
  return new Promise((resolve) => {
    child.on("close", (code, by) => {
      clearInterval(timer);
      resolve({ code, signal: by, stderr });
    });
  });
}

/** Files below a folder, e.g. to see that signals are being written. */
function countFiles(folder: string): number {
  try {
    return readdirSync(join(root, folder)).length;
  } catch {
    return 0;
  }
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const itemsOf = (dataset: string): string =>
  ["train", "val", "test"].map((split) => read(`${dataset}/items/${split}-00000.jsonl`)).join("");

describe("a build that is stopped", () => {
  beforeAll(async () => {
    expect((await spawnHeartcare([...BUILD, "whole"], root)).exitCode).toBe(0);
  });

  it("by Ctrl-C says how to go on, and goes on to the same bytes", async () => {
    const ended = await stopUnderWay(
      [...BUILD, "stopped"],
      "SIGINT",
      () => countFiles("stopped/signals") >= 5,
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("error: stopped by the user\nhint: go on later with --resume");
    expect(countFiles("stopped/items")).toBe(0);
    const refused = await spawnHeartcare([...BUILD, "stopped"], root);
    expect(refused.exitCode).toBe(2);
    expect((await spawnHeartcare([...BUILD, "stopped", "--resume"], root)).exitCode).toBe(0);
    expect(itemsOf("stopped")).toBe(itemsOf("whole"));
  });

  it("by a kill goes on to the same bytes", async () => {
    const ended = await stopUnderWay(
      [...BUILD, "killed"],
      "SIGKILL",
      () => countFiles("killed/signals") >= 20,
    );
    expect(ended.signal).toBe("SIGKILL");
    expect((await spawnHeartcare([...BUILD, "killed", "--resume"], root)).exitCode).toBe(0);
    expect(itemsOf("killed")).toBe(itemsOf("whole"));
    expect(read("killed/records.jsonl")).toBe(read("whole/records.jsonl"));
  });
});

describe("a benchmark run that is killed", () => {
  it("keeps its answers and goes on to the same scores", async () => {
    const run = (out: string): string[] => [
      "bench",
      "run",
      "whole",
      "--model",
      "scaled-persistence",
      "--split",
      "train",
      "--out",
      out,
    ];
    expect((await spawnHeartcare(run("runs/whole"), root)).exitCode).toBe(0);
    const lines = (): number => {
      try {
        return read("runs/killed/answers.jsonl").split("\n").length - 1;
      } catch {
        return 0;
      }
    };
    await stopUnderWay(run("runs/killed"), "SIGKILL", () => lines() >= 10);
    const kept = lines();
    expect(kept).toBeGreaterThanOrEqual(10);
    const resumed = await spawnHeartcare([...run("runs/killed"), "--resume", "--json"], root);
    const summary = JSON.parse(resumed.stdout) as { asked: number; kept: number };
    expect(summary.kept).toBe(kept);
    expect(summary.asked).toBeGreaterThan(0);
    const report = (name: string): unknown => {
      const { cells, unanswered } = JSON.parse(read(`runs/${name}/report.json`)) as Record<string, unknown>;
      return { cells, unanswered };
    };
    expect(report("killed")).toEqual(report("whole"));
  });
});
