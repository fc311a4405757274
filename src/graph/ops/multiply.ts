// multiply: a * b element by element with broadcasting.
import { recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { emitBinary, type Operand, resolveOperands } from "./binary.ts";

/** @throws EcgError SHAPE_MISMATCH when the shapes do not broadcast. */
export function multiply(a: Operand, b: Operand): Tensor {
  const [left, right] = resolveOperands("multiply", a, b);
  const output = emitBinary("Mul", "multiply", left, right);
  return recordGradient(output, [left, right], (gradient) => [
    unbroadcast(multiply(gradient, right), left),
    unbroadcast(multiply(gradient, left), right),
  ]);
}
