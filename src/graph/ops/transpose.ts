// transpose: reorders axes.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";

/**
 * Axis i of the output is axis `order[i]` of the input.
 * @throws EcgError SHAPE_MISMATCH when `order` does not name every axis once.
 */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  const sorted = [...order].sort((a, b) => a - b);
  if (order.length !== x.shape.length || sorted.some((axis, index) => axis !== index)) {
    throw shapeError(
      "transpose",
      `every axis of ${formatShape(x.shape)} once`,
      `order [${order.join(", ")}]`,
    );
  }
  if (order.every((axis, index) => axis === index)) return x;
  const output = emitOne(
    "Transpose",
    [x],
    { shape: order.map((axis) => x.shape[axis]!) },
    { attributes: { perm: { ints: order } } },
  );
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return recordGradient(output, [x], (gradient) => [transpose(gradient, inverse)]);
}
