import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/graph/graph.ts";
import { add } from "../../src/graph/ops/add.ts";
import { batchNorm } from "../../src/graph/ops/batch-norm.ts";
import { convolution } from "../../src/graph/ops/convolution.ts";
import { groupNorm } from "../../src/graph/ops/group-norm.ts";
import { averagePool, maxPool } from "../../src/graph/ops/pool.ts";
import { standardize } from "../../src/graph/ops/standardize.ts";
import { checkGradient, evaluate, type Reference } from "./gradient-check.ts";

type Window2d = {
  stride: [number, number];
  padding: [number, number];
  dilation: [number, number];
  groups: number;
};

/** Convolution of (batch, channels, height, width) written as its definition. */
function convolutionReference(xShape: number[], wShape: number[], window: Window2d): Reference {
  const [batch, channels, height, width] = xShape as [number, number, number, number];
  const [outputs, perGroup, kernelHeight, kernelWidth] = wShape as [number, number, number, number];
  const { stride, padding, dilation, groups } = window;
  const size = (length: number, kernel: number, axis: 0 | 1): number =>
    Math.floor((length + 2 * padding[axis] - dilation[axis] * (kernel - 1) - 1) / stride[axis]) + 1;
  const [rows, columns] = [size(height, kernelHeight, 0), size(width, kernelWidth, 1)];
  return (x, w, bias) => {
    const out: number[] = [];
    for (let n = 0; n < batch; n++)
      for (let o = 0; o < outputs; o++)
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++) {
            let total = bias?.[o] ?? 0;
            for (let i = 0; i < perGroup; i++)
              for (let kr = 0; kr < kernelHeight; kr++)
                for (let kc = 0; kc < kernelWidth; kc++) {
                  const y = r * stride[0] - padding[0] + kr * dilation[0];
                  const z = c * stride[1] - padding[1] + kc * dilation[1];
                  if (y < 0 || y >= height || z < 0 || z >= width) continue;
                  const channel = Math.floor(o / (outputs / groups)) * perGroup + i;
                  total +=
                    x![((n * channels + channel) * height + y) * width + z]! *
                    w![((o * perGroup + i) * kernelHeight + kr) * kernelWidth + kc]!;
                }
            out.push(total);
          }
    return out;
  };
}

