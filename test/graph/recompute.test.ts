import { describe, expect, it } from "vitest";
import { createAdamW } from "../../src/graph/adam-w.ts";
import { compileTraining } from "../../src/graph/compile-training.ts";
import { createGraph, type GraphNode, input, parameter, type Tensor } from "../../src/graph/graph.ts";
import { fanInInit, fillWith } from "../../src/graph/initialize.ts";
import { inspectModel } from "../../src/graph/onnx/inspect-model.ts";
import { gelu } from "../../src/graph/ops/gelu.ts";
import { layerNorm } from "../../src/graph/ops/layer-norm.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { createParameterStore } from "../../src/graph/parameter-store.ts";
import { recomputeCheap } from "../../src/graph/recompute.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "./gradient-check.ts";

const node = (opType: string, inputs: string[], outputs: string[]): GraphNode => ({
  opType,
  domain: "",
  inputs,
  outputs,
  attributes: {},
});

describe("recomputeCheap", () => {
  const forward = new Set(["hidden", "active", "flat", "loss"]);
  const pass = [
    node("Gemm", ["x", "w"], ["hidden"]),
    node("Gelu", ["hidden"], ["active"]),
    node("Reshape", ["active", "shape"], ["flat"]),
    node("Gemm", ["flat", "v"], ["loss"]),
  ];

  it("computes what the gradient reads again, when what that takes is held anyway", () => {
    const gradients = [node("Erf", ["hidden"], ["slope"]), node("Gemm", ["flat", "slope"], ["gradient"])];
    expect(recomputeCheap([...pass, ...gradients], forward, new Set(["loss", "gradient"]))).toEqual([
      ...pass,
      gradients[0],
      node("Gelu", ["hidden"], ["again:active"]),
      node("Reshape", ["again:active", "shape"], ["again:flat"]),
      node("Gemm", ["again:flat", "slope"], ["gradient"]),
    ]);
  });

  it("leaves a value alone whose source would have to be held instead, and an output", () => {
    const unheld = [...pass, node("Gemm", ["flat", "y"], ["gradient"])];
    expect(recomputeCheap(unheld, forward, new Set(["loss", "gradient"]))).toEqual(unheld);
    const held = [
      ...pass,
      node("Erf", ["hidden"], ["slope"]),
      node("Mul", ["active", "slope"], ["gradient"]),
    ];
    expect(recomputeCheap(held, forward, new Set(["active", "gradient"]))).toEqual(held);
  });
});

describe("compileTraining with recompute", () => {
  it("trains to the same bits with operations done twice, and goes on after its memory was released", async () => {
    const plain = await train(false);
    const again = await train(true);
    expect(again.losses).toEqual(plain.losses);
    expect(again.weights).toEqual(plain.weights);
    expect(plain.operators).toMatchObject({ Gelu: 2, LayerNormalization: 1 });
    // The last layer's input is computed again; so is the norm's output, which the first gemm's gradient reads.
    expect(again.operators).toMatchObject({ Gelu: 4, LayerNormalization: 2 });
  });
});

async function train(
  recompute: boolean,
): Promise<{ losses: number[]; weights: Float32Array; operators: Readonly<Record<string, number>> }> {
  const runtime = await testRuntime();
  const graph = createGraph();
  const vector = (name: string, size: number, value: number): Tensor =>
    parameter(graph, name, [size], { initialize: fillWith(value) });
  const matrix = (name: string, rows: number, columns: number): Tensor =>
    parameter(graph, name, [rows, columns], { initialize: fanInInit() });
  const x = input(graph, "x", [4, 3]);
  const first = gelu(linear(x, matrix("first", 3, 8), vector("bias", 8, 0.1)));
  const normed = layerNorm(first, vector("scale", 8, 1), vector("shift", 8, 0));
  const second = gelu(linear(normed, matrix("second", 8, 8)));
  const loss = meanSquaredError(linear(second, matrix("third", 8, 3)), x);
  const store = createParameterStore(graph, { seed: 3 });
  const session = { threads: 1 };
  const optimizer = await createAdamW({ runtime, store, session });
  const training = await compileTraining({ runtime, loss, optimizer, session, recompute });
  const losses: number[] = [];
  for (let step = 0; step < 6; step++) {
    const rng = createRng(step);
    const batch = { x: Float32Array.from({ length: 12 }, () => rng.normal()) };
    losses.push((await training.step(batch, { learningRate: 0.05 })).loss);
    if (recompute && step % 2 === 1) await training.release();
  }
  const { operators } = inspectModel(training.model);
  await training.dispose();
  await optimizer.dispose();
  return { losses, weights: store.flat.slice(), operators };
}
