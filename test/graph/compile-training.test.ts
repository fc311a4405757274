import { describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph, input, parameter } from "../../src/graph/graph.ts";
import { fanInInit, fillWith } from "../../src/graph/initialize.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { testRuntime } from "./gradient-check.ts";

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
    expect(store.get("weight").values).toBeAllClose([2, -3], { atol: 1e-2 });
    expect(store.get("bias").values).toBeAllClose([1], { atol: 1e-2 });
  });
});
