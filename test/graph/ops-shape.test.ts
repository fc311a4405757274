import { describe, expect, it } from "vitest";
import { constant } from "../../src/graph/constant.ts";
import type { Tensor } from "../../src/graph/graph.ts";
import { argMax, argMin } from "../../src/graph/ops/arg-min.ts";
import { cast } from "../../src/graph/ops/cast.ts";
import { greater, less, logicalAnd, logicalNot, logicalOr } from "../../src/graph/ops/compare.ts";
import { concat } from "../../src/graph/ops/concat.ts";
import { cumulativeSum } from "../../src/graph/ops/cumulative-sum.ts";
import { embedding } from "../../src/graph/ops/embedding.ts";
import { expand } from "../../src/graph/ops/expand.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { oneHot } from "../../src/graph/ops/one-hot.ts";
import { pad } from "../../src/graph/ops/pad.ts";
import { reshape } from "../../src/graph/ops/reshape.ts";
import { segmentSum } from "../../src/graph/ops/segment-sum.ts";
import { slice } from "../../src/graph/ops/slice.ts";
import { split } from "../../src/graph/ops/split.ts";
import { transpose } from "../../src/graph/ops/transpose.ts";
import { where } from "../../src/graph/ops/where.ts";
import { zeros } from "../../src/graph/ops/zeros.ts";
import { checkGradient, evaluate } from "./gradient-check.ts";

const matrix = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
const indices = (graph: Tensor["graph"], values: number[], shape = [values.length]): Tensor =>
  constant(graph, values, shape, "int64");

describe("moving numbers about", () => {
  it("reshape keeps the order; -1 follows", async () => {
    expect(await evaluate([matrix], (x) => reshape(x, [3, -1]))).toEqual([1, 2, 3, 4, 5, 6]);
    await checkGradient({
      shapes: [[2, 6]],
      build: (x) => multiply(reshape(x, [3, -1]), reshape(x, [3, 4])),
    });
    await expect(evaluate([matrix], (x) => reshape(x, [4, 2]))).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: "reshape: expected a shape of 6 numbers for (2, 3), got (4, 2)",
    });
    await expect(evaluate([matrix], (x) => reshape(x, [4, -1]))).rejects.toThrow("got (4, -1)");
  });

  it("transpose reorders axes", async () => {
    expect(await evaluate([matrix], (x) => transpose(x, [1, 0]))).toEqual([1, 4, 2, 5, 3, 6]);
    await checkGradient({ shapes: [[2, 3, 4]], build: (x) => transpose(x, [2, 0, 1]) });
    await expect(evaluate([matrix], (x) => transpose(x, [1, 1]))).rejects.toThrow(
      "transpose: expected every axis of (2, 3) once, got order [1, 1]",
    );
  });

  it("concat joins and split cuts", async () => {
    expect(await evaluate([matrix, matrix], (x, y) => concat([x, y], 1))).toEqual([
      1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,
    ]);
    expect(await evaluate([matrix], (x) => split(x, 1, [1, 2])[1]!)).toEqual([2, 3, 5, 6]);
    await checkGradient({
      shapes: [
        [2, 3, 4],
        [2, 2, 4],
      ],
      build: (x, y) => concat([x, y], 1),
    });
    await checkGradient({
      shapes: [
        [2, 1],
        [2, 2],
        [2, 3],
      ],
      build: (x, y, z) => concat([x, y, z], -1),
    });
    await checkGradient({
      shapes: [[2, 6]],
      build: (x) => {
        const [first, unused, last] = split(x, 1, [2, 1, 3]);
        return concat([multiply(first!, first!), last!, zeros(unused!)], 1);
      },
    });
    await expect(
      evaluate([matrix, { shape: [3], values: [1, 2, 3] }], (x, y) => concat([x, y], 0)),
    ).rejects.toThrow("concat: expected shapes equal except on axis 0, got float32 (2, 3), float32 (3)");
    await expect(evaluate([matrix], (x) => split(x, 1, [2, 2])[0]!)).rejects.toThrow(
      "split: expected sizes that add up to 3 on axis 1 of (2, 3), got 2 + 2 = 4",
    );
  });

  it("slice takes a range and pad adds a border", async () => {
    expect(await evaluate([matrix], (x) => slice(x, -1, { from: 1, to: 3 }))).toEqual([2, 3, 5, 6]);
    expect(
      await evaluate([matrix], (x) =>
        pad(
          x,
          [
            [0, 1],
            [1, 0],
          ],
          9,
        ),
      ),
    ).toEqual([9, 1, 2, 3, 9, 4, 5, 6, 9, 9, 9, 9]);
    await checkGradient({ shapes: [[2, 5, 3]], build: (x) => slice(x, 1, { from: 1, to: 4 }) });
    await checkGradient({
      shapes: [[2, 3]],
      build: (x) =>
        pad(x, [
          [1, 2],
          [0, 3],
        ]),
    });
    await expect(evaluate([matrix], (x) => slice(x, 1, { from: 2, to: 5 }))).rejects.toThrow(
      "slice: expected a range within 0 to 3 on axis 1 of (2, 3), got 2 to 5",
    );
    await expect(
      evaluate([matrix], (x) =>
        pad(x, [
          [0, -1],
          [0, 0],
        ]),
      ),
    ).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
  });

  it("expand stretches and its gradient sums", async () => {
    expect(await evaluate([{ shape: [2, 1], values: [1, 2] }], (x) => expand(x, [2, 2]))).toEqual([
      1, 1, 2, 2,
    ]);
    await checkGradient({ shapes: [[1, 3, 1]], build: (x) => expand(x, [2, 4, 3, 5]) });
    await checkGradient({ shapes: [[]], build: (x) => expand(x, [2, 2]) });
    await expect(evaluate([matrix], (x) => expand(x, [2, 1]))).rejects.toThrow(
      "expand: expected a shape that (2, 3) stretches to, got (2, 1)",
    );
  });

  it("where chooses, with gradients to the chosen side", async () => {
    const build = (x: Tensor, y: Tensor): Tensor => where(greater(x, 0.1), multiply(x, y), y);
    expect(
      await evaluate(
        [
          { shape: [2], values: [1, -1] },
          { shape: [2], values: [5, 7] },
        ],
        build,
      ),
    ).toEqual([5, 7]);
    await checkGradient({ shapes: [[2, 3], [3]], build });
    await expect(evaluate([matrix], (x) => where(x, x, 0))).rejects.toThrow(
      "where: expected a bool condition, got float32",
    );
  });

  it("compares and combines truth values", async () => {
    const numbers = { shape: [4], values: [-2, -1, 1, 2] };
    const between = (x: Tensor): Tensor => logicalAnd(greater(x, -2), less(x, 2));
    const outside = (x: Tensor): Tensor => logicalOr(logicalNot(between(x)), less(x, 0));
    expect(await evaluate([numbers], (x) => cast(between(x), "float32"))).toEqual([0, 1, 1, 0]);
    expect(await evaluate([numbers], (x) => cast(outside(x), "float32"))).toEqual([1, 1, 0, 1]);
  });

  it("cumulativeSum runs along its axis", async () => {
    expect(await evaluate([matrix], (x) => cumulativeSum(x, 1))).toEqual([1, 3, 6, 4, 9, 15]);
    await checkGradient({ shapes: [[3, 4]], build: (x) => cumulativeSum(x, 0) });
    await expect(evaluate([matrix], (x) => cumulativeSum(x, 2))).rejects.toThrow(
      "cumulativeSum: expected an axis from -2 to 1, got 2 for shape (2, 3)",
    );
  });

  it("cast truncates to integers and keeps gradients between floats", async () => {
    expect(await evaluate([{ shape: [2], values: [2.7, -2.7] }], (x) => cast(x, "int64"))).toEqual([2, -2]);
    await checkGradient({ shapes: [[3]], build: (x) => cast(cast(x, "float64"), x.dtype) });
  });
});

