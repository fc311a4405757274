import { describe, expect, it } from "vitest";
import { dropoutMask } from "../../src/graph/dropout-mask.ts";
import {
  createGraph,
  type Initializer,
  input,
  parameter,
  state,
  updateState,
} from "../../src/graph/graph.ts";
import { copyInit, fanInInit, fillWith, normalInit, uniformInit } from "../../src/graph/initialize.ts";
import { dropout } from "../../src/graph/ops/dropout.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { encodeStore, loadStore } from "../../src/graph/store-file.ts";
import { createRng } from "../../src/shared/rng.ts";
import { encodeSafetensors, openSafetensorsBytes } from "../../src/shared/safetensors.ts";
import { checkGradient, evaluate } from "./gradient-check.ts";

const values = (initialize: Initializer, shape: number[]): Float32Array => {
  const out = new Float32Array(shape.reduce((product, size) => product * size, 1));
  initialize(out, shape, createRng(1));
  return out;
};
const deviation = (list: Float32Array): number =>
  Math.sqrt(list.reduce((sum, value) => sum + value * value, 0) / list.length);

describe("initialisers", () => {
  it("have the spread that they promise", () => {
    expect([...values(fillWith(2), [3])]).toEqual([2, 2, 2]);
    expect([...values(copyInit([1, 2]), [2])]).toEqual([1, 2]);
    const uniform = values(uniformInit(0.5), [10_000]);
    expect(Math.max(...uniform)).toBeLessThan(0.5);
    expect(deviation(uniform)).toBeCloseTo(0.5 / Math.sqrt(3), 2);
    expect(deviation(values(normalInit(0.2), [10_000]))).toBeCloseTo(0.2, 2);
    expect(Math.max(...values(fanInInit(), [16, 1000]))).toBeCloseTo(0.25, 2);
    expect(Math.max(...values(fanInInit({ transposed: true }), [1000, 4, 4]))).toBeCloseTo(0.25, 2);
  });
});

describe("createParameterStore", () => {
  const build = (order: string[]) => {
    const graph = createGraph();
    for (const name of order) parameter(graph, name, [2, 2], { initialize: normalInit(1) });
    parameter(graph, "bias", [2], { initialize: fillWith(0) });
    return graph;
  };

  it("draws the same values whatever the order, and others for another seed", () => {
    const a = createParameterStore(build(["u", "v"]), { seed: 1 });
    const b = createParameterStore(build(["v", "u"]), { seed: 1 });
    const c = createParameterStore(build(["u", "v"]), { seed: 2 });
    expect(a.get("u").values).toEqual(b.get("u").values);
    expect(a.get("u").values).not.toEqual(a.get("v").values);
    expect(a.get("u").values).not.toEqual(c.get("u").values);
  });

  it("is one flat array, weight decay first, with live views", () => {
    const graph = createGraph();
    parameter(graph, "bias", [2], { initialize: fillWith(1) });
    parameter(graph, "weight", [2, 2], { initialize: fillWith(2) });
    parameter(graph, "plain", [1, 2], { initialize: fillWith(3), decay: false });
    const store = createParameterStore(graph, { seed: 0 });
    expect([...store.flat]).toEqual([2, 2, 2, 2, 1, 1, 3, 3]);
    store.set("weight", Float32Array.of(5, 6, 7, 8), [2, 2]);
    expect([...store.flat.subarray(0, 4)]).toEqual([5, 6, 7, 8]);
    (store.get("bias").values as Float32Array)[1] = 9;
    expect(store.flat[5]).toBe(9);
  });

  it("says what does not fit", () => {
    const store = createParameterStore(build(["u"]), { seed: 1 });
    expect(() => store.get("w")).toThrow('expected one of its 2 names, got "w"');
    expect(() => store.set("u", new Float32Array(3))).toThrow(
      "tensor u: expected 4 float32 numbers for (2, 2), got 3 in a Float32Array",
    );
    expect(() => store.set("u", new Float64Array(4))).toThrow("got 4 in a Float64Array");
    expect(() => store.set("u", new Float32Array(4), [4, 1])).toThrow(
      "tensor u: expected (2, 2), got (4, 1)",
    );
    expect(() => createParameterStore(createGraph({ dtype: "float64" }), { seed: 1 })).toThrow(
      "expected a float32 graph, got float64",
    );
  });

  it("keeps states of either type, checked when declared", () => {
    const graph = createGraph();
    const counter = state(graph, "counter", [], BigInt64Array.of(5n));
    const average = state(graph, "average", [2], 0.5);
    const store = createParameterStore(graph, { seed: 1 });
    expect(store.get("counter")).toMatchObject({
      kind: "state",
      dtype: "int64",
      values: BigInt64Array.of(5n),
    });
    expect(() => state(graph, "bad", [2], Float32Array.of(1))).toThrow(
      "state bad: expected 2 numbers for (2), got 1",
    );
    expect(() => updateState(average, counter)).toThrow(
      "updateState average: expected float32 (2), got int64 ()",
    );
    expect(() => updateState(input(graph, "x", [2]), average)).toThrow("expected a state tensor, got x");
  });
});

