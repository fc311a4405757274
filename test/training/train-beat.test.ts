import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadBeat } from "../../src/beat/tokenizer.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { NO_AUGMENTATION } from "../../src/training/draw-segments.ts";
import { SEEN_FILE } from "../../src/training/held-out.ts";
import { readRunConfig, type TrainBeatOptions, trainBeat } from "../../src/training/train-beat.ts";
import { resolveTrainBeatConfig, type TrainBeatConfig } from "../../src/training/train-beat-config.ts";
import { trainBeatInWorker } from "../../src/training/train-beat-in-worker.ts";
import type { TrainingEvent } from "../../src/training/training-event.ts";
import { readLog } from "../../src/training/training-log.ts";
import { beatingSignal, recordOf, TINY_BEAT } from "../beat/tiny-beat.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { writeRecordings } from "./write-recordings.ts";

const CONFIG: TrainBeatConfig = {
  ...resolveTrainBeatConfig([]),
  model: { ...TINY_BEAT, dimension: 32 },
  steps: 60,
  batch: 8,
  learningRate: 4e-3,
  learningRateWarmup: 5,
  warmupSteps: 20,
  kMeansBatches: 4,
  reviveEvery: 5,
  augmentation: { ...NO_AUGMENTATION, timeStretch: 0.1, leadMixing: 0.1 },
  evaluateEvery: 20,
  evaluateWindows: 16,
  checkpointEvery: 10,
  logEvery: 5,
  threads: 1,
};

let root: string;
const sources = (): string[] => [join(root, "recordings")];
const whole = (): string => join(root, "whole");
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "beat-"));
  await writeRecordings(join(root, "recordings"), 40);
  await writeRecordings(join(root, "fewer"), 30);
  await train(whole());
});
afterAll(() => rm(root, { recursive: true, force: true }));

function train(folder: string, change: Partial<TrainBeatOptions> = {}) {
  return trainBeat({
    sources: sources(),
    folder,
    config: CONFIG,
    cacheFolder: join(root, "cache"),
    ...change,
  });
}

async function logOf(folder: string) {
  return (await readLog(folder)).map(({ seconds: _seconds, ...line }) => line);
}