describe("convolution", () => {
  it("1-D at hand: differences of neighbours, padded", async () => {
    const x = { shape: [1, 1, 4], values: [1, 4, 9, 16] };
    const w = { shape: [1, 1, 2], values: [-1, 1] };
    expect(await evaluate([x, w], (a, b) => convolution(a, b))).toEqual([3, 5, 7]);
    expect(await evaluate([x, w], (a, b) => convolution(a, b, undefined, { padding: 1, stride: 2 }))).toEqual(
      [1, 5, -16],
    );
    const bias = { shape: [1], values: [100] };
    expect(await evaluate([x, w, bias], (a, b, c) => convolution(a, b, c))).toEqual([103, 105, 107]);
  });

  const cases: { name: string; x: number[]; w: number[]; window: Window2d }[] = [
    {
      name: "plain",
      x: [2, 3, 1, 9],
      w: [4, 3, 1, 3],
      window: { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 },
    },
    {
      name: "strided with a leftover",
      x: [2, 2, 1, 10],
      w: [3, 2, 1, 3],
      window: { stride: [1, 2], padding: [0, 1], dilation: [1, 1], groups: 1 },
    },
    {
      name: "stride 3, dilation 2",
      x: [1, 2, 1, 14],
      w: [2, 2, 1, 3],
      window: { stride: [1, 3], padding: [0, 2], dilation: [1, 2], groups: 1 },
    },
    {
      name: "grouped",
      x: [2, 4, 1, 7],
      w: [6, 2, 1, 3],
      window: { stride: [1, 2], padding: [0, 1], dilation: [1, 1], groups: 2 },
    },
    {
      name: "depthwise",
      x: [2, 3, 1, 6],
      w: [3, 1, 1, 3],
      window: { stride: [1, 1], padding: [0, 1], dilation: [1, 1], groups: 3 },
    },
    {
      name: "2-D patches",
      x: [2, 3, 6, 6],
      w: [4, 3, 3, 3],
      window: { stride: [3, 3], padding: [0, 0], dilation: [1, 1], groups: 1 },
    },
    {
      name: "2-D uneven",
      x: [1, 2, 5, 7],
      w: [2, 2, 3, 2],
      window: { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 1 },
    },
  ];
  it.each(cases)("$name: forward and both gradients", async ({ x, w, window }) => {
    const oneAxis = x[2] === 1 && w[2] === 1;
    const narrow = (shape: number[]): number[] => (oneAxis ? [shape[0]!, shape[1]!, shape[3]!] : shape);
    const axes = (pair: [number, number]): number[] => (oneAxis ? [pair[1]] : pair);
    await checkGradient({
      shapes: [narrow(x), narrow(w), [w[0]!]],
      build: (a, b, c) =>
        convolution(a, b, c, {
          stride: axes(window.stride),
          padding: axes(window.padding),
          dilation: axes(window.dilation),
          groups: window.groups,
        }),
      reference: convolutionReference(x, w, window),
    });
  });

  it("says what does not fit", async () => {
    const x = { shape: [1, 2, 4], values: [1, 2, 3, 4, 5, 6, 7, 8] };
    const w = { shape: [1, 3, 2], values: [1, 2, 3, 4, 5, 6] };
    await expect(evaluate([x, w], (a, b) => convolution(a, b))).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message:
        "convolution: expected (batch, channels, …) and a weight (outputs, channels / 1, …kernel), got (1, 2, 4) and (1, 3, 2)",
    });
    const wide = { shape: [1, 2, 5], values: new Array(10).fill(1) };
    await expect(evaluate([x, wide], (a, b) => convolution(a, b))).rejects.toThrow(
      "convolution: expected a kernel no larger than the padded input, got kernel (5) for (1, 2, 4)",
    );
    await expect(evaluate([x, wide], (a, b) => convolution(a, b, undefined, { stride: 0 }))).rejects.toThrow(
      "convolution stride: expected 1 whole numbers of at least 1, got [0]",
    );
  });
});

describe("pooling", () => {
  const x = { shape: [1, 1, 5], values: [1, 5, 2, 4, 3] };

  it("at hand", async () => {
    expect(await evaluate([x], (t) => maxPool(t, { kernel: [2] }))).toEqual([5, 4]);
    expect(await evaluate([x], (t) => maxPool(t, { kernel: [3], stride: [1], padding: [1] }))).toEqual([
      5, 5, 5, 4, 4,
    ]);
    expect(await evaluate([x], (t) => averagePool(t, { kernel: [2] }))).toEqual([3, 3]);
    expect(
      await evaluate([x], (t) => averagePool(t, { kernel: [3], stride: [2], padding: [1] })),
    ).toBeAllClose([2, 11 / 3, 7 / 3], { atol: 1e-6 });
  });

  it("overlapping windows that choose the same value add their gradients", async () => {
    for (const options of [
      { kernel: [2] },
      { kernel: [3], stride: [1], padding: [1] },
      { kernel: [3], stride: [2], padding: [1] },
    ]) {
      await checkGradient({ shapes: [[2, 3, 7]], build: (t) => maxPool(t, options) });
    }
    await checkGradient({
      shapes: [[2, 2, 5, 4]],
      build: (t) => maxPool(t, { kernel: [3, 2], stride: [2, 1] }),
    });
  });

  it("average pooling spreads its gradient evenly", async () => {
    const reference: Reference = (values) =>
      Array.from({ length: 2 * 3 * 4 }, (_, i) => {
        const [row, column] = [Math.floor(i / 4), i % 4];
        const taps = [-1, 0, 1].map((tap) => column * 2 + tap);
        return taps.reduce((total, at) => total + (at >= 0 && at < 8 ? values![row * 8 + at]! : 0), 0) / 3;
      });
    await checkGradient({
      shapes: [[2, 3, 8]],
      build: (t) => averagePool(t, { kernel: [3], stride: [2], padding: [1] }),
      reference,
    });
  });

  it("says what does not fit", async () => {
    await expect(evaluate([x], (t) => maxPool(t, { kernel: [6] }))).rejects.toThrow(
      "maxPool: expected windows that fit (batch, channels, …) with padding below the kernel, got kernel [6], stride [6], padding [0] for (1, 1, 5)",
    );
    await expect(evaluate([x], (t) => averagePool(t, { kernel: [2, 2] }))).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
    });
  });
});

