import { describe, expect, it } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { constant } from "../../src/graph/constant.ts";
import { grad } from "../../src/graph/grad.ts";
import type { Tensor } from "../../src/graph/graph.ts";
import { createGraph, input } from "../../src/graph/graph.ts";
import { add } from "../../src/graph/ops/add.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { binaryCrossEntropy } from "../../src/graph/ops/binary-cross-entropy.ts";
import { causalMask } from "../../src/graph/ops/causal-mask.ts";
import { crossEntropy, rowCrossEntropy } from "../../src/graph/ops/cross-entropy.ts";
import { layerNorm } from "../../src/graph/ops/layer-norm.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { logSoftmax } from "../../src/graph/ops/log-softmax.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { mean } from "../../src/graph/ops/mean.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { reduceMax } from "../../src/graph/ops/reduce-max.ts";
import { rmsNorm } from "../../src/graph/ops/rms-norm.ts";
import { rotaryEmbedding } from "../../src/graph/ops/rotary-embedding.ts";
import { softmax } from "../../src/graph/ops/softmax.ts";
import { square } from "../../src/graph/ops/square.ts";
import { stopGradient } from "../../src/graph/ops/stop-gradient.ts";
import { straightThrough } from "../../src/graph/ops/straight-through.ts";
import { sum } from "../../src/graph/ops/sum.ts";
import { rotaryFrequencies, rotaryTable } from "../../src/graph/rotary-table.ts";
import { checkGradient, evaluate, testRuntime } from "./gradient-check.ts";

const matrix = { shape: [2, 3], values: [1, 2, 3, 4, 5, 9] };

describe("reductions", () => {
  it("sum, mean and reduceMax over chosen axes", async () => {
    expect(await evaluate([matrix], (x) => sum(x))).toEqual([24]);
    expect(await evaluate([matrix], (x) => sum(x, { axes: [0] }))).toEqual([5, 7, 12]);
    expect(await evaluate([matrix], (x) => mean(x, { axes: [-1] }))).toEqual([2, 6]);
    expect(await evaluate([matrix], (x) => reduceMax(x, { axes: [1], keepAxes: true }))).toEqual([3, 9]);
    await checkGradient({ shapes: [[2, 3, 4]], build: (x) => sum(square(x), { axes: [0, 2] }) });
    await checkGradient({ shapes: [[2, 3, 4]], build: (x) => sum(square(x), { axes: [1], keepAxes: true }) });
    await checkGradient({ shapes: [[2, 3, 4]], build: (x) => mean(square(x), { axes: [-1] }) });
    await checkGradient({ shapes: [[2, 3]], build: (x) => mean(square(x)) });
    await checkGradient({ shapes: [[4, 5]], build: (x) => reduceMax(x, { axes: [1] }) });
    await expect(evaluate([matrix], (x) => sum(x, { axes: [2] }))).rejects.toThrow(
      "sum: expected an axis from -2 to 1, got 2 for shape (2, 3)",
    );
    await expect(evaluate([matrix], (x) => mean(x, { axes: [0, -2] }))).rejects.toThrow(
      "mean: expected each axis once, got [0, -2] for shape (2, 3)",
    );
  });

  it("equal maxima share the gradient", async () => {
    const slope = (x: Tensor): Tensor => grad(sum(reduceMax(x, { axes: [0] })), [x])[0]!;
    expect(await evaluate([{ shape: [3], values: [2, 5, 5] }], slope)).toEqual([0, 0.5, 0.5]);
  });
});

