import { describe, expect, it } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { constant } from "../../src/graph/constant.ts";
import { emitOne } from "../../src/graph/emit.ts";
import { exportModel } from "../../src/graph/export-model.ts";
import { createGraph, input, parameter, state, type Tensor } from "../../src/graph/graph.ts";
import { fanInInit, fillWith, normalInit } from "../../src/graph/initialize.ts";
import { decodeModel } from "../../src/graph/onnx/decode-model.ts";
import { encodeModel } from "../../src/graph/onnx/encode-model.ts";
import { inspectModel } from "../../src/graph/onnx/inspect-model.ts";
import { add } from "../../src/graph/ops/add.ts";
import { argMin } from "../../src/graph/ops/arg-min.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { embedding } from "../../src/graph/ops/embedding.ts";
import { gelu } from "../../src/graph/ops/gelu.ts";
import { layerNorm } from "../../src/graph/ops/layer-norm.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { reshape } from "../../src/graph/ops/reshape.ts";
import { silu } from "../../src/graph/ops/silu.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { loadWebRuntime } from "../../src/graph/web/load-web-runtime.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "./gradient-check.ts";

const BATCH = 2;
const TOKENS = 5;
const WIDTH = 8;

/** A small transformer block with a codebook look-up, using what a tokenizer uses. */
function buildBlock(standardOperators: boolean): { outputs: Record<string, Tensor>; graph: Tensor["graph"] } {
  const graph = createGraph({ standardOperators });
  const x = input(graph, "x", [BATCH, TOKENS, WIDTH]);
  const dense = (name: string): Tensor => parameter(graph, name, [WIDTH, WIDTH], { initialize: fanInInit() });
  const scale = parameter(graph, "scale", [WIDTH], { initialize: fillWith(1.5) });
  const bias = parameter(graph, "bias", [WIDTH], { initialize: fillWith(0.1) });
  const codebook = state(
    graph,
    "codebook",
    [6, WIDTH],
    Float32Array.from({ length: 48 }, (_, i) => Math.sin(i)),
  );
  const h = layerNorm(x, scale, bias);
  const mixed = add(x, attention(linear(h, dense("q")), linear(h, dense("k")), linear(h, dense("v"))));
  const hidden = add(mixed, silu(gelu(linear(mixed, dense("up"), bias))));
  const flat = reshape(hidden, [BATCH * TOKENS, WIDTH]);
  const distances = linear(flat, codebook, undefined, { transposed: true });
  const codes = argMin(multiply(distances, -1));
  return { graph, outputs: { hidden, codes, quantised: embedding(codebook, codes) } };
}

const rng = createRng("export");
const x = Float32Array.from({ length: BATCH * TOKENS * WIDTH }, () => rng.normal());

describe("compileInference", () => {
  it("reads parameters live from the store", async () => {
    const graph = createGraph();
    const w = parameter(graph, "w", [2], { initialize: fillWith(3) });
    const store = createParameterStore(graph, { seed: 0 });
    const compiled = await compileInference({
      runtime: await testRuntime(),
      store,
      outputs: { y: multiply(input(graph, "x", [2]), w) },
    });
    const run = async (): Promise<number[]> =>
      Array.from((await compiled.run({ x: Float32Array.of(1, 2) }))["y"]!.data, Number);
    expect(await run()).toEqual([3, 6]);
    store.set("w", Float32Array.of(10, 20));
    expect(await run()).toEqual([10, 40]);
    await compiled.dispose();
  });

  it("computes only what the outputs need, under the names asked for", async () => {
    const graph = createGraph();
    const x = input(graph, "x", [2]);
    input(graph, "unused", [2]);
    const y = multiply(x, 2);
    multiply(y, 3);
    const compiled = await compileInference({
      runtime: await testRuntime(),
      outputs: { first: y, second: y, same: x },
    });
    expect(inspectModel(compiled.model).operators).toEqual({ Mul: 1, Identity: 2 });
    const results = await compiled.run({ x: Float32Array.of(1, 2), unused: Float32Array.of(0, 0) });
    expect(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]))).toEqual({
      first: [2, 4],
      second: [2, 4],
      same: [1, 2],
    });
    await compiled.dispose();
  });

  it("says what it lacks", async () => {
    const graph = createGraph();
    const w = parameter(graph, "w", [2], { initialize: fillWith(3) });
    const runtime = await testRuntime();
    await expect(compileInference({ runtime, outputs: {} })).rejects.toThrow(
      "expected at least one output, got none",
    );
    await expect(compileInference({ runtime, outputs: { y: w } })).rejects.toThrow(
      "compile: expected a parameter store for 1 parameters, got none",
    );
    await expect(compileInference({ runtime, outputs: { w: multiply(w, 2) } })).rejects.toThrow(
      "output w: expected a name that no input, parameter or state has, got theirs",
    );
    expect(() => parameter(graph, "w", [2], { initialize: fillWith(0) })).toThrow(
      'expected every name once, got "w" twice',
    );
    expect(() => input(graph, "/x", [2])).toThrow('expected a name that does not start with "/", got "/x"');
    expect(() => input(graph, "x", [1.5])).toThrow("input x: expected whole sizes of 0 or more, got (1.5)");
    expect(() => constant(graph, [1, 2], [3])).toThrow("constant: expected 3 numbers for (3), got 2");
    const broken = emitOne("NoSuchOperator", [w], { shape: [2] });
    const store = createParameterStore(graph, { seed: 0 });
    await expect(compileInference({ runtime, store, outputs: { broken } })).rejects.toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message: expect.stringContaining("NoSuchOperator"),
    });
  });
});

