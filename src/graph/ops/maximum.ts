// maximum: the larger of a and b, with broadcasting.
import { recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { emitBinary, type Operand, resolveOperands } from "./binary.ts";
import { where } from "./where.ts";

/** Where both are equal the gradient goes to `a`. @throws EcgError SHAPE_MISMATCH on shapes that do not broadcast. */
export function maximum(a: Operand, b: Operand): Tensor {
  const [left, right] = resolveOperands("maximum", a, b);
  const output = emitBinary("Max", "maximum", left, right);
  return recordGradient(output, [left, right], (gradient) => {
    const chosen = emitBinary("GreaterOrEqual", "maximum", left, right, "bool");
    return [unbroadcast(where(chosen, gradient, 0), left), unbroadcast(where(chosen, 0, gradient), right)];
  });
}
