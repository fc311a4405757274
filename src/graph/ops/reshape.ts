// reshape: the same numbers in the same order under another shape.
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { elementCount, formatShape, type Shape, sameShape, shapeError } from "../shape.ts";

/**
 * One size may be -1: it follows from the others.
 * @throws EcgError SHAPE_MISMATCH when the shapes hold different counts.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const target = fillUnknown(x, shape);
  if (sameShape(x.shape, target)) return x;
  const output = emitOne("Reshape", [x, int64Vector(x.graph, target)], { shape: target });
  return recordGradient(output, [x], (gradient) => [reshape(gradient, x.shape)]);
}

function fillUnknown(x: Tensor, shape: Shape): Shape {
  const count = elementCount(x.shape);
  const unknown = shape.indexOf(-1);
  const known = elementCount(shape.filter((_, axis) => axis !== unknown));
  const target = unknown < 0 ? shape : shape.map((size) => (size === -1 ? count / known : size));
  if (elementCount(target) !== count || !target.every((size) => Number.isInteger(size) && size >= 0)) {
    throw shapeError(
      "reshape",
      `a shape of ${count} numbers for ${formatShape(x.shape)}`,
      formatShape(shape),
    );
  }
  return target;
}
