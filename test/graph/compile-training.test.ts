import { describe, expect, it } from "vitest";
import { createAdamW, type OptimizerOptions } from "../../src/graph/adam-w.ts";
import {
  checkpointParts,
  decodeCheckpoint,
  encodeCheckpoint,
  restoreCheckpoint,
  takeCheckpoint,
} from "../../src/graph/checkpoint.ts";
import { compileTraining, type Training } from "../../src/graph/compile-training.ts";
import {
  createGraph,
  type Graph,
  input,
  parameter,
  state,
  type Tensor,
  updateState,
} from "../../src/graph/graph.ts";
import { fanInInit, fillWith, normalInit } from "../../src/graph/initialize.ts";
import { add } from "../../src/graph/ops/add.ts";
import { batchNorm } from "../../src/graph/ops/batch-norm.ts";
import { gelu } from "../../src/graph/ops/gelu.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { log } from "../../src/graph/ops/log.ts";
import { mean } from "../../src/graph/ops/mean.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { reshape } from "../../src/graph/ops/reshape.ts";
import { sum } from "../../src/graph/ops/sum.ts";
import { createParameterStore, type ParameterStore } from "../../src/graph/parameter-store.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "./gradient-check.ts";

type Net = { readonly graph: Graph; readonly loss: Tensor; readonly average: Tensor };

/** A two-layer net with a running average of its hidden activity as a state. */
function buildNet(batch: number): Net {
  const graph = createGraph();
  const x = input(graph, "x", [batch, 3]);
  const y = input(graph, "y", [batch, 2]);
  const dense = (name: string, shape: [number, number]): Tensor =>
    parameter(graph, name, shape, { initialize: fanInInit() });
  const bias = parameter(graph, "bias", [8], { initialize: fillWith(0) });
  const hidden = gelu(linear(x, dense("first", [3, 8]), bias));
  const average = state(graph, "average", [8], 0);
  updateState(average, add(multiply(average, 0.9), multiply(mean(hidden, { axes: [0] }), 0.1)));
  return { graph, average, loss: meanSquaredError(linear(hidden, dense("second", [8, 2])), y) };
}

function drawBatch(batch: number, seed: number): { x: Float32Array; y: Float32Array } {
  const rng = createRng(seed);
  const x = Float32Array.from({ length: batch * 3 }, () => rng.normal());
  const y = Float32Array.from({ length: batch * 2 }, (_, i) => x[Math.floor(i / 2) * 3 + (i % 2)]! * 2 - 1);
  return { x, y };
}

async function train(
  net: Net,
  options: Partial<OptimizerOptions> = {},
): Promise<{ training: Training; store: ParameterStore }> {
  const runtime = await testRuntime();
  const store = createParameterStore(net.graph, { seed: 3 });
  const optimizer = await createAdamW({ runtime, store, session: { threads: 1 }, ...options });
  const training = await compileTraining({ runtime, loss: net.loss, optimizer, session: { threads: 1 } });
  return { training, store };
}

const bits = (store: ParameterStore): Record<string, number[]> =>
  Object.fromEntries(
    [...store.tensors.values()].map(({ name, values }) => [name, Array.from(values, Number)]),
  );

