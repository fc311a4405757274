// log: the natural logarithm.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { divide } from "./divide.ts";

/** log(0) is -Infinity, of negatives NaN. */
export function log(x: Tensor): Tensor {
  const output = emitOne("Log", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [divide(gradient, x)]);
}