describe("normalisation over windows", () => {
  it("standardize: mean 0, variance 1, gradients through both", async () => {
    const x = { shape: [2, 2], values: [1, 3, 5, 9] };
    expect(await evaluate([x], (t) => standardize(t, { axes: [1], epsilon: 0 }).output)).toBeAllClose(
      [-1, 1, -1, 1],
      {
        atol: 1e-6,
      },
    );
    expect(await evaluate([x], (t) => standardize(t, { axes: [1] }).variance)).toEqual([1, 4]);
    expect(await evaluate([x], (t) => standardize(t, { axes: [0] }).mean)).toEqual([3, 6]);
    await checkGradient({ shapes: [[3, 2, 4]], build: (t) => standardize(t, { axes: [0, 2] }).output });
  });

  it("standardize and batchNorm say what does not fit", async () => {
    const x = { shape: [1, 2, 2], values: [1, 2, 3, 4] };
    await expect(evaluate([x], (t) => standardize(t, { axes: [3] }).output)).rejects.toThrow(
      "standardize: expected an axis from -3 to 2, got 3 for shape (1, 2, 2)",
    );
    const vector = { shape: [2], values: [1, 1] };
    const long = { shape: [3], values: [1, 1, 1] };
    await expect(
      evaluate([x, vector, long], (t, a, b) =>
        batchNorm(t, { scale: a, bias: b, runningMean: a, runningVariance: a }, { training: false }),
      ),
    ).rejects.toThrow("batchNorm: expected vectors (2) for (1, 2, 2), got (3)");
  });

  it("batchNorm in use is a fixed line per channel", async () => {
    const x = { shape: [1, 2, 2], values: [1, 2, 3, 4] };
    const vectors = [
      [2, 1],
      [0, 5],
      [1, 3],
      [4, 1],
    ].map((values) => ({ shape: [2], values }));
    const build = (
      t: Tensor,
      scale: Tensor,
      bias: Tensor,
      runningMean: Tensor,
      runningVariance: Tensor,
    ): Tensor => batchNorm(t, { scale, bias, runningMean, runningVariance }, { training: false, epsilon: 0 });
    expect(await evaluate([x, ...vectors], build as never)).toBeAllClose([0, 1, 5, 6], { atol: 1e-6 });
    await checkGradient({
      shapes: [[2, 2, 3], [2], [2], [2], [2]],
      build: build as never,
      draw: (u) => 1.5 + u,
    });
  });

  it("groupNorm: each group of each example apart", async () => {
    const x = { shape: [1, 4, 1], values: [1, 3, 10, 30] };
    const scale = { shape: [4], values: [1, 1, 2, 2] };
    const bias = { shape: [4], values: [0, 0, 0, 5] };
    const build = (t: Tensor, s: Tensor, b: Tensor): Tensor => groupNorm(t, s, b, { groups: 2, epsilon: 0 });
    expect(await evaluate([x, scale, bias], build)).toBeAllClose([-1, 1, -2, 7], { atol: 1e-6 });
    await checkGradient({
      shapes: [[2, 4, 3], [4], [4]],
      build: (t, s, b) => add(groupNorm(t, s, b, { groups: 2 }), 0),
    });
    await expect(evaluate([x, scale, bias], (t, s, b) => groupNorm(t, s, b, { groups: 3 }))).rejects.toThrow(
      "groupNorm: expected channels that divide into 3 groups, got (1, 4, 1)",
    );
  });
});