describe("compileTraining", () => {
  it("fits a plane", async () => {
    const runtime = await testRuntime();
    const graph = createGraph();
    const x = input(graph, "x", [4, 2]);
    const y = input(graph, "y", [4, 1]);
    const weight = parameter(graph, "weight", [2, 1], { initialize: fanInInit() });
    const bias = parameter(graph, "bias", [1], { initialize: fillWith(0) });
    const loss = meanSquaredError(linear(x, weight, bias), y);
    const store = createParameterStore(graph, { seed: 1 });
    const optimizer = await createAdamW({ runtime, store });
    const training = await compileTraining({ runtime, loss, optimizer });
    const batch = { x: Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1), y: Float32Array.of(1, 3, -2, 0) };
    let last = await training.step(batch, { learningRate: 0.1 });
    for (let i = 0; i < 300; i++) last = await training.step(batch, { learningRate: 0.1 });
    expect(last.loss).toBeLessThan(1e-6);
    expect(store.get("weight").values as Float32Array).toBeAllClose([2, -3], { atol: 1e-2 });
    expect(store.get("bias").values as Float32Array).toBeAllClose([1], { atol: 1e-2 });
    expect((await training.evaluate(batch)).loss).toBeCloseTo(last.loss, 5);
    await training.dispose();
    await optimizer.dispose();
  });

  it("follows AdamW written out in float64: decay, clipping, bias corrections", async () => {
    const runtime = await testRuntime();
    const graph = createGraph();
    const target = input(graph, "target", [2, 3]);
    const w = parameter(graph, "w", [2, 3], { initialize: normalInit(1) });
    const b = parameter(graph, "b", [3], { initialize: fillWith(0.5) });
    const loss = sum(multiply(meanSquaredError(add(w, b), target), 6)); // = sum of squares
    const store = createParameterStore(graph, { seed: 5 });
    const settings = { beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, clipNorm: 1.5 };
    const optimizer = await createAdamW({ runtime, store, ...settings });
    const training = await compileTraining({ runtime, loss, optimizer });
    const t = Float32Array.of(1, -2, 3, 0.5, 0, -1);
    const p = Float64Array.from([...(store.get("w").values as Float32Array), 0.5, 0.5, 0.5]);
    const [m, v] = [new Float64Array(9), new Float64Array(9)];
    for (let step = 1; step <= 20; step++) {
      const rate = 0.05 / step;
      const g = new Float64Array(9);
      for (let i = 0; i < 6; i++) {
        const slope = 2 * (p[i]! + p[6 + (i % 3)]! - t[i]!);
        g[i] = slope;
        g[6 + (i % 3)]! += slope;
      }
      const norm = Math.hypot(...g);
      const clip = Math.min(1, settings.clipNorm / (norm + 1e-6));
      for (let i = 0; i < 9; i++) {
        const slope = g[i]! * clip;
        m[i] = settings.beta1 * m[i]! + (1 - settings.beta1) * slope;
        v[i] = settings.beta2 * v[i]! + (1 - settings.beta2) * slope * slope;
        const decay = i < 6 ? rate * settings.weightDecay * p[i]! : 0; // biases do not decay
        const mHat = m[i]! / (1 - settings.beta1 ** step);
        const vHat = v[i]! / (1 - settings.beta2 ** step);
        p[i] = p[i]! - decay - (rate * mHat) / (Math.sqrt(vHat) + settings.epsilon);
      }
      const result = await training.step({ target: t }, { learningRate: rate });
      expect(result.gradientNorm).toBeCloseTo(norm, 4);
    }
    expect(store.flat).toBeAllClose(p, { atol: 2e-6 });
    await training.dispose();
  });

  it("updates long arrays in place, piece by piece, on two threads", async () => {
    const runtime = await testRuntime();
    const graph = createGraph();
    const [rows, columns] = [701, 1001]; // three pieces, the last one short
    const w = parameter(graph, "w", [rows, columns], { initialize: normalInit(1) });
    const slope = input(graph, "slope", [rows, columns]);
    const store = createParameterStore(graph, { seed: 5 });
    const optimizer = await createAdamW({ runtime, store, weightDecay: 0.1, session: { threads: 2 } });
    const training = await compileTraining({ runtime, loss: sum(multiply(w, slope)), optimizer });
    const p = Float64Array.from(store.flat);
    const [m, v] = [new Float64Array(p.length), new Float64Array(p.length)];
    const rng = createRng("slopes");
    for (let step = 1; step <= 3; step++) {
      const g = Float32Array.from(p, () => rng.normal());
      await training.step({ slope: g }, { learningRate: 0.01 });
      p.forEach((value, i) => {
        m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
        v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2;
        const change = m[i]! / (1 - 0.9 ** step) / (Math.sqrt(v[i]! / (1 - 0.999 ** step)) + 1e-8);
        p[i] = value - 0.01 * (0.1 * value + change);
      });
    }
    expect(store.flat).toBeAllClose(p, { atol: 1e-6 });
    expect(optimizer.trained.get("w")!.moment2).toBeAllClose(v, { atol: 1e-6 });
  });

  it("accumulates: four batches of two are one batch of eight", async () => {
    const whole = await train(buildNet(8), { clipNorm: 0.5, weightDecay: 0.01 });
    const parts = await train(buildNet(2), { clipNorm: 0.5, weightDecay: 0.01 });
    for (let step = 0; step < 5; step++) {
      const batch = drawBatch(8, step);
      const quarters = [0, 1, 2, 3].map((i) => ({
        x: batch.x.subarray(i * 6, i * 6 + 6),
        y: batch.y.subarray(i * 4, i * 4 + 4),
      }));
      const a = await whole.training.step(batch, { learningRate: 0.01 });
      const b = await parts.training.step(quarters, { learningRate: 0.01 });
      expect(b.loss).toBeCloseTo(a.loss, 5);
      expect(b.gradientNorm).toBeCloseTo(a.gradientNorm, 5);
    }
    expect(parts.store.flat).toBeAllClose(whole.store.flat, { atol: 1e-6 });
  });

  it("leaves frozen parameters and those not trained alone", async () => {
    const runtime = await testRuntime();
    const graph = createGraph();
    const x = input(graph, "x", [2, 3]);
    const base = parameter(graph, "base", [3, 2], { initialize: normalInit(1), frozen: true });
    const extra = parameter(graph, "extra", [3, 2], { initialize: normalInit(0.1) });
    const still = parameter(graph, "still", [2], { initialize: fillWith(0.25) });
    const loss = mean(multiply(linear(x, add(base, extra), still), linear(x, base)));
    const store = createParameterStore(graph, { seed: 2 });
    const before = bits(store);
    const optimizer = await createAdamW({ runtime, store, trains: (name) => name !== "still" });
    const training = await compileTraining({ runtime, loss, optimizer });
    await training.step({ x: Float32Array.of(1, 2, 3, 4, 5, 6) }, { learningRate: 0.1 });
    const after = bits(store);
    expect(after["base"]).toEqual(before["base"]);
    expect(after["still"]).toEqual(before["still"]);
    expect(after["extra"]).not.toEqual(before["extra"]);
    expect([...optimizer.trained.keys()]).toEqual(["extra"]);
    expect(optimizer.gradients).toHaveLength(6);
    await expect(createAdamW({ runtime, store, trains: () => false })).rejects.toThrow(
      "createAdamW: expected at least one trained parameter, got 0 of 2",
    );
  });

  it("uses attached frozen weights without copying them", async () => {
    const runtime = await testRuntime();
    const graph = createGraph();
    const base = parameter(graph, "base", [2, 2], { initialize: normalInit(1), frozen: true });
    const scale = parameter(graph, "scale", [2], { initialize: fillWith(1) });
    const loss = sum(multiply(base, scale));
    const store = createParameterStore(graph, { seed: 2, attachFrozen: true });
    const optimizer = await createAdamW({ runtime, store });
    await expect(compileTraining({ runtime, loss, optimizer })).rejects.toThrow(
      "tensor base: expected attached values, got none",
    );
    const weights = Float32Array.of(1, 2, 3, 4);
    store.attach("base", weights);
    const training = await compileTraining({ runtime, loss, optimizer });
    expect((await training.step({}, { learningRate: 0 })).loss).toBe(10);
    weights[0] = 5;
    expect((await training.evaluate({})).loss).toBe(14);
    store.attach("base", Float32Array.of(1, 1, 1, 1));
    expect((await training.step({}, { learningRate: 0 })).loss).toBe(4);
    expect(() => store.attach("scale", Float32Array.of(1, 1))).toThrow("got trainable scale");
    expect(() => store.attach("base", Float32Array.of(1))).toThrow(
      "tensor base: expected 4 float32 numbers for (2, 2)",
    );
  });

  it("carries states from step to step", async () => {
    const { training, store } = await train(buildNet(4));
    const batch = drawBatch(4, 1);
    await training.step(batch, { learningRate: 0 });
    const once = Array.from(store.get("average").values as Float32Array);
    await training.step(batch, { learningRate: 0 });
    const twice = store.get("average").values as Float32Array;
    expect(once.some((value) => value !== 0)).toBe(true);
    expect(twice).toBeAllClose(
      once.map((value) => value * 1.9),
      { rtol: 1e-5 },
    );
  });

  it("stops before an update that is not finite, and changes nothing", async () => {
    const runtime = await testRuntime();
    const graph = createGraph();
    const x = input(graph, "x", [2]);
    const w = parameter(graph, "w", [2], { initialize: fillWith(1) });
    const seen = state(graph, "seen", [], 0);
    updateState(seen, add(seen, 1));
    const loss = sum(log(multiply(w, x)));
    const store = createParameterStore(graph, { seed: 1 });
    const optimizer = await createAdamW({ runtime, store });
    const training = await compileTraining({ runtime, loss, optimizer });
    const fine = await training.step({ x: Float32Array.of(1, 2) }, { learningRate: 0.1 });
    expect(fine.applied).toBe(true);
    const before = takeCheckpoint(optimizer);
    const nan = await training.step({ x: Float32Array.of(-1, 2) }, { learningRate: 0.1 });
    expect(nan.applied).toBe(false);
    expect(nan.loss).toBeNaN();
    const good = { x: Float32Array.of(1, 2) };
    const mixed = await training.step([good, { x: Float32Array.of(0, 1) }], { learningRate: 0.1 });
    expect(mixed.applied).toBe(false);
    expect(takeCheckpoint(optimizer)).toEqual(before);
    expect(optimizer.stepCount).toBe(1);
    expect(store.get("seen").values[0]).toBe(1);
  });

  it("says what a step was given wrong", async () => {
    const { training } = await train(buildNet(4));
    const batch = drawBatch(4, 1);
    await expect(training.step({ x: batch.x }, { learningRate: 0.1 })).rejects.toThrow(
      "step: expected input y float32 (4, 2), got nothing",
    );
    await expect(
      training.step({ ...batch, x: batch.x.subarray(1) }, { learningRate: 0.1 }),
    ).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "step: input x: expected 12 float32 numbers for (4, 3), got 11 in a Float32Array",
    });
    await expect(training.step({ ...batch, z: 1 }, { learningRate: 0.1 })).rejects.toThrow(
      'step: expected inputs x, y, got "z"',
    );
    await expect(training.step(batch, { learningRate: Number.NaN })).rejects.toThrow(
      "expected a learning rate >= 0, got NaN",
    );
  });

  it("names a parameter that does not reach the loss", async () => {
    const net = buildNet(4);
    parameter(net.graph, "lonely", [2], { initialize: fillWith(0) });
    await expect(train(net)).rejects.toThrow(
      "grad: expected the loss to depend on lonely (2), found no path",
    );
  });

  it("shares one optimiser between graphs of different batch sizes", async () => {
    const runtime = await testRuntime();
    const [small, large] = [buildNet(2), buildNet(6)];
    const store = createParameterStore(small.graph, { seed: 3 });
    const optimizer = await createAdamW({ runtime, store });
    const steps = await Promise.all(
      [small, large].map(({ loss }) =>
        compileTraining({ runtime, loss, optimizer, session: { threads: 1 } }),
      ),
    );
    await steps[0]!.step(drawBatch(2, 1), { learningRate: 0.01 });
    await steps[1]!.step(drawBatch(6, 2), { learningRate: 0.01 });
    expect(optimizer.stepCount).toBe(2);
    const other = createGraph();
    const loss = sum(parameter(other, "first", [3, 9], { initialize: fillWith(0) }));
    const lone = await createAdamW({ runtime, store, trains: (name) => name === "first" });
    await expect(compileTraining({ runtime, loss, optimizer: lone })).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "tensor first: expected float32 (3, 9), got float32 (3, 8)",
    });
    await expect(compileTraining({ runtime, loss, optimizer })).rejects.toThrow(
      "compileTraining: expected every trained parameter in the graph, found no second",
    );
  });
});