describe("weights in files", () => {
  const graph = createGraph();
  parameter(graph, "weight", [2, 2], { initialize: normalInit(1) });
  parameter(graph, "base", [3], { initialize: normalInit(1), frozen: true });
  state(graph, "codebook", [2], Float32Array.of(0.25, -4));
  state(graph, "count", [1], BigInt64Array.of(7n));
  const store = createParameterStore(graph, { seed: 1 });

  it("round-trip: exact in F32, rounded in F16", async () => {
    for (const [dtype, rtol] of [
      ["F32", 0],
      ["F16", 2 ** -11],
      ["BF16", 2 ** -8],
    ] as const) {
      const file = await openSafetensorsBytes(encodeStore(store, { dtype }));
      expect(file.tensors.get("weight")?.dtype).toBe(dtype);
      expect(file.metadata).toEqual({ format: "pt" });
      const other = createParameterStore(graph, { seed: 2, attachFrozen: true });
      await loadStore(other, file);
      expect(other.get("weight").values as Float32Array).toBeAllClose(
        store.get("weight").values as Float32Array,
        { rtol },
      );
      expect(other.get("base").values as Float32Array).toBeAllClose(
        store.get("base").values as Float32Array,
        { rtol },
      );
      expect([...other.get("count").values]).toEqual([7n]);
    }
  });

  it("prefixes and parts", async () => {
    const file = await openSafetensorsBytes(
      encodeSafetensors({ "model.weight": { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } }),
    );
    const other = createParameterStore(graph, { seed: 2 });
    await loadStore(other, file, {
      fileName: (name) => `model.${name}`,
      includes: (name) => name === "weight",
    });
    expect([...other.flat]).toEqual([1, 2, 3, 4]);
  });

  it("another configuration is refused by name and shapes, and nothing changes", async () => {
    const bytes = encodeSafetensors({
      weight: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      base: { shape: [2], data: Float32Array.of(1, 2) },
    });
    const other = createParameterStore(graph, { seed: 2 });
    const before = other.flat.slice();
    const file = await openSafetensorsBytes(bytes);
    await expect(loadStore(other, file)).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "model file: base: expected (3), got (2)",
    });
    const { weight } = Object.fromEntries([...file.tensors].map(([name]) => [name, name]));
    await expect(loadStore(other, file, { includes: (name) => name === "count" })).rejects.toThrow(
      "model file: expected count (1), found none",
    );
    expect(weight).toBe("weight");
    expect(other.flat).toEqual(before);
  });
});

describe("dropout", () => {
  it("keeps the share asked for, repeats by seed, and scales what is kept", async () => {
    const mask = dropoutMask(createRng(1), 10_000, 0.8);
    expect(mask.reduce((sum, value) => sum + value, 0) / 10_000).toBeCloseTo(0.8, 1);
    expect(dropoutMask(createRng(1), 10_000, 0.8)).toEqual(mask);
    const x = { shape: [3], values: [1, 2, 3] };
    const keep = { shape: [3], values: [1, 0, 1] };
    expect(await evaluate([x, keep], (a, b) => dropout(a, b, 0.5))).toEqual([2, 0, 6]);
    await checkGradient({ shapes: [[3], [3]], build: (a, b) => dropout(a, b, 0.8) });
    await expect(
      evaluate([x, { shape: [2], values: [1, 0] }], (a, b) => dropout(a, b, 0.5)),
    ).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
    });
  });
});