describe("choosing rows", () => {
  it("embedding picks rows; equal picks add up in the gradient", async () => {
    const pick = (table: Tensor): Tensor => embedding(table, indices(table.graph, [2, 0, 2], [3, 1]));
    expect(await evaluate([{ shape: [3, 2], values: [1, 2, 3, 4, 5, 6] }], pick)).toEqual([5, 6, 1, 2, 5, 6]);
    await checkGradient({
      shapes: [[6, 2, 2]],
      build: (table) => embedding(table, indices(table.graph, [1, 1, 5, 0, 1, 3], [2, 3])),
    });
    await expect(evaluate([matrix], (x) => embedding(x, x))).rejects.toThrow(
      "embedding: expected a table (count, …) and integer indices, got (2, 3) and float32 (2, 3)",
    );
  });

  it("segmentSum adds rows by index; its gradient picks them", async () => {
    const build = (x: Tensor): Tensor => segmentSum(x, indices(x.graph, [1, 1, 3]), 4);
    expect(await evaluate([{ shape: [3, 2], values: [1, 2, 3, 4, 5, 6] }], build)).toEqual([
      0, 0, 4, 6, 0, 0, 5, 6,
    ]);
    await checkGradient({ shapes: [[3, 2]], build });
    await expect(evaluate([matrix], (x) => segmentSum(x, indices(x.graph, [1]), 4))).rejects.toThrow(
      "segmentSum: expected values (rows, …) and integer indices (rows), got (2, 3) and int64 (1)",
    );
  });

  it("argMin, argMax take the lowest index of ties; oneHot marks it", async () => {
    const x = { shape: [2, 3], values: [1, 0, 0, 5, 7, 7] };
    expect(await evaluate([x], argMin)).toEqual([1, 0]);
    expect(await evaluate([x], argMax)).toEqual([0, 1]);
    expect(await evaluate([x], (t) => oneHot(argMax(t), 3))).toEqual([1, 0, 0, 0, 1, 0]);
    await expect(evaluate([{ shape: [], values: [1] }], argMin)).rejects.toThrow(
      "argMin: expected at least one axis, got ()",
    );
    await expect(evaluate([x], (t) => oneHot(t, 3))).rejects.toThrow(
      "oneHot: expected integer indices, got float32",
    );
  });
});
