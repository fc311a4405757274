// abs: the absolute value.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";

/** The gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  const output = emitOne("Abs", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [
    multiply(gradient, emitOne("Sign", [x], { shape: x.shape })),
  ]);
}
