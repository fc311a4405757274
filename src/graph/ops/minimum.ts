// minimum: the smaller of a and b, with broadcasting.
import { recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { emitBinary, type Operand, resolveOperands } from "./binary.ts";
import { where } from "./where.ts";

/** Where both are equal the gradient goes to `a`. @throws EcgError SHAPE_MISMATCH on shapes that do not broadcast. */
export function minimum(a: Operand, b: Operand): Tensor {
  const [left, right] = resolveOperands("minimum", a, b);
  const output = emitBinary("Min", "minimum", left, right);
  return recordGradient(output, [left, right], (gradient) => {
    const chosen = emitBinary("LessOrEqual", "minimum", left, right, "bool");
    return [unbroadcast(where(chosen, gradient, 0), left), unbroadcast(where(chosen, 0, gradient), right)];
  });
}
