// relu: max(x, 0).
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { greater } from "./compare.ts";
import { where } from "./where.ts";

/** The gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  const output = emitOne("Relu", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [where(greater(x, 0), gradient, 0)]);
}
