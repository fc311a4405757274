// The gradient of broadcasting: sums over the axes along which an operand was stretched.
import { int64Vector } from "./constant.ts";
import { emitOne } from "./emit.ts";
import type { Tensor } from "./graph.ts";
import { elementCount, type Shape, sameShape } from "./shape.ts";

/** A gradient of the stretched shape summed to the operand's shape. Emits plain nodes, off the tape. */
export function unbroadcast(gradient: Tensor, operand: Tensor): Tensor {
  if (sameShape(gradient.shape, operand.shape)) return gradient;
  const added = gradient.shape.length - operand.shape.length;
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < added || (operand.shape[axis - added] === 1 && size !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return reshapeRaw(gradient, operand.shape);
  if (!axes.every((axis, index) => axis === index)) return sumRaw(gradient, axes, operand.shape);
  // leading axes fold into one: ONNX Runtime reduces the rows of a matrix fastest
  const rows = elementCount(gradient.shape.slice(0, axes.length));
  const columns = elementCount(gradient.shape.slice(axes.length));
  return sumRaw(reshapeRaw(gradient, [rows, columns]), [0], operand.shape);
}

function sumRaw(x: Tensor, axes: readonly number[], shape: Shape): Tensor {
  const rest = x.shape.filter((_, axis) => !axes.includes(axis));
  const summed = emitOne(
    "ReduceSum",
    [x, int64Vector(x.graph, axes)],
    { shape: rest },
    { attributes: { keepdims: { int: 0 } } },
  );
  return reshapeRaw(summed, shape);
}

function reshapeRaw(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : emitOne("Reshape", [x, int64Vector(x.graph, shape)], { shape });
}
