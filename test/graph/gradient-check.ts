// Checks an operation's gradient against central differences, in float64 wherever a kernel exists.
import { expect } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { constant } from "../../src/graph/constant.ts";
import { grad } from "../../src/graph/grad.ts";
import { createGraph, input, type Tensor } from "../../src/graph/graph.ts";
import { loadNodeRuntime } from "../../src/graph/node/load-node-runtime.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { sum } from "../../src/graph/ops/sum.ts";
import type { Runtime } from "../../src/graph/runtime.ts";
import { elementCount, type Shape } from "../../src/graph/shape.ts";
import { type TensorData, toTensorData } from "../../src/graph/tensor-data.ts";
import { createRng } from "../../src/shared/rng.ts";

let runtime: Promise<Runtime> | undefined;

/** One ONNX Runtime for all tests of a file. */
export function testRuntime(): Promise<Runtime> {
  runtime ??= loadNodeRuntime();
  return runtime;
}

/** The forward computation in plain float64 JavaScript, for operations without a float64 kernel. */
export type Reference = (...inputs: Float64Array[]) => ArrayLike<number>;

export type GradientCheck = {
  /** Shapes of the inputs that are differentiated. */
  readonly shapes: readonly Shape[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Draws one input value; default uniform in [-1, 1). */
  readonly draw?: (uniform: number, index: number) => number;
  /** Given: forward and gradient of the float32 graph are checked against it instead of float64 kernels. */
  readonly reference?: Reference;
  /** Largest error relative to the largest gradient of that input. Default 1e-7 (float64), 1e-4 (float32). */
  readonly tolerance?: number;
};

/**
 * Contract a random weighting of the output to a scalar and compare its gradient with
 * (f(x + e) - f(x - e)) / 2e for every element of every input; then compare the float32 graph, with all
 * of ONNX Runtime's fusions, with the same differences.
 */
export async function checkGradient(check: GradientCheck): Promise<void> {
  const rng = createRng("gradient-check");
  const draw = check.draw ?? ((uniform) => uniform);
  const values = check.shapes.map((shape) =>
    Float64Array.from({ length: elementCount(shape) }, (_, i) => draw(rng.uniform(-1, 1), i)),
  );
  const single = await contract(check, "float32", values);
  const { reference } = check;
  if (reference) {
    expect(single.output, "forward").toBeAllClose(Array.from(reference(...values)), {
      atol: 2e-6,
      rtol: 2e-6,
    });
    const { weights } = single;
    const loss = async (): Promise<number> => {
      const output = reference(...values);
      return weights.reduce((total, weight, i) => total + weight * output[i]!, 0);
    };
    await compareGradients(values, loss, single.gradients, check.tolerance ?? 1e-4);
  } else {
    const double = await contract(check, "float64", values);
    await compareGradients(values, double.loss, double.gradients, check.tolerance ?? 1e-7);
    await compareGradients(values, double.loss, single.gradients, 1e-4);
    await double.dispose();
  }
  await single.dispose();
}

type Contraction = {
  readonly output: number[];
  readonly gradients: number[][];
  readonly weights: Float64Array;
  /** The scalar at the present values. */
  loss(): Promise<number>;
  dispose(): Promise<void>;
};

async function contract(
  check: GradientCheck,
  dtype: "float32" | "float64",
  values: readonly Float64Array[],
): Promise<Contraction> {
  const graph = createGraph({ dtype });
  const inputs = check.shapes.map((shape, index) => input(graph, `x${index}`, shape));
  const output = check.build(...inputs);
  const rng = createRng("weights");
  const weights = Float64Array.from({ length: elementCount(output.shape) }, () => rng.uniform(-1, 1));
  const loss = sum(multiply(output, constant(graph, weights, output.shape)));
  const gradients = grad(loss, inputs);
  const session = {
    threads: 1,
    denormalAsZero: false,
    graphOptimization: dtype === "float64" ? "basic" : "all",
  } as const;
  const compiled = await compileInference({
    runtime: await testRuntime(),
    session,
    outputs: { output, ...Object.fromEntries(gradients.map((tensor, i) => [`g${i}`, tensor])) },
  });
  const forward = await compileInference({ runtime: await testRuntime(), session, outputs: { loss } });
  const feeds = (): Record<string, TensorData> =>
    Object.fromEntries(values.map((data, i) => [`x${i}`, toTensorData(data, dtype)]));
  const results = await compiled.run(feeds());
  await compiled.dispose();
  return {
    output: numbers(results["output"]!.data),
    gradients: inputs.map((_, i) => numbers(results[`g${i}`]!.data)),
    weights,
    loss: async () => Number((await forward.run(feeds()))["loss"]!.data[0]),
    dispose: () => forward.dispose(),
  };
}

async function compareGradients(
  values: readonly Float64Array[],
  loss: () => Promise<number>,
  gradients: readonly number[][],
  tolerance: number,
): Promise<void> {
  for (const [index, data] of values.entries()) {
    const differences = await centralDifferences(data, loss);
    const largest = Math.max(...differences.map(Math.abs), 1e-3);
    expect(gradients[index], `gradient of input ${index}`).toBeAllClose(differences, {
      atol: tolerance * largest,
    });
  }
}

async function centralDifferences(data: Float64Array, loss: () => Promise<number>): Promise<number[]> {
  const step = 1e-5;
  const differences: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    data[i] = value + step;
    const above = await loss();
    data[i] = value - step;
    const below = await loss();
    data[i] = value;
    differences.push((above - below) / (2 * step));
  }
  return differences;
}

/** The output of an operation on float32 numbers. */
export async function evaluate(
  inputs: readonly {
    readonly shape: Shape;
    readonly values: ArrayLike<number>;
    readonly dtype?: "float32" | "int64" | "bool";
  }[],
  build: (...tensors: Tensor[]) => Tensor,
): Promise<number[]> {
  const graph = createGraph();
  const tensors = inputs.map(({ shape, dtype = "float32" }, i) => input(graph, `x${i}`, shape, { dtype }));
  const compiled = await compileInference({
    runtime: await testRuntime(),
    session: { threads: 1 },
    outputs: { y: build(...tensors) },
  });
  const results = await compiled.run(
    Object.fromEntries(
      inputs.map(({ values, dtype = "float32" }, i) => [`x${i}`, toTensorData(values, dtype)]),
    ),
  );
  await compiled.dispose();
  return numbers(results["y"]!.data);
}

function numbers(data: ArrayLike<number | bigint>): number[] {
  return Array.from(data, Number);
}

/** erf in float64, by its Taylor series (converges fast for |x| < 4). */
export function erf64(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}
