// negate: -x.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";

/** Any shape, kept. */
export function negate(x: Tensor): Tensor {
  const output = emitOne("Neg", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [negate(gradient)]);
}
