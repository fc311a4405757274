// sigmoid: 1 / (1 + e^-x).
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";
import { subtract } from "./subtract.ts";

/** Any shape, kept; values in (0, 1). */
export function sigmoid(x: Tensor): Tensor {
  const output = emitOne("Sigmoid", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [
    multiply(gradient, multiply(output, subtract(1, output))),
  ]);
}
