import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensorsBytes } from "../../../src/shared/safetensors.ts";
import { TINY_BEAT } from "../../beat/tiny-beat.ts";
import { testRuntime } from "../../graph/gradient-check.ts";
import { writeRecordings } from "../../training/write-recordings.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CONFIG = {
  model: TINY_BEAT,
  batch: 8,
  learningRate: 4e-3,
  learningRateWarmup: 5,
  warmupSteps: 20,
  kMeansBatches: 4,
  evaluateEvery: 20,
  evaluateWindows: 16,
  checkpointEvery: 10,
  logEvery: 5,
  threads: 1,
};

type Result = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "beat-cli-"));
  await writeRecordings(at("recordings"), 40);
  await writeFile(at("config.json"), JSON.stringify(CONFIG));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(args: readonly string[]): { child: ChildProcess; result: Promise<Result> } {
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "beat", ...args], {
    cwd: ROOT,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (text: Buffer) => {
    stdout += text.toString();
  });
  child.stderr?.on("data", (text: Buffer) => {
    stderr += text.toString();
  });
  const result = new Promise<Result>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, result };
}

const run = (...args: string[]): Promise<Result> => start(args).result;

async function logOf(name: string): Promise<string> {
  return (await readFile(join(at(name), "log.jsonl"), "utf8")).replace(/"seconds":[^,}]*/g, "");
}