describe("exportModel", () => {
  it("stores the weights: the file alone computes the same, in Node and in onnxruntime-web", async () => {
    const runtime = await testRuntime();
    const plain = buildBlock(true);
    const store = createParameterStore(plain.graph, { seed: 4 });
    const live = await compileInference({ runtime, store, outputs: buildBlock(false).outputs });
    const expected = await live.run({ x });
    await live.dispose();
    const file = exportModel({ outputs: plain.outputs, store, metadata: { licence: "MIT" } });
    const summary = inspectModel(file);
    expect(summary.operatorSets).toEqual({ "": 20 });
    expect(summary.metadata).toEqual({ licence: "MIT" });
    expect(summary.inputs).toEqual([{ name: "x", dtype: "float32", shape: [BATCH, TOKENS, WIDTH] }]);
    expect(summary.outputs.map(({ name }) => name)).toEqual(["hidden", "codes", "quantised"]);
    for (const engine of [runtime, await loadWebRuntime()]) {
      const session = await engine.createSession(file, { threads: 1 });
      const results = await session.run({
        x: engine.bind({ dtype: "float32", shape: [BATCH, TOKENS, WIDTH], data: x }),
      });
      expect(results["hidden"]!.data as Float32Array, engine.name).toBeAllClose(
        expected["hidden"]!.data as Float32Array,
        { atol: 1e-5 },
      );
      expect([...results["codes"]!.data], engine.name).toEqual([...expected["codes"]!.data]);
      expect(results["quantised"]!.shape).toEqual([BATCH * TOKENS, WIDTH]);
      await session.dispose();
    }
  });

  it("onnxruntime-web also runs the fused operators of graphs for ONNX Runtime", async () => {
    const { graph, outputs } = buildBlock(false);
    const store = createParameterStore(graph, { seed: 4 });
    expect(inspectModel(exportModel({ outputs, store })).operatorSets).toEqual({
      "": 20,
      "com.microsoft": 1,
    });
    const compiled = await compileInference({ runtime: await loadWebRuntime(), store, outputs });
    const node = await compileInference({ runtime: await testRuntime(), store, outputs });
    expect((await compiled.run({ x }))["hidden"]!.data as Float32Array).toBeAllClose(
      (await node.run({ x }))["hidden"]!.data as Float32Array,
      { atol: 1e-5 },
    );
    await compiled.dispose();
    await node.dispose();
  });

  it("refuses a store of another model", () => {
    const { outputs } = buildBlock(true);
    const other = createGraph();
    parameter(other, "q", [WIDTH, 3], { initialize: normalInit(1) });
    const store = createParameterStore(other, { seed: 1 });
    expect(() => exportModel({ outputs, store })).toThrow(
      "tensor q: expected float32 (8, 8), got float32 (8, 3)",
    );
  });
});

describe("decodeModel", () => {
  it("reads back what was written, every attribute and type", () => {
    const model = {
      nodes: [
        {
          opType: "Made",
          domain: "com.microsoft",
          inputs: ["a", "", "b"],
          outputs: ["c"],
          attributes: {
            whole: { int: -3 },
            real: { float: 0.25 },
            word: { string: "add" },
            list: { ints: [1, -1, 300] },
            reals: { floats: [0.5, -2] },
          },
        },
      ],
      inputs: [{ name: "a", dtype: "float32", shape: ["batch", 3] }],
      outputs: [{ name: "c", dtype: "int64", shape: [] }],
      initializers: [
        { name: "b", dtype: "float64", shape: [2], data: Float64Array.of(1, 2) },
        { name: "i", dtype: "int64", shape: [1], data: BigInt64Array.of(-9n) },
        { name: "h", dtype: "float16", shape: [1], data: Uint16Array.of(0x3c00) },
        { name: "n", dtype: "int32", shape: [1], data: Int32Array.of(-1) },
        { name: "t", dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) },
        { name: "f", dtype: "float32", shape: [0], data: new Float32Array(0) },
      ],
      metadata: { made: "here" },
    } as const;
    const bytes = encodeModel(model);
    expect(decodeModel(bytes)).toEqual({
      ...model,
      producer: "heartcare-suite",
      operatorSets: { "": 20, "com.microsoft": 1 },
    });
    expect(encodeModel(decodeModel(Buffer.from(bytes)))).toEqual(bytes);
    expect(inspectModel(bytes)).toMatchObject({ operators: { "com.microsoft::Made": 1 }, parameterCount: 7 });
  });

  it.each([
    { what: "text", bytes: new TextEncoder().encode("hello there") },
    { what: "nothing", bytes: new Uint8Array(0) },
    { what: "a cut file", bytes: Uint8Array.of(0x3a, 0x7f, 1, 2) },
  ])("refuses $what", ({ bytes }) => {
    expect(() => decodeModel(bytes)).toThrowError(expect.objectContaining({ code: "INVALID_FILE" }));
  });
});
