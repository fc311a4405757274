// What element-by-element operations of two operands share: broadcasting and equal types.
import { asOperand } from "../constant.ts";
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { broadcastShapes, shapeError } from "../shape.ts";
import type { Dtype } from "../tensor-data.ts";

/** A tensor or a plain number (a scalar of the other operand's type). */
export type Operand = Tensor | number;

/**
 * Both operands as tensors of one type.
 * @throws EcgError SHAPE_MISMATCH when both are numbers or the types differ.
 */
export function resolveOperands(where: string, a: Operand, b: Operand): [Tensor, Tensor] {
  const like = typeof a === "number" ? b : a;
  if (typeof like === "number") throw shapeError(where, "at least one tensor", `numbers ${a} and ${b}`);
  const left = asOperand(a, like);
  const right = asOperand(b, like);
  if (left.dtype !== right.dtype) {
    throw shapeError(where, "operands of one type", `${left.dtype} and ${right.dtype}`);
  }
  return [left, right];
}

/** One ONNX node of two broadcasting operands. */
export function emitBinary(opType: string, where: string, a: Tensor, b: Tensor, dtype?: Dtype): Tensor {
  const shape = broadcastShapes(where, a.shape, b.shape);
  return emitOne(opType, [a, b], { shape, dtype: dtype ?? a.dtype });
}
