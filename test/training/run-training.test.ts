import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph, input, parameter, state, updateState } from "../../src/graph/graph.ts";
import { fanInInit } from "../../src/graph/initialize.ts";
import { cosineSchedule } from "../../src/graph/learning-rate.ts";
import { add } from "../../src/graph/ops/add.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { mean } from "../../src/graph/ops/mean.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { createRng } from "../../src/shared/rng.ts";
import { type RunOptions, runTraining, type TrainingStage } from "../../src/training/run-training.ts";
import type { TrainingEvent } from "../../src/training/training-event.ts";
import { readLog } from "../../src/training/training-log.ts";
import { testRuntime } from "../graph/gradient-check.ts";

const STEPS = 12;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Fit y = 2 x0 - x1 with a linear map and a state that enters the loss. */
async function openStage(change: Partial<TrainingStage> = {}): Promise<TrainingStage> {
  const runtime = await testRuntime();
  const graph = createGraph();
  const x = input(graph, "x", [8, 2]);
  const y = input(graph, "y", [8, 1]);
  const weights = parameter(graph, "weights", [2, 1], { initialize: fanInInit() });
  const drift = state(graph, "drift", [1], 0);
  const fitted = add(linear(x, weights), drift);
  updateState(drift, add(multiply(drift, 0.5), multiply(mean(fitted, { axes: [0] }), 0.1)));
  const loss = meanSquaredError(fitted, y);
  const store = createParameterStore(graph, { seed: 1 });
  const optimizer = await createAdamW({ runtime, store });
  const training = await compileTraining({
    runtime,
    loss,
    optimizer,
    outputs: { error: loss },
    session: { threads: 1 },
  });
  const weightsNow = store.get("weights").values as Float32Array;
  return {
    training,
    steps: STEPS,
    schedule: cosineSchedule({ peak: 0.1, steps: STEPS }),
    lossNames: ["error"],
    batchOf(step) {
      const rng = createRng(`batch/${step}`);
      const inputs = Float32Array.from({ length: 16 }, () => rng.normal());
      return {
        x: inputs,
        y: Float32Array.from({ length: 8 }, (_, i) => 2 * inputs[2 * i]! - inputs[2 * i + 1]!),
      };
    },
    evaluate: async () => {
      const distance = Math.hypot(weightsNow[0]! - 2, weightsNow[1]! + 1);
      return { scores: { distance }, score: distance };
    },
    ...change,
  };
}

async function run(stage: TrainingStage, change: Partial<RunOptions> = {}) {
  const options = { folder, evaluateEvery: 4, checkpointEvery: 5, logEvery: 3, patience: 0, ...change };
  try {
    return await runTraining(stage, options);
  } finally {
    await stage.training.dispose();
  }
}

/** The log without its times. */
async function logOf(path: string) {
  return (await readLog(path)).map(({ seconds: _seconds, ...line }) => line);
}

/** Stop after a step, as Ctrl-C does; `kill` throws instead, as a lost machine does. */
function stopAt(step: number, kill: boolean): Partial<RunOptions> & { seen: TrainingEvent[] } {
  const controller = new AbortController();
  const seen: TrainingEvent[] = [];
  return {
    seen,
    signal: controller.signal,
    onEvent(event) {
      seen.push(event);
      if (event.kind !== "step" || event.step !== step) return;
      if (kill) throw new Error("lost");
      controller.abort();
    },
  };
}

describe("runTraining", () => {
  it("learns, logs every third step, scores every fourth and writes curves and checkpoints", async () => {
    const summary = await run(await openStage());
    expect(summary).toMatchObject({ outcome: "finished", step: STEPS });
    const log = await logOf(folder);
    expect(log.map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      "step 3",
      "evaluation 4",
      "step 6",
      "evaluation 8",
      "step 9",
      "step 12",
      "evaluation 12",
    ]);
    const distances = log.flatMap((line) => (line.kind === "evaluation" ? [line.scores["distance"]!] : []));
    expect(distances[2]!).toBeLessThan(distances[0]!);
    expect(summary.best).toEqual({ step: 12, score: distances[2] });
    expect(await readFile(join(folder, "curves.svg"), "utf8")).toMatch(/^<svg[\s\S]*distance[\s\S]*polyline/);
    for (const name of ["last", "best"]) {
      expect(existsSync(join(folder, "checkpoints", name, "training.safetensors"))).toBe(true);
    }
  });

  it.each([
    ["stopped after step 6", 6, false],
    ["killed after step 9, between two checkpoints,", 9, true],
  ])("%s goes on to the losses and weights of a run never stopped, bit for bit", async (_, step, kill) => {
    const whole = await openStage();
    await run(whole);
    const wanted = { log: await logOf(folder), weights: whole.training.optimizer.store.flat.slice() };
    const first = run(await openStage(), stopAt(step, kill));
    if (kill) await expect(first).rejects.toThrow("lost");
    else expect(await first).toMatchObject({ outcome: "interrupted", step });
    const second = await openStage();
    await run(second, { resume: true });
    expect(second.training.optimizer.store.flat).toEqual(wanted.weights);
    expect(await logOf(folder)).toEqual(wanted.log);
  });

  it("keeps an unfinished log interval in the checkpoint: the next line is the same mean", async () => {
    await run(await openStage());
    const wanted = await logOf(folder);
    const controller = new AbortController();
    let steps = 0;
    const stage = await openStage({
      afterStep: () => {
        if (++steps === 4) controller.abort(); // one step into the interval of steps 4 to 6
      },
    });
    expect(await run(stage, { signal: controller.signal })).toMatchObject({
      outcome: "interrupted",
      step: 4,
    });
    await run(await openStage(), { resume: true });
    expect(await logOf(folder)).toEqual(wanted);
  });

  it("stops at a loss that is no number, saying where, and keeps the last good checkpoint", async () => {
    const good = await openStage();
    const broken = (step: number) => {
      const batch = good.batchOf(step) as { x: Float32Array; y: Float32Array };
      if (step === 7) batch.y[0] = Number.NaN;
      return batch;
    };
    await expect(run({ ...good, batchOf: broken })).rejects.toMatchObject({
      code: "TRAINING_FAILED",
      message: expect.stringMatching(/finite loss at step 8, got loss NaN/),
      hint: expect.stringContaining("checkpoints/last"),
    });
    const resumed = await openStage();
    const events: TrainingEvent[] = [];
    await run(resumed, { resume: true, onEvent: (event) => events.push(event) });
    expect(events[0]).toEqual({ kind: "note", text: "resumed after step 5 of 12" });
    expect(resumed.training.optimizer.store.flat.every(Number.isFinite)).toBe(true);
  });

  it("stops when scores do not get better, and best is the best", async () => {
    let evaluations = 0;
    const stage = await openStage({
      evaluate: async (stepsDone) => ({
        scores: { stepsDone },
        score: [null, 3, 1, 2, 2, 0][evaluations++] ?? null,
      }),
    });
    const summary = await run(stage, { evaluateEvery: 2, patience: 2 });
    expect(summary).toMatchObject({ outcome: "early-stopped", step: 10, best: { step: 6, score: 1 } });
  });

  it("refuses to resume what is not there, or is of another shape", async () => {
    await expect(run(await openStage(), { resume: true })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("cuts the half line that a kill left in the log", async () => {
    await run(await openStage(), stopAt(6, false));
    const wanted = await logOf(folder);
    const text = await readFile(join(folder, "log.jsonl"), "utf8");
    await writeFile(join(folder, "log.jsonl"), `${text}{"kind":"st`);
    expect(await logOf(folder)).toEqual(wanted);
  });
});
