// sqrt: the square root.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { divide } from "./divide.ts";
import { multiply } from "./multiply.ts";

/** The gradient at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  const output = emitOne("Sqrt", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [divide(multiply(gradient, 0.5), output)]);
}