describe("products", () => {
  it("matmul: hand numbers, transposed, scaled, broadcast", async () => {
    const a = { shape: [2, 2], values: [1, 2, 3, 4] };
    const b = { shape: [2, 2], values: [5, 6, 7, 8] };
    expect(await evaluate([a, b], (x, y) => matmul(x, y))).toEqual([19, 22, 43, 50]);
    expect(await evaluate([a, b], (x, y) => matmul(x, y, { transposeB: true, scale: 2 }))).toEqual([
      34, 46, 78, 106,
    ]);
    await checkGradient({
      shapes: [
        [2, 3, 4],
        [2, 4, 5],
      ],
      build: (x, y) => matmul(x, y),
    });
    await checkGradient({
      shapes: [
        [2, 3, 4],
        [2, 5, 4],
      ],
      build: (x, y) => matmul(x, y, { transposeB: true, scale: 0.3 }),
    });
    await checkGradient({
      shapes: [
        [2, 3, 4],
        [4, 5],
      ],
      build: (x, y) => matmul(x, y),
    });
    await checkGradient({
      shapes: [
        [3, 4],
        [2, 2, 5, 4],
      ],
      build: (x, y) => matmul(x, y, { transposeB: true }),
    });
    await expect(evaluate([matrix, a], (x, y) => matmul(x, y))).rejects.toThrow(
      "matmul: expected (…, rows, inner) and (…, inner, columns), got (2, 3) and (2, 2)",
    );
    await expect(evaluate([matrix, a], (x, y) => matmul(x, y, { transposeB: true }))).rejects.toThrow(
      "matmul: expected (…, rows, inner) and (…, columns, inner), got (2, 3) and (2, 2)",
    );
  });

  it("linear: hand numbers, both weight layouts, with and without bias", async () => {
    const x = { shape: [1, 2], values: [1, 2] };
    const w = { shape: [2, 2], values: [1, 10, 100, 1000] };
    const bias = { shape: [2], values: [0.5, -0.5] };
    expect(await evaluate([x, w, bias], (a, b, c) => linear(a, b, c))).toEqual([201.5, 2009.5]);
    expect(await evaluate([x, w], (a, b) => linear(a, b, undefined, { transposed: true }))).toEqual([
      21, 2100,
    ]);
    await checkGradient({ shapes: [[2, 3, 4], [4, 5], [5]], build: (a, b, c) => linear(a, b, c) });
    await checkGradient({
      shapes: [[2, 3, 4], [5, 4], [5]],
      build: (a, b, c) => linear(a, b, c, { transposed: true }),
    });
    await checkGradient({ shapes: [[4], [4, 5]], build: (a, b) => linear(a, b) });
    await expect(evaluate([matrix, w], (a, b) => linear(a, b))).rejects.toThrow(
      "linear: expected (…, inputs) and a weight (inputs, outputs), got (2, 3) and (2, 2)",
    );
    await expect(evaluate([x, w, { shape: [1], values: [1] }], (a, b, c) => linear(a, b, c))).rejects.toThrow(
      "linear: expected a bias (2), got (1)",
    );
  });

  it("attention: uniform scores average the values; a causal mask hides the future", async () => {
    const zero = { shape: [2, 2], values: [0, 0, 0, 0] };
    const v = { shape: [2, 2], values: [1, 2, 3, 4] };
    expect(await evaluate([zero, zero, v], (q, k, x) => attention(q, k, x))).toEqual([2, 3, 2, 3]);
    expect(
      await evaluate([zero, zero, v], (q, k, x) => attention(q, k, x, { mask: causalMask(q.graph, 2) })),
    ).toEqual([1, 2, 2, 3]);
    await checkGradient({
      shapes: [
        [2, 3, 4],
        [2, 5, 4],
        [2, 5, 2],
      ],
      build: (q, k, x) => attention(q, k, x),
    });
  });
});

