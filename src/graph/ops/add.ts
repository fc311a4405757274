// add: a + b with broadcasting.
import { recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { emitBinary, type Operand, resolveOperands } from "./binary.ts";

/** @throws EcgError SHAPE_MISMATCH when the shapes do not broadcast. */
export function add(a: Operand, b: Operand): Tensor {
  const [left, right] = resolveOperands("add", a, b);
  const output = emitBinary("Add", "add", left, right);
  return recordGradient(output, [left, right], (gradient) => [
    unbroadcast(gradient, left),
    unbroadcast(gradient, right),
  ]);
}
