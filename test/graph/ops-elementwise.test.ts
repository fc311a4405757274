import { describe, expect, it } from "vitest";
import { abs } from "../../src/graph/ops/abs.ts";
import { add } from "../../src/graph/ops/add.ts";
import { clip } from "../../src/graph/ops/clip.ts";
import { cos } from "../../src/graph/ops/cos.ts";
import { divide } from "../../src/graph/ops/divide.ts";
import { erf } from "../../src/graph/ops/erf.ts";
import { exp } from "../../src/graph/ops/exp.ts";
import { gelu } from "../../src/graph/ops/gelu.ts";
import { geluTanh } from "../../src/graph/ops/gelu-tanh.ts";
import { log } from "../../src/graph/ops/log.ts";
import { maximum } from "../../src/graph/ops/maximum.ts";
import { minimum } from "../../src/graph/ops/minimum.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import { negate } from "../../src/graph/ops/negate.ts";
import { reciprocal } from "../../src/graph/ops/reciprocal.ts";
import { relu } from "../../src/graph/ops/relu.ts";
import { sigmoid } from "../../src/graph/ops/sigmoid.ts";
import { silu } from "../../src/graph/ops/silu.ts";
import { sin } from "../../src/graph/ops/sin.ts";
import { softplus } from "../../src/graph/ops/softplus.ts";
import { sqrt } from "../../src/graph/ops/sqrt.ts";
import { square } from "../../src/graph/ops/square.ts";
import { subtract } from "../../src/graph/ops/subtract.ts";
import { tanh } from "../../src/graph/ops/tanh.ts";
import { checkGradient, erf64, evaluate } from "./gradient-check.ts";

const vector = (...values: number[]) => ({ shape: [values.length], values });

describe("one operand", () => {
  const cases = [
    { name: "negate", op: negate, at: [1, -2], gives: [-1, 2] },
    { name: "exp", op: exp, at: [0, 1], gives: [1, Math.E] },
    { name: "log", op: log, at: [1, Math.E], gives: [0, 1], positive: true },
    { name: "sqrt", op: sqrt, at: [4, 9], gives: [2, 3], positive: true },
    { name: "square", op: square, at: [3, -4], gives: [9, 16] },
    { name: "abs", op: abs, at: [3, -4], gives: [3, 4] },
    { name: "reciprocal", op: reciprocal, at: [4, -2], gives: [0.25, -0.5], positive: true },
    { name: "sigmoid", op: sigmoid, at: [0, Math.log(3)], gives: [0.5, 0.75] },
    { name: "tanh", op: tanh, at: [0, Math.log(2)], gives: [0, 0.6] },
    { name: "relu", op: relu, at: [-1, 2], gives: [0, 2] },
    { name: "sin", op: sin, at: [0, Math.PI / 2], gives: [0, 1] },
    { name: "cos", op: cos, at: [0, Math.PI], gives: [1, -1] },
    { name: "silu", op: silu, at: [0, Math.log(3)], gives: [0, 0.75 * Math.log(3)] },
    { name: "geluTanh", op: geluTanh, at: [0, 1], gives: [0, 0.841192] },
  ];
  it.each(cases)("$name: hand numbers and gradient", async ({ op, at, gives, positive }) => {
    expect(await evaluate([vector(...at)], op)).toBeAllClose(gives, { atol: 1e-6 });
    await checkGradient({
      shapes: [[2, 3]],
      build: op,
      draw: (u) => (positive ? 1 + u / 2 : 2 * u + 0.01),
    });
  });

  it("erf and gelu: hand numbers, gradient against a float64 series", async () => {
    expect(await evaluate([vector(0, 0.5)], erf)).toBeAllClose([0, 0.5204999], { atol: 1e-6 });
    expect(await evaluate([vector(0, 1, -1)], gelu)).toBeAllClose([0, 0.8413447, -0.1586553], { atol: 1e-6 });
    const draw = (u: number): number => 2 * u;
    await checkGradient({ shapes: [[3, 4]], build: erf, draw, reference: (x) => x.map(erf64) });
    const gelu64 = (x: number): number => (x * (1 + erf64(x * Math.SQRT1_2))) / 2;
    await checkGradient({ shapes: [[3, 4]], build: gelu, draw, reference: (x) => x.map(gelu64) });
  });

  it("softplus: hand numbers, no overflow, gradient", async () => {
    expect(await evaluate([vector(0, Math.log(3), 200, -200)], softplus)).toBeAllClose(
      [Math.LN2, Math.log(4), 200, 0],
      { atol: 1e-6 },
    );
    await checkGradient({
      shapes: [[6]],
      build: softplus,
      reference: (x) => x.map((v) => Math.log1p(Math.exp(v))),
    });
  });

  it("clip: values at hand, gradient 0 outside", async () => {
    expect(await evaluate([vector(-2, 0.5, 3)], (x) => clip(x, -1, 1))).toEqual([-1, 0.5, 1]);
    await checkGradient({ shapes: [[9]], build: (x) => clip(x, -0.5, 0.5) });
  });
});

describe("two operands", () => {
  const cases = [
    { name: "add", op: add, gives: [5, 7] },
    { name: "subtract", op: subtract, gives: [-3, -3] },
    { name: "multiply", op: multiply, gives: [4, 10] },
    { name: "divide", op: divide, gives: [0.25, 0.4] },
    { name: "maximum", op: maximum, gives: [4, 5] },
    { name: "minimum", op: minimum, gives: [1, 2] },
  ];
  it.each(cases)("$name: hand numbers, broadcast gradients, numbers as operands", async ({ op, gives }) => {
    expect(await evaluate([vector(1, 2), vector(4, 5)], op)).toBeAllClose(gives, { atol: 1e-7 });
    for (const [a, b] of [
      [
        [2, 3],
        [2, 3],
      ],
      [
        [2, 3, 4],
        [3, 1],
      ],
      [[4], [2, 3, 4]],
      [
        [2, 1, 4],
        [1, 3, 1],
      ],
      [[], [3]],
    ] as const) {
      await checkGradient({
        shapes: [a, b],
        build: op,
        draw: (u, i) => Math.sign(u) * (0.5 + Math.abs(u)) + i * 1e-3,
      });
    }
    await checkGradient({ shapes: [[3]], build: (x) => op(op(2, x), 1.5), draw: (u) => 3 + u });
  });

  it.each(cases)("$name: shapes that do not broadcast are named", async ({ name, op }) => {
    await expect(
      evaluate([{ shape: [2, 3], values: [1, 2, 3, 4, 5, 6] }, vector(1, 2)], op),
    ).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: `${name}: expected shapes that broadcast, got (2, 3) and (2)`,
    });
  });
});
