// Runs every operation that adds many numbers into few, many times on two threads: each run must give the
// same bits, and the first must agree with sums in float64.
import { expect } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { constant } from "../../src/graph/constant.ts";
import { emitOne } from "../../src/graph/emit.ts";
import { grad } from "../../src/graph/grad.ts";
import { createGraph, input, type Tensor } from "../../src/graph/graph.ts";
import { add } from "../../src/graph/ops/add.ts";
import { convolution } from "../../src/graph/ops/convolution.ts";
import { crossEntropy } from "../../src/graph/ops/cross-entropy.ts";
import { cumulativeSum } from "../../src/graph/ops/cumulative-sum.ts";
import { embedding } from "../../src/graph/ops/embedding.ts";
import { expand } from "../../src/graph/ops/expand.ts";
import { layerNorm } from "../../src/graph/ops/layer-norm.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { mean } from "../../src/graph/ops/mean.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { maxPool } from "../../src/graph/ops/pool.ts";
import { reduceMax } from "../../src/graph/ops/reduce-max.ts";
import { reshape } from "../../src/graph/ops/reshape.ts";
import { segmentSum } from "../../src/graph/ops/segment-sum.ts";
import { standardize } from "../../src/graph/ops/standardize.ts";
import { sum } from "../../src/graph/ops/sum.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "./gradient-check.ts";

const ROWS = 8192;
const COLUMNS = 48;
const CLASSES = 40;

const rng = createRng("reductions");
const x = Float32Array.from({ length: ROWS * COLUMNS }, () => rng.normal());
const y = Float32Array.from({ length: ROWS * COLUMNS }, () => rng.normal());
/** Half of the rows have index 3, the rest fall on few others. */
const indices = Int32Array.from({ length: ROWS }, (_, row) => (row % 2 === 0 ? 3 : (row * row) % CLASSES));

type Inputs = { readonly x: Tensor; readonly y: Tensor; readonly indices: Tensor };
export type Reduction = {
  readonly name: string;
  readonly build: (inputs: Inputs) => Tensor;
  /** The same in float64. */
  readonly reference: () => ArrayLike<number>;
  /** Largest absolute error; sums of 8,192 normal numbers have a size of about 90. */
  readonly tolerance: number;
};

/** Sum over rows of f(row, column). */
function columnSums(term: (at: number, row: number, column: number) => number): Float64Array {
  const sums = new Float64Array(COLUMNS);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      sums[column]! += term(row * COLUMNS + column, row, column);
    }
  }
  return sums;
}

function sumsByIndex(): Float64Array {
  const sums = new Float64Array(CLASSES * COLUMNS);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      sums[indices[row]! * COLUMNS + column]! += x[row * COLUMNS + column]!;
    }
  }
  return sums;
}

function productOverRows(): Float64Array {
  const product = new Float64Array(COLUMNS * COLUMNS);
  for (let row = 0; row < ROWS; row++) {
    for (let a = 0; a < COLUMNS; a++) {
      for (let b = 0; b < COLUMNS; b++) {
        product[a * COLUMNS + b]! += x[row * COLUMNS + a]! * y[row * COLUMNS + b]!;
      }
    }
  }
  return product;
}

/** Row statistics of x as layerNorm takes them. */
function normalisedRows(): Float64Array {
  const out = new Float64Array(x.length);
  for (let row = 0; row < ROWS; row++) {
    const values = x.subarray(row * COLUMNS, (row + 1) * COLUMNS);
    const average = values.reduce((total, value) => total + value, 0) / COLUMNS;
    const variance = values.reduce((total, value) => total + (value - average) ** 2, 0) / COLUMNS;
    values.forEach((value, column) => {
      out[row * COLUMNS + column] = (value - average) / Math.sqrt(variance + 1e-5);
    });
  }
  return out;
}

const total = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sumSoFar, value) => sumSoFar + value, 0);
const gradientOf = (loss: Tensor, tensor: Tensor): Tensor => grad(loss, [tensor])[0]!;
const vector = (graph: Tensor["graph"], size: number, value: number): Tensor =>
  constant(graph, new Float32Array(size).fill(value), [size]);

