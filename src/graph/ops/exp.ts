// exp: e to the power x.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";

/** Overflows to Infinity above 88.7 in float32. */
export function exp(x: Tensor): Tensor {
  const output = emitOne("Exp", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [multiply(gradient, output)]);
}
