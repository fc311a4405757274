// square: x * x.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";

/** Any shape, kept. */
export function square(x: Tensor): Tensor {
  const output = emitOne("Mul", [x, x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [multiply(gradient, multiply(x, 2))]);
}