describe("trainBeat", () => {
  it("learns: a third of the error of predicting zero is gone after 60 steps", async () => {
    const log = await logOf(whole());
    const evaluations = log.flatMap((line) => (line.kind === "evaluation" ? [line] : []));
    expect(evaluations.map(({ step, score }) => [step, score === null])).toEqual([
      [20, true], // still warming up: codes mean nothing
      [40, false],
      [60, false],
    ]);
    const last = evaluations.at(-1)!.scores;
    expect(last["reconstruction"]).toBeLessThan(0.67);
    expect(last["loss"]).toBeLessThan(evaluations[1]!.scores["loss"]!);
    expect(last["core code use"]).toBeGreaterThan(0.5);
  });

  it("keeps what the run was: settings, machine, data, curves, report and both checkpoints", async () => {
    const read = async (name: string) => JSON.parse(await readFile(join(whole(), name), "utf8"));
    expect((await readRunConfig(whole())).config).toEqual(CONFIG);
    expect(await read("env.json")).toMatchObject({ seed: 7, threads: 1, runtime: "onnxruntime-node" });
    const data = await read("data.json");
    const { train: inTrain, val, test } = data.recordings;
    expect(inTrain + val + test).toBe(40);
    expect(await read("report.json")).toMatchObject({ outcome: "finished", step: 60 });
    expect(await readFile(join(whole(), "report.html"), "utf8")).toContain("<polyline");
    const seen = await read(join("checkpoints", "best", SEEN_FILE));
    expect([seen.train.length, seen.val.length]).toEqual([inTrain, val]);
    for (const name of ["last", "best"]) {
      for (const file of ["training.safetensors", "model.safetensors", "config.json", "README.md"]) {
        expect(existsSync(join(whole(), "checkpoints", name, file))).toBe(true);
      }
    }
  });

  it("leaves a checkpoint that encodes and decodes", async () => {
    const folder = join(whole(), "checkpoints", "best");
    const beat = await loadBeat(folder, await testRuntime(), { files: diskFileStore });
    const segments = await beat.encode(recordOf(beatingSignal(450)), { prepared: true });
    expect((await beat.decode(segments)).signal.sampleCount).toBe(450);
    await beat.dispose();
  });

  it("killed and resumed, repeats the losses bit for bit: before codebooks begin and after", async () => {
    const wanted = await logOf(whole());
    for (const killAt of [15, 35]) {
      const folder = join(root, `killed-${killAt}`);
      const onEvent = (event: TrainingEvent): void => {
        if (event.kind === "step" && event.step === killAt) throw new Error("lost");
      };
      await expect(train(folder, { onEvent })).rejects.toThrow("lost");
      await train(folder, { resume: true });
      expect(await logOf(folder)).toEqual(wanted);
      const model = (path: string) => readFile(join(path, "checkpoints", "last", "model.safetensors"));
      expect((await model(folder)).equals(await model(whole()))).toBe(true);
    }
  });

  it("refuses to go on with other settings or other recordings, naming what differs", async () => {
    const other = { ...CONFIG, learningRate: 1e-3 };
    await expect(train(whole(), { resume: true, config: other })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: "resume: learningRate: expected 0.004 as the run began, got 0.001",
    });
    await expect(train(whole(), { resume: true, sources: [join(root, "fewer")] })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(/data\.json: expected \d+ train/),
    });
  });

  it("says which tensor of a checkpoint does not fit the settings", async () => {
    const folder = join(root, "other");
    await train(folder, { config: { ...CONFIG, steps: 1 } });
    const path = join(folder, "config.json");
    const changed = { ...CONFIG, steps: 1, model: { ...CONFIG.model, codebookSize: 32 } };
    await writeFile(path, JSON.stringify({ ...changed, sources: sources() }));
    await expect(train(folder, { resume: true, config: changed })).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: expect.stringMatching(/codebook\.core.*expected \(32.*got \(16/),
    });
  });

  it("learns with one book, and with codebooks that follow gradients", async () => {
    for (const change of [{ codebookLevels: 1 as const }, { codebookUpdate: "gradient" as const }]) {
      const config = { ...CONFIG, steps: 30, warmupSteps: 10, model: { ...CONFIG.model, ...change } };
      const folder = join(root, JSON.stringify(change).replace(/\W/g, ""));
      const { outcome } = await train(folder, { config });
      expect(outcome).toBe("finished");
      const steps = (await logOf(folder)).flatMap((line) => (line.kind === "step" ? [line.losses] : []));
      expect(steps.at(-1)!["reconstruction"]).toBeLessThan(steps[0]!["reconstruction"]!);
    }
  });

  it("needs recordings in val", async () => {
    await writeRecordings(join(root, "one"), 1);
    await expect(train(join(root, "run-of-one"), { sources: [join(root, "one")] })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(/expected recordings in (train|val), found 0/),
    });
  });
});

describe("trainBeatInWorker", () => {
  it("sends events across threads, stops cleanly when asked to, and gives the losses of the same thread", async () => {
    const folder = join(root, "worker");
    const controller = new AbortController();
    const events: TrainingEvent[] = [];
    const options = { sources: sources(), folder, config: CONFIG, cacheFolder: join(root, "cache") };
    const summary = await trainBeatInWorker({
      ...options,
      signal: controller.signal,
      onEvent(event) {
        events.push(event);
        if (event.kind === "step") controller.abort();
      },
    });
    expect(summary.outcome).toBe("interrupted");
    expect(summary.step).toBeGreaterThanOrEqual(5);
    expect(events.some(({ kind }) => kind === "note")).toBe(true);
    const wanted = (await logOf(whole())).filter(({ step }) => step <= summary.step);
    expect(await logOf(folder)).toEqual(wanted);
  });

  it("brings errors back with code and hint", async () => {
    const folder = join(root, "nowhere");
    const options = { sources: [join(root, "missing")], folder, config: CONFIG };
    await expect(trainBeatInWorker(options)).rejects.toMatchObject({ name: "EcgError", code: "NOT_FOUND" });
  });
});
