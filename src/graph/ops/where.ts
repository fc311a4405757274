// where: a where the condition holds, b elsewhere, with broadcasting.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { broadcastShapes, shapeError } from "../shape.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { type Operand, resolveOperands } from "./binary.ts";

/** @throws EcgError SHAPE_MISMATCH when the condition is not bool or the shapes do not broadcast. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== "bool") throw shapeError("where", "a bool condition", condition.dtype);
  const [left, right] = resolveOperands("where", a, b);
  const shape = broadcastShapes("where", broadcastShapes("where", left.shape, right.shape), condition.shape);
  const output = emitOne("Where", [condition, left, right], { shape, dtype: left.dtype });
  return recordGradient(output, [left, right], (gradient) => [
    unbroadcast(where(condition, gradient, 0), left),
    unbroadcast(where(condition, 0, gradient), right),
  ]);
}
