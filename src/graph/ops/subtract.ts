// subtract: a - b with broadcasting.
import { recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { emitBinary, type Operand, resolveOperands } from "./binary.ts";
import { negate } from "./negate.ts";

/** @throws EcgError SHAPE_MISMATCH when the shapes do not broadcast. */
export function subtract(a: Operand, b: Operand): Tensor {
  const [left, right] = resolveOperands("subtract", a, b);
  const output = emitBinary("Sub", "subtract", left, right);
  return recordGradient(output, [left, right], (gradient) => [
    unbroadcast(gradient, left),
    negate(unbroadcast(gradient, right)),
  ]);
}
