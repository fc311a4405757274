// tanh: the hyperbolic tangent.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";
import { square } from "./square.ts";
import { subtract } from "./subtract.ts";

/** Any shape, kept; values in (-1, 1). */
export function tanh(x: Tensor): Tensor {
  const output = emitOne("Tanh", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [multiply(gradient, subtract(1, square(output)))]);
}