describe("normalisation", () => {
  it("softmax and logSoftmax", async () => {
    const x = { shape: [3], values: [0, Math.log(2), Math.log(5)] };
    expect(await evaluate([x], softmax)).toBeAllClose([1 / 8, 2 / 8, 5 / 8], { atol: 1e-7 });
    expect(await evaluate([x], logSoftmax)).toBeAllClose([1 / 8, 2 / 8, 5 / 8].map(Math.log), { atol: 1e-6 });
    await checkGradient({ shapes: [[2, 3, 4]], build: softmax });
    await checkGradient({ shapes: [[3, 4]], build: logSoftmax });
    await expect(evaluate([{ shape: [], values: [1] }], softmax)).rejects.toThrow(
      "softmax: expected at least one axis, got ()",
    );
  });

  it("layerNorm and rmsNorm", async () => {
    const x = { shape: [1, 2], values: [1, 3] };
    const scale = { shape: [2], values: [2, 2] };
    const bias = { shape: [2], values: [1, 1] };
    expect(await evaluate([x, scale, bias], (a, b, c) => layerNorm(a, b, c, { epsilon: 0 }))).toBeAllClose(
      [-1, 3],
      { atol: 1e-6 },
    );
    expect(await evaluate([x, scale], (a, b) => rmsNorm(a, b, { epsilon: 0 }))).toBeAllClose(
      [2 / Math.sqrt(5), 6 / Math.sqrt(5)],
      { atol: 1e-6 },
    );
    // ONNX Runtime keeps the statistics of its float64 kernel in float32
    await checkGradient({
      shapes: [[2, 3, 8], [8], [8]],
      build: (a, b, c) => layerNorm(a, b, c),
      tolerance: 1e-5,
    });
    await checkGradient({ shapes: [[2, 3, 8], [8]], build: (a, b) => rmsNorm(a, b) });
    await expect(evaluate([matrix, scale], (a, b) => rmsNorm(a, b))).rejects.toThrow(
      "rmsNorm: expected a scale (3) for (2, 3), got (2)",
    );
    await expect(evaluate([matrix, scale, bias], (a, b, c) => layerNorm(a, b, c))).rejects.toThrow(
      "layerNorm: expected scale and bias (3) for (2, 3), got (2)",
    );
  });

  it("rotaryEmbedding turns pairs and keeps lengths", async () => {
    const quarter = { cosines: [0, 1], sines: [1, 0] };
    const turn = (x: Tensor): Tensor =>
      rotaryEmbedding(
        x,
        constant(x.graph, quarter.cosines, [1, 2]),
        constant(x.graph, quarter.sines, [1, 2]),
      );
    expect(await evaluate([{ shape: [1, 4], values: [1, 2, 3, 4] }], turn)).toEqual([-3, 2, 1, 4]);
    const table = rotaryTable({ tokens: 3, frequencies: rotaryFrequencies(4, 100), firstPosition: 5 });
    expect(table.cosines[3]).toBeCloseTo(Math.cos(6 / 10), 6);
    await checkGradient({
      shapes: [[2, 3, 4]],
      build: (x) =>
        rotaryEmbedding(x, constant(x.graph, table.cosines, [3, 2]), constant(x.graph, table.sines, [3, 2])),
    });
    await expect(evaluate([{ shape: [1, 3], values: [1, 2, 3] }], turn)).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
    });
  });
});

describe("losses", () => {
  it("meanSquaredError", async () => {
    const y = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
    expect(await evaluate([matrix, y], meanSquaredError)).toEqual([1.5]);
    await checkGradient({
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: meanSquaredError,
    });
    await expect(evaluate([matrix, { shape: [3], values: [1, 2, 3] }], meanSquaredError)).rejects.toThrow(
      "meanSquaredError: expected two tensors of one shape, got (2, 3) and (3)",
    );
  });

  it("crossEntropy: ignored rows, weights, gradients", async () => {
    const logits = { shape: [3, 2], values: [0, 0, Math.log(3), 0, 0, Math.log(3)] };
    const labels = (graph: Tensor["graph"], values: number[]): Tensor =>
      constant(graph, values, [values.length], "int64");
    expect(await evaluate([logits], (x) => rowCrossEntropy(x, labels(x.graph, [1, 1, -100])))).toBeAllClose(
      [Math.LN2, Math.log(4), 0],
      { atol: 1e-6 },
    );
    expect(await evaluate([logits], (x) => crossEntropy(x, labels(x.graph, [1, 1, -100])))).toBeAllClose(
      [(Math.LN2 + Math.log(4)) / 2],
      { atol: 1e-6 },
    );
    const weighted = (x: Tensor): Tensor =>
      crossEntropy(x, labels(x.graph, [1, 1, -100]), { weights: constant(x.graph, [3, 1, 5], [3]) });
    expect(await evaluate([logits], weighted)).toBeAllClose([(3 * Math.LN2 + Math.log(4)) / 4], {
      atol: 1e-6,
    });
    expect(await evaluate([logits], (x) => crossEntropy(x, labels(x.graph, [-100, -100, -100])))).toEqual([
      0,
    ]);
    await checkGradient({
      shapes: [[5, 7]],
      build: (x) => crossEntropy(x, labels(x.graph, [1, 1, -100, 0, 3])),
    });
    await checkGradient({
      shapes: [[4, 3]],
      build: (x) =>
        crossEntropy(x, labels(x.graph, [1, 0, 9, 2]), {
          ignoreIndex: 9,
          weights: constant(x.graph, [0.2, 0.5, 2, 0.7], [4]),
        }),
    });
    await expect(
      evaluate([logits], (x) =>
        crossEntropy(x, labels(x.graph, [1, 1, 0]), { weights: constant(x.graph, [1, 1], [2]) }),
      ),
    ).rejects.toThrow("crossEntropy: expected weights (3), got (2)");
    await expect(evaluate([matrix], (x) => crossEntropy(x, labels(x.graph, [1])))).rejects.toThrow(
      "crossEntropy: expected logits (rows, classes) and int64 labels (rows), got (2, 3) and int64 (1)",
    );
  });

  it("binaryCrossEntropy stays finite for large logits", async () => {
    const logits = { shape: [3], values: [0, 100, -100] };
    const targets = { shape: [3], values: [1, 0, 0] };
    expect(await evaluate([logits, targets], binaryCrossEntropy)).toBeAllClose([(Math.LN2 + 100) / 3], {
      atol: 1e-5,
    });
    const cross = (x: number, t: number): number => Math.log1p(Math.exp(x)) - x * t;
    await checkGradient({
      shapes: [[6], [6]],
      build: binaryCrossEntropy,
      reference: (x, t) => [x.reduce((total, value, i) => total + cross(value, t[i]!), 0) / 6],
    });
    await expect(evaluate([logits, matrix], binaryCrossEntropy)).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
    });
  });
});

