// softplus: log(1 + e^x) without overflow.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";
import { sigmoid } from "./sigmoid.ts";

/** -softplus(-x) is the logarithm of sigmoid(x). */
export function softplus(x: Tensor): Tensor {
  const output = emitOne("Softplus", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [multiply(gradient, sigmoid(x))]);
}
