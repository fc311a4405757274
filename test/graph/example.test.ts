// The whole way through graph/ as the documentation shows it: model, training, export, use.
import { expect, it } from "vitest";
import {
  add,
  attention,
  compileInference,
  compileTraining,
  concat,
  constant,
  cosineSchedule,
  createAdamW,
  createGraph,
  createParameterStore,
  embedding,
  emitOne,
  exportModel,
  fanInInit,
  fillWith,
  type Graph,
  gelu,
  input,
  linear,
  matmul,
  meanSquaredError,
  multiply,
  parameter,
  reshape,
  softmax,
  sum,
  type Tensor,
} from "../../src/graph/index.ts";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { createRng } from "../../src/shared/rng.ts";

it("model, training, export, use", async () => {
  // a model is a function from a graph and its inputs to tensors
  const autoencoder = (graph: Graph, batch: number) => {
    const dense = (name: string, inputs: number, outputs: number): Tensor =>
      parameter(graph, name, [inputs, outputs], { initialize: fanInInit() });
    const x = input(graph, "x", [batch, 6]);
    const bias = parameter(graph, "bias", [16], { initialize: fillWith(0) });
    const code = linear(gelu(linear(x, dense("first", 6, 16), bias)), dense("narrow", 16, 2));
    const output = linear(gelu(linear(code, dense("back", 2, 16))), dense("wide", 16, 6));
    return { x, code, output };
  };

  const runtime = await loadNodeRuntime();
  const graph = createGraph();
  const { x, output } = autoencoder(graph, 32);
  const store = createParameterStore(graph, { seed: 7 });
  const optimizer = await createAdamW({ runtime, store, weightDecay: 0.01, clipNorm: 1 });
  const training = await compileTraining({ runtime, loss: meanSquaredError(output, x), optimizer });
  const rate = cosineSchedule({ peak: 0.02, steps: 200, warmupSteps: 10 });
  const rng = createRng(1);
  const drawBatch = (batch: number): Float32Array => {
    const hidden = Array.from({ length: batch * 2 }, () => rng.normal());
    return Float32Array.from({ length: batch * 6 }, (_, i) => {
      const row = 2 * Math.floor(i / 6);
      return hidden[row]! * Math.cos(i % 6) + hidden[row + 1]! * Math.sin(2 * (i % 6));
    });
  };
  let loss = 1;
  for (let step = 0; step < 200; step++) {
    const result = await training.step({ x: drawBatch(32) }, { learningRate: rate(step) });
    expect(result.applied).toBe(true);
    loss = result.loss;
  }
  expect(loss).toBeLessThan(0.05);

  // export: the same function, one example, only standard operators, weights inside
  const exported = autoencoder(createGraph({ standardOperators: true }), 1);
  const file = exportModel({ outputs: { output: exported.output, code: exported.code }, store });
  const session = await runtime.createSession(file);
  const one = drawBatch(1);
  const results = await session.run({ x: runtime.bind({ dtype: "float32", shape: [1, 6], data: one }) });
  expect(results["code"]!.shape).toEqual([1, 2]);
  expect(results["output"]!.data as Float32Array).toBeAllClose(one, { atol: 1.5 });
  await session.dispose();
  await training.dispose();
  await optimizer.dispose();
});

it("axes that vary: attention over a growing past", async () => {
  const runtime = await loadNodeRuntime();
  const graph = createGraph();
  const past = input(graph, "past", [1, 4, 2], { axisNames: [undefined, "past", undefined] });
  const token = input(graph, "token", [1, 1, 2]);
  const present = concat([past, token], 1);
  const mixed = attention(token, present, present);
  const compiled = await compileInference({
    runtime,
    outputs: { present, mixed },
    outputAxisNames: { present: [undefined, "present", undefined] },
  });
  let seen = { data: new Float32Array(0), shape: [1, 0, 2] as readonly number[] };
  for (let step = 1; step <= 3; step++) {
    const results = await compiled.run({ past: seen, token: Float32Array.of(step, 0) });
    seen = { data: results["present"]!.data as Float32Array<ArrayBuffer>, shape: results["present"]!.shape };
    expect(seen.shape).toEqual([1, step, 2]);
    const weights = Array.from({ length: step }, (_, i) => Math.exp((step * (i + 1)) / Math.SQRT2));
    const total = weights.reduce((sumSoFar, weight) => sumSoFar + weight, 0);
    const want = weights.reduce((sumSoFar, weight, i) => sumSoFar + (weight / total) * (i + 1), 0);
    expect(results["mixed"]!.data[0]).toBeCloseTo(want, 5);
  }
  await expect(
    compiled.run({ past: { data: new Float32Array(6), shape: [1, 2, 3] }, token: Float32Array.of(1, 0) }),
  ).rejects.toThrow("run: input past: expected shape (1, past, 2), got (1, 2, 3)");
  await compiled.dispose();
  const two = createGraph();
  const [a, b] = ["a", "b"].map((name) => input(two, name, [2], { axisNames: ["count"] }));
  const both = await compileInference({ runtime, outputs: { y: add(a!, b!) } });
  const vector = (...values: number[]) => ({ data: Float32Array.from(values), shape: [values.length] });
  expect([...(await both.run({ a: vector(1, 2, 3), b: vector(4, 5, 6) }))["y"]!.data]).toEqual([5, 7, 9]);
  await expect(both.run({ a: vector(1, 2, 3), b: vector(1) })).rejects.toThrow(
    "run: input b: expected count = 3 as in another input, got 1",
  );
  await both.dispose();
});

it("frozen weights of another type are fed as they are", async () => {
  const runtime = await loadNodeRuntime();
  const graph = createGraph();
  const codes = parameter(graph, "codes", [4], { initialize: fillWith(0), frozen: true, dtype: "uint8" });
  const floats = emitOne(
    "Cast",
    [codes],
    { shape: [4], dtype: "float32" },
    { attributes: { to: { int: 1 } } },
  );
  const store = createParameterStore(graph, { seed: 0 });
  store.set("codes", Uint8Array.of(1, 2, 3, 255));
  const compiled = await compileInference({ runtime, store, outputs: { total: sum(multiply(floats, 2)) } });
  expect((await compiled.run({}))["total"]!.data[0]).toBe(522);
  expect(() => parameter(graph, "half", [2], { initialize: fillWith(0), dtype: "float16" })).toThrow(
    "parameter half: expected float32 for training, got float16",
  );
});

it("an index outside its table is an error, not a number", async () => {
  const runtime = await loadNodeRuntime();
  const graph = createGraph();
  const table = constant(graph, Float32Array.of(1, 2, 3), [3]);
  const index = input(graph, "index", [1], { dtype: "int64" });
  const compiled = await compileInference({ runtime, outputs: { y: embedding(table, index) } });
  await expect(compiled.run({ index: BigInt64Array.of(3n) })).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringContaining("indices element out of data bounds"),
  });
  expect((await compiled.run({ index: BigInt64Array.of(2n) }))["y"]!.data[0]).toBe(3);
});

it("building one graph does not touch another", () => {
  const [a, b] = [createGraph(), createGraph()];
  add(reshape(softmax(matmul(input(a, "x", [2, 2]), input(a, "y", [2, 2]))), [4]), 1);
  expect(b.nodes).toHaveLength(0);
  expect(a.nodes.map(({ opType }) => opType)).toEqual(["MatMul", "Softmax", "Reshape", "Add"]);
});
