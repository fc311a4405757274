// sin: the sine, x in radians.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";

/** Any shape, kept. */
export function sin(x: Tensor): Tensor {
  const output = emitOne("Sin", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [
    multiply(gradient, emitOne("Cos", [x], { shape: x.shape })),
  ]);
}
