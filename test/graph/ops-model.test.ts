// Operations that language models need: shapes by pattern, dropout from row and column numbers, 4-bit products.
import { describe, expect, it } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { constant } from "../../src/graph/constant.ts";
import { createGraph, type Graph, input } from "../../src/graph/graph.ts";
import { matmulFourBit } from "../../src/graph/ops/matmul-four-bit.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { reshapeByPattern } from "../../src/graph/ops/reshape-by-pattern.ts";
import { ROW_DRAW_LIMIT, rowColumnDropout } from "../../src/graph/ops/row-column-dropout.ts";
import { createRng } from "../../src/shared/rng.ts";
import { checkGradient, evaluate, testRuntime } from "./gradient-check.ts";

describe("reshapeByPattern", () => {
  it("keeps axes of 0, infers one of -1, and has a gradient", async () => {
    const matrix = { shape: [2, 6], values: Array.from({ length: 12 }, (_, i) => i) };
    expect(await evaluate([matrix], (x) => reshapeByPattern(x, [0, 3, -1]))).toEqual(matrix.values);
    await checkGradient({
      shapes: [[2, 6]],
      build: (x) => multiply(reshapeByPattern(x, [0, 3, -1]), reshapeByPattern(x, [0, 3, 2])),
    });
    await expect(evaluate([matrix], (x) => reshapeByPattern(x, [0, 4, 2]))).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "reshapeByPattern: expected a pattern for the 12 numbers of (2, 6), got [0, 4, 2]",
    });
    await expect(evaluate([matrix], (x) => reshapeByPattern(x, [-1, -1]))).rejects.toThrow("[-1, -1]");
  });

  it("holds for sizes that vary from run to run", async () => {
    const graph = createGraph();
    const x = input(graph, "x", [2, 6], { axisNames: ["rows"] });
    const compiled = await compileInference({
      runtime: await testRuntime(),
      outputs: { y: reshapeByPattern(x, [0, 3, -1]) },
      outputAxisNames: { y: ["rows"] },
    });
    for (const rows of [1, 5]) {
      const data = Float32Array.from({ length: rows * 6 }, (_, i) => i);
      const { y } = await compiled.run({ x: { data, shape: [rows, 6] } });
      expect(y!.shape).toEqual([rows, 3, 2]);
      expect(y!.data).toEqual(data);
    }
    await compiled.dispose();
  });
});

describe("rowColumnDropout", () => {
  it("drops the wanted share, scales the rest, and repeats for the same numbers", async () => {
    const rng = createRng("dropout");
    const [rows, columns] = [200, 100];
    const x = { shape: [rows, columns], values: new Array<number>(rows * columns).fill(1) };
    const draws = {
      rows: { shape: [rows, 1], values: Array.from({ length: rows }, () => rng.uniform(0, ROW_DRAW_LIMIT)) },
      columns: { shape: [columns], values: Array.from({ length: columns }, () => rng.next()) },
    };
    const drop = (): Promise<number[]> =>
      evaluate([x, draws.rows, draws.columns], (a, r, c) =>
        rowColumnDropout(a, r, c, { dropProbability: 0.2 }),
      );
    const dropped = await drop();
    expect(new Set(dropped.map((value) => Math.round(value * 1000)))).toEqual(new Set([0, 1250]));
    const share = dropped.filter((value) => value === 0).length / dropped.length;
    // 3 standard deviations of 20,000 independent draws
    expect(Math.abs(share - 0.2)).toBeLessThan(0.0085);
    // neighbours are as good as independent
    const pairs = dropped.slice(1).filter((value, i) => value === 0 && dropped[i] === 0).length;
    expect(Math.abs(pairs / dropped.length - 0.04)).toBeLessThan(0.01);
    expect(await drop()).toEqual(dropped);
  });

  it("passes gradients where values pass", async () => {
    const fixed = (graph: Graph) => ({
      rows: constant(graph, [0.5, 3], [2, 1]),
      columns: constant(graph, [0.5, 0.9, 0.1], [3]),
    });
    await checkGradient({
      shapes: [[2, 3]],
      build: (x) => {
        const { rows, columns } = fixed(x.graph);
        return rowColumnDropout(x, rows, columns, { dropProbability: 0.4 });
      },
    });
    const result = await evaluate(
      [
        { shape: [2, 2], values: [1, 2, 3, 4] },
        { shape: [2, 1], values: [0.5, 3] },
        { shape: [2], values: [0.5, 0.9] },
      ],
      // fractions 0.25, 0.45; 0.5, 0.7
      (x, rows, columns) => rowColumnDropout(x, rows, columns, { dropProbability: 0.5 }),
    );
    expect(result).toEqual([0, 0, 6, 8]);
  });

  it("refuses numbers that do not fit", async () => {
    const one = { shape: [2, 2], values: [1, 1, 1, 1] };
    await expect(
      evaluate([one, one, one], (x, rows, columns) =>
        rowColumnDropout(x, rows, columns, { dropProbability: 0.1 }),
      ),
    ).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
  });
});

describe("matmulFourBit", () => {
  it("multiplies by (nibble - 8) * scale of each block", async () => {
    // two outputs of 16 inputs; nibbles 9 (= +1) for the first, 7 (= -1) for the second
    const packed = Uint8Array.from({ length: 16 }, (_, i) => (i < 8 ? 0x99 : 0x77));
    const weight = { outputs: 2, inputs: 16, blockSize: 16, packed, scales: Float32Array.of(0.5, 2) };
    const x = { shape: [1, 16], values: Array.from({ length: 16 }, (_, i) => i) };
    const exact = await evaluate([x], (a) => matmulFourBit(a, weight, { accuracyLevel: 0 }));
    expect(exact).toEqual([60, -240]);
    await expect(evaluate([x], (a) => matmulFourBit(a, { ...weight, outputs: 3 }))).rejects.toThrow(
      "expected (…, 16) and 24 bytes, got (1, 16) and 16 bytes",
    );
  });
});