/** Every reducing operation, forward or as a gradient, at 8,192 rows. */
export const REDUCTIONS: readonly Reduction[] = [
  {
    name: "segmentSum",
    build: ({ x, indices }) => segmentSum(x, indices, CLASSES),
    reference: sumsByIndex,
    tolerance: 1e-3,
  },
  {
    name: "gradient of embedding",
    build: ({ x, indices }) => {
      const table = constant(x.graph, new Float32Array(CLASSES * COLUMNS), [CLASSES, COLUMNS]);
      return gradientOf(sum(multiply(embedding(table, indices), x)), table);
    },
    reference: sumsByIndex,
    tolerance: 1e-3,
  },
  {
    name: "sum over rows",
    build: ({ x }) => sum(x, { axes: [0] }),
    reference: () => columnSums((at) => x[at]!),
    tolerance: 1e-3,
  },
  {
    name: "sum over columns",
    build: ({ x }) => sum(x, { axes: [1] }),
    reference: () =>
      Array.from({ length: ROWS }, (_, row) => total(x.subarray(row * COLUMNS, (row + 1) * COLUMNS))),
    tolerance: 1e-4,
  },
  {
    name: "sum over two outer axes",
    build: ({ x }) => sum(reshape(x, [64, COLUMNS, 128]), { axes: [0, 2] }),
    reference: () =>
      Array.from({ length: COLUMNS }, (_, middle) => {
        const parts = Array.from({ length: 64 }, (_, outer) =>
          x.subarray((outer * COLUMNS + middle) * 128).subarray(0, 128),
        );
        return total(parts.map(total));
      }),
    tolerance: 1e-3,
  },
  { name: "sum of all", build: ({ x }) => sum(x), reference: () => [total(x)], tolerance: 1e-2 },
  { name: "mean of all", build: ({ x }) => mean(x), reference: () => [total(x) / x.length], tolerance: 1e-6 },
  {
    name: "meanSquaredError",
    build: ({ x, y }) => meanSquaredError(x, y),
    reference: () => [total(x.map((value, at) => (value - y[at]!) ** 2)) / x.length],
    tolerance: 1e-4,
  },
  {
    name: "reduceMax over rows",
    build: ({ x }) => reduceMax(x, { axes: [0] }),
    reference: () =>
      Array.from({ length: COLUMNS }, (_, column) =>
        Math.max(...Array.from({ length: ROWS }, (_, row) => x[row * COLUMNS + column]!)),
      ),
    tolerance: 0,
  },
  {
    name: "sum of squares (gradient norm)",
    build: ({ x }) =>
      emitOne("ReduceSumSquare", [x], { shape: [] }, { attributes: { keepdims: { int: 0 } } }),
    reference: () => [total(Float64Array.from(x, (value) => value * value))],
    tolerance: 4,
  },
  {
    name: "gradient of a broadcast bias",
    build: ({ x, y }) => {
      const bias = vector(x.graph, COLUMNS, 0);
      return gradientOf(sum(multiply(add(x, bias), y)), bias);
    },
    reference: () => columnSums((at) => y[at]!),
    tolerance: 1e-3,
  },
  {
    name: "gradient of linear's weight",
    build: ({ x, y }) => {
      const weight = constant(x.graph, new Float32Array(COLUMNS * COLUMNS), [COLUMNS, COLUMNS]);
      return gradientOf(sum(multiply(linear(x, weight), y)), weight);
    },
    reference: productOverRows,
    tolerance: 1e-3,
  },
  {
    name: "matmul over rows",
    build: ({ x, y }) => matmul(reshape(x, [1, ROWS * COLUMNS]), reshape(y, [ROWS * COLUMNS, 1])),
    reference: () => [total(Float64Array.from(x, (value, at) => value * y[at]!))],
    tolerance: 2e-2,
  },
  {
    name: "gradient of layerNorm's scale",
    build: ({ x, y }) => {
      const scale = vector(x.graph, COLUMNS, 1);
      return gradientOf(sum(multiply(layerNorm(x, scale, vector(x.graph, COLUMNS, 0)), y)), scale);
    },
    reference: () => {
      const rows = normalisedRows();
      return columnSums((at) => rows[at]! * y[at]!);
    },
    tolerance: 2e-3,
  },
  {
    name: "mean of standardize",
    build: ({ x }) => standardize(reshape(x, [ROWS / 8, 8, COLUMNS]), { axes: [0, 1] }).mean,
    reference: () => columnSums((at) => x[at]! / ROWS),
    tolerance: 1e-6,
  },
  {
    name: "gradient of a convolution's weight",
    build: ({ x, y }) => {
      const signal = reshape(x, [64, 3, (ROWS * COLUMNS) / 192]);
      const weight = constant(x.graph, [0, 0, 0], [1, 3, 1]);
      const upstream = reshape(y, signal.shape);
      return gradientOf(sum(multiply(expand(convolution(signal, weight), signal.shape), upstream)), weight);
    },
    reference: () => {
      const length = (ROWS * COLUMNS) / 192;
      const sums = [0, 0, 0];
      for (let n = 0; n < 64; n++) {
        for (let t = 0; t < length; t++) {
          const channelSum = [0, 1, 2].reduce((sumSoFar, c) => sumSoFar + y[(n * 3 + c) * length + t]!, 0);
          for (let c = 0; c < 3; c++) sums[c]! += x[(n * 3 + c) * length + t]! * channelSum;
        }
      }
      return sums;
    },
    tolerance: 2e-2,
  },
  {
    name: "gradient of overlapping maxPool",
    build: ({ x, y }) => {
      const signal = reshape(x, [1, COLUMNS, ROWS]);
      const pooled = maxPool(signal, { kernel: [64], stride: [1] });
      const upstream = expand(reshape(mean(y), [1, 1, 1]), pooled.shape);
      return reshape(
        sum(gradientOf(sum(multiply(pooled, add(multiply(upstream, 0), 1))), signal), { axes: [2] }),
        [COLUMNS],
      );
    },
    reference: () => new Float64Array(COLUMNS).fill(ROWS - 63),
    tolerance: 0,
  },
  {
    name: "gradient of crossEntropy",
    build: ({ x, indices }) => sum(gradientOf(crossEntropy(x, indices), x), { axes: [0] }),
    reference: () => {
      const soft = columnSums((_, row, column) => {
        const logits = x.subarray(row * COLUMNS, (row + 1) * COLUMNS);
        const norm = logits.reduce((sumSoFar, value) => sumSoFar + Math.exp(value), 0);
        return Math.exp(logits[column]!) / norm - (indices[row] === column ? 1 : 0);
      });
      return soft.map((value) => value / ROWS);
    },
    tolerance: 1e-5,
  },
  {
    name: "cumulativeSum",
    build: ({ x }) => reshape(cumulativeSum(reshape(x, [ROWS, COLUMNS]), 0), [ROWS, COLUMNS]),
    reference: () => {
      const running = new Float64Array(COLUMNS);
      return Float64Array.from(x, (value, at) => (running[at % COLUMNS] = running[at % COLUMNS]! + value));
    },
    tolerance: 2e-3,
  },
];

/** Compile one reduction for two threads, compare with float64, and run it again and again. */
export async function checkReduction(reduction: Reduction, runs: number): Promise<void> {
  const graph = createGraph();
  const inputs = {
    x: input(graph, "x", [ROWS, COLUMNS]),
    y: input(graph, "y", [ROWS, COLUMNS]),
    indices: input(graph, "indices", [ROWS], { dtype: "int64" }),
  };
  const compiled = await compileInference({
    runtime: await testRuntime(),
    session: { threads: 2 },
    outputs: { result: reduction.build(inputs) },
  });
  const feeds = { x, y, indices: BigInt64Array.from(indices, BigInt) };
  const first = (await compiled.run(feeds))["result"]!.data as Float32Array;
  expect(first).toBeAllClose(reduction.reference(), { atol: reduction.tolerance });
  for (let run = 1; run < runs; run++) {
    const again = (await compiled.run(feeds))["result"]!.data as Float32Array;
    const differs = again.findIndex((value, at) => !Object.is(value, first[at]));
    expect(differs, `run ${run}: ${again[differs]} at [${differs}], was ${first[differs]}`).toBe(-1);
  }
  await compiled.dispose();
}