describe("gradients that differences cannot see", () => {
  it("stopGradient passes the value and no gradient", async () => {
    const slope = (x: Tensor): Tensor => grad(sum(multiply(stopGradient(square(x)), x)), [x])[0]!;
    expect(await evaluate([{ shape: [2], values: [3, -2] }], slope)).toEqual([9, 4]);
  });

  it("straightThrough gives one value forward and the other's gradient", async () => {
    const graph = createGraph();
    const [q, z] = [input(graph, "q", [2]), input(graph, "z", [2])];
    const through = straightThrough(q, z);
    const composed = add(z, stopGradient(add(q, multiply(z, -1))));
    const weight = constant(graph, [3, 5], [2]);
    const loss = sum(multiply(through, weight));
    const [toQ, toZ] = grad(loss, [q, z], { unreached: "zeros" });
    const [toZComposed] = grad(sum(multiply(composed, weight)), [z]);
    const compiled = await compileInference({
      runtime: await testRuntime(),
      outputs: { through, toQ: toQ!, toZ: toZ!, toZComposed: toZComposed! },
    });
    const results = await compiled.run({ q: Float32Array.of(1, 2), z: Float32Array.of(7, 9) });
    expect([...results["through"]!.data]).toEqual([1, 2]);
    expect([...results["toQ"]!.data]).toEqual([0, 0]);
    expect([...results["toZ"]!.data]).toEqual([3, 5]);
    expect([...results["toZComposed"]!.data]).toEqual([3, 5]);
    await compiled.dispose();
    expect(() => straightThrough(q, input(graph, "other", [3]))).toThrow(
      "straightThrough: expected two tensors of one shape, got (2) and (3)",
    );
  });

  it("grad asks for a scalar and a path", () => {
    const graph = createGraph();
    const [x, y] = [input(graph, "x", [2]), input(graph, "y", [2])];
    expect(() => grad(x, [x])).toThrow("grad: expected a scalar loss (), got (2)");
    expect(() => grad(sum(x), [y])).toThrow("grad: expected the loss to depend on y (2), found no path");
    expect(() => add(x, input(createGraph(), "z", [2]))).toThrow(
      "Add: expected tensors of one graph, got 2 graphs (x, z)",
    );
  });

  it("a tensor used twice collects both gradients", async () => {
    const slope = (x: Tensor): Tensor => grad(sum(add(add(square(x), multiply(x, 3)), x)), [x])[0]!;
    expect(await evaluate([{ shape: [2], values: [1, 2] }], slope)).toEqual([6, 8]);
  });
});
