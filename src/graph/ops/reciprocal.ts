// reciprocal: 1 / x.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";
import { negate } from "./negate.ts";
import { square } from "./square.ts";

/** 1 / 0 is Infinity. */
export function reciprocal(x: Tensor): Tensor {
  const output = emitOne("Reciprocal", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [negate(multiply(gradient, square(output)))]);
}