describe("heartcare beat", () => {
  it("trains, stops on Ctrl-C after its step, and goes on to the losses of a run never stopped", async () => {
    const settings = ["--config", at("config.json"), "--steps", "60", "--cache", at("cache")];
    const whole = await run("train", at("recordings"), "--out", at("whole"), ...settings, "--json");
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({ outcome: "finished", step: 60 });
    expect(whole.stderr).toMatch(/step 60\/60 {2}loss \d/);

    const { child, result } = start(["train", at("recordings"), "--out", at("stopped"), ...settings]);
    child.stderr?.on("data", (text: Buffer) => {
      if (text.toString().includes("step 10/60")) child.kill("SIGINT");
    });
    const stopped = await result;
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain("hint: go on later with --resume");
    expect(stopped.stdout).toMatch(/^interrupted after \d+ steps/);
    const resumed = await run("train", "--out", at("stopped"), "--resume", "--cache", at("cache"), "--json");
    expect(JSON.parse(resumed.stdout)).toMatchObject({ outcome: "finished", step: 60 });
    expect(await logOf("stopped")).toBe(await logOf("whole"));
  });

  it("prints its configuration, and refuses a wrong one in one sentence with exit code", async () => {
    const printed = await run("train", "--out", at("x"), "--config", at("config.json"), "--print-config");
    expect(JSON.parse(printed.stdout)).toMatchObject({ ...CONFIG, seed: 7 });
    await writeFile(at("wrong.json"), '{"stepz": 3}');
    const wrong = await run("train", at("recordings"), "--out", at("x"), "--config", at("wrong.json"));
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^error: .*wrong\.json: config: .*stepz/);
    expect((await run("train", "--out", at("x"))).code).toBe(2);
    expect((await run("train", at("recordings"), "--out", at("x"), "--steps", "0")).code).toBe(2);
  });

  it("encodes, decodes and forecasts a recording", async () => {
    const model = ["--model", at("whole")];
    const recording = join(at("recordings"), "r003");
    const encoded = await run("encode", recording, ...model, "--json");
    const { records } = JSON.parse(encoded.stdout);
    expect(records).toHaveLength(1);
    expect(records[0].segments.map(({ window }: { window: object }) => window)).toEqual([
      { startSample: -100, endSample: 100 },
      { startSample: 100, endSample: 300 },
      { startSample: 300, endSample: 500 },
    ]);
    expect(records[0].segments[0].leadSdMv).toHaveLength(12);
    await writeFile(at("codes.json"), encoded.stdout);
    const decoded = await run("decode", at("codes.json"), ...model, "--out", at("decoded.csv"), "--json");
    expect(JSON.parse(decoded.stdout).written).toMatchObject([
      { unit: "mV", samplingRateHz: 50, sampleCount: 500 },
    ]);
    const lines = (await readFile(at("decoded.csv"), "utf8")).trim().split("\n");
    expect([lines.length, lines[0]?.split(",").length]).toEqual([501, 13]);

    const folderOfCodes = await run(
      "encode",
      at("recordings"),
      ...model,
      "--limit",
      "3",
      "--out",
      at("codes.jsonl"),
    );
    expect(folderOfCodes.stdout).toContain("3 recordings");
    const many = await run("decode", at("codes.jsonl"), ...model, "--out", at("decoded"), "--json");
    expect(JSON.parse(many.stdout).written).toHaveLength(3);

    const picture = ["--picture", at("forecast.svg")];
    const forecast = await run(
      "forecast",
      recording,
      ...model,
      "--to",
      "8",
      "--seconds",
      "3",
      ...picture,
      "--json",
    );
    const found = JSON.parse(forecast.stdout);
    expect(found).toMatchObject({ unit: "mV", startSample: 400, sampleCount: 150 });
    expect(found.leads.V6).toHaveLength(150);
    expect(await readFile(at("forecast.svg"), "utf8")).toContain("<svg");
  });

  it("scores a checkpoint by the keys that programs rely on, and draws the picture", async () => {
    const args = ["--model", at("whole"), "--cache", at("cache"), "--out", at("eval"), "--json"];
    const { code, stdout } = await run("eval", at("recordings"), ...args);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    const numbers = [
      "segments",
      "mse",
      "prdPercent",
      "snrDb",
      "lRecon",
      "lPred",
      "lVq",
      "lTotal",
      "zeroMse",
      "persistenceMse",
      "scaledPersistenceMse",
      "forecastMse",
    ];
    for (const name of numbers) expect([name, Number.isFinite(report[name])]).toEqual([name, true]);
    for (const name of ["codeUse", "perplexity", "deadCodes"]) {
      expect(Object.keys(report[name])).toEqual(["core", "residual"]);
    }
    expect(report.forecastMsePerHalfSecond).toHaveLength(4);
    expect(report.lTotal).toBeCloseTo(report.lRecon + 0.5 * report.lPred + 0.25 * report.lVq, 9);
    const data = JSON.parse(await readFile(join(at("whole"), "data.json"), "utf8"));
    expect(report.recordings).toBe(data.recordings.test); // neither trained nor chosen on
    expect(await readFile(join(at("eval"), "figure9.svg"), "utf8")).toContain("<svg");
    expect((await readFile(join(at("eval"), "figure9.png"))).subarray(1, 4).toString()).toBe("PNG");
    const none = await run("eval", at("recordings"), "--split", "held-out", "--min-leads", "13", ...args);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining("expected recordings to use, found 0"),
    ]);
  });

  it("exports a checkpoint in half the bytes, with ONNX files that any runtime opens", async () => {
    const args = ["--out", at("ship"), "--onnx", "--json"];
    const { stdout } = await run("export", at("whole"), ...args);
    expect(JSON.parse(stdout)).toMatchObject({ dtype: "F16" });
    const file = await openSafetensorsBytes(await readFile(join(at("ship"), "model.safetensors")));
    expect(file.tensors.get("codebook.core")).toMatchObject({ dtype: "F16", shape: [16, 16] });
    const runtime = await testRuntime();
    const encoder = await runtime.createSession(await readFile(join(at("ship"), "encoder.onnx")));
    expect([encoder.inputNames, encoder.outputNames]).toEqual([["signal"], ["core", "residual", "vectors"]]);
    await encoder.dispose();
    const again = await run("encode", join(at("recordings"), "r003"), "--model", at("ship"), "--json");
    expect(again.code).toBe(0);
  });
});
