// cos: the cosine, x in radians.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";
import { negate } from "./negate.ts";

/** Any shape, kept. */
export function cos(x: Tensor): Tensor {
  const output = emitOne("Cos", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [
    negate(multiply(gradient, emitOne("Sin", [x], { shape: x.shape }))),
  ]);
}