describe("batchNorm in training", () => {
  it("normalises by the batch, moves running statistics, then uses them", async () => {
    const runtime = await testRuntime();
    const graph = createGraph();
    const x = input(graph, "x", [4, 1, 2]);
    const tensors = {
      scale: parameter(graph, "scale", [1], { initialize: fillWith(2) }),
      bias: parameter(graph, "bias", [1], { initialize: fillWith(1) }),
      runningMean: state(graph, "runningMean", [1], 0),
      runningVariance: state(graph, "runningVariance", [1], 1),
    };
    const output = batchNorm(x, tensors, { training: true });
    const loss = mean(output);
    const used = reshape(batchNorm(x, tensors, { training: false, epsilon: 0 }), [8]);
    const store = createParameterStore(graph, { seed: 1 });
    const optimizer = await createAdamW({ runtime, store });
    const training = await compileTraining({ runtime, loss, optimizer, outputs: { output, used } });
    const batch = { x: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    const result = await training.step(batch, { learningRate: 0 });
    const deviation = Math.sqrt(5.25 + 1e-5);
    expect(result.outputs["output"]!.data as Float32Array).toBeAllClose(
      [1, 2, 3, 4, 5, 6, 7, 8].map((value) => (2 * (value - 4.5)) / deviation + 1),
      { atol: 1e-5 },
    );
    expect(store.get("runningMean").values[0]).toBeCloseTo(0.45, 6);
    expect(store.get("runningVariance").values[0]).toBeCloseTo(0.9 + 0.1 * 6, 6);
    const later = await training.evaluate(batch);
    expect((later.outputs["used"]!.data as Float32Array)[0]).toBeCloseTo(
      (2 * (1 - 0.45)) / Math.sqrt(1.5) + 1,
      5,
    );
  });
});

describe("checkpoints", () => {
  it("a resumed run gives the bits of one that never stopped", async () => {
    const settings = { clipNorm: 1, weightDecay: 0.01 };
    const straight = await train(buildNet(4), settings);
    const stopped = await train(buildNet(4), settings);
    const losses: number[] = [];
    for (let step = 0; step < 12; step++) {
      losses.push((await straight.training.step(drawBatch(4, step), { learningRate: 0.02 })).loss);
    }
    for (let step = 0; step < 5; step++)
      await stopped.training.step(drawBatch(4, step), { learningRate: 0.02 });
    const file = encodeCheckpoint(takeCheckpoint(stopped.training.optimizer, { sampler: "5" }));
    const parts = [...checkpointParts(stopped.training.optimizer, { sampler: "5" })];
    expect(Buffer.concat(parts).equals(file)).toBe(true);
    const resumed = await train(buildNet(4), settings);
    const checkpoint = await decodeCheckpoint(file);
    expect(checkpoint.metadata).toEqual({ sampler: "5" });
    restoreCheckpoint(checkpoint, resumed.training.optimizer);
    expect(resumed.training.optimizer.stepCount).toBe(5);
    for (let step = 5; step < 12; step++) {
      const { loss } = await resumed.training.step(drawBatch(4, step), { learningRate: 0.02 });
      expect(loss).toBe(losses[step]);
    }
    expect(bits(resumed.store)).toEqual(bits(straight.store));
  });

  it("one that does not fit is refused by name and shape, and nothing changes", async () => {
    const { training, store } = await train(buildNet(4));
    const { optimizer } = training;
    const before = bits(store);
    const checkpoint = takeCheckpoint(optimizer);
    const wrong = { shape: [8, 3], data: new Float32Array(24) };
    expect(() =>
      restoreCheckpoint(
        { ...checkpoint, tensors: { ...checkpoint.tensors, "moment1/second": wrong } },
        optimizer,
      ),
    ).toThrow("checkpoint: moment1/second: expected (8, 2) in a Float32Array, got (8, 3) in a Float32Array");
    const { "state/average": _, ...rest } = checkpoint.tensors;
    expect(() => restoreCheckpoint({ ...checkpoint, tensors: rest }, optimizer)).toThrow(
      "checkpoint: expected state/average (8), found none",
    );
    expect(() =>
      restoreCheckpoint(
        { ...checkpoint, tensors: { ...checkpoint.tensors, "parameter/other": wrong } },
        optimizer,
      ),
    ).toThrow("found parameter/other");
    expect(bits(store)).toEqual(before);
  });

  it("a model file is no checkpoint", async () => {
    const { training } = await train(buildNet(4));
    const file = encodeCheckpoint({ ...takeCheckpoint(training.optimizer), stepCount: -1 });
    await expect(decodeCheckpoint(file, "last.safetensors")).rejects.toThrow(
      "last.safetensors: expected a stepCount in its metadata, found -1",
    );
  });
});
