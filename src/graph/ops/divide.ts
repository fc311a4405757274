// divide: a / b element by element with broadcasting.
import { recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { emitBinary, type Operand, resolveOperands } from "./binary.ts";
import { multiply } from "./multiply.ts";
import { negate } from "./negate.ts";

/** Division by zero gives infinities as IEEE 754 says. @throws EcgError SHAPE_MISMATCH on shapes that do not broadcast. */
export function divide(a: Operand, b: Operand): Tensor {
  const [left, right] = resolveOperands("divide", a, b);
  const output = emitBinary("Div", "divide", left, right);
  return recordGradient(output, [left, right], (gradient) => {
    const share = divide(gradient, right); // d/da = 1/b, d/db = -(a/b)/b
    return [unbroadcast(share, left), negate(unbroadcast(multiply(share, output), right))];
  });
}
