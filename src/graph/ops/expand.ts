// expand: stretches sizes of 1 (and adds leading axes). The gradient sums back.
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { broadcastShapes, formatShape, type Shape, sameShape, shapeError } from "../shape.ts";
import { unbroadcast } from "../unbroadcast.ts";

/** @throws EcgError SHAPE_MISMATCH when a size other than 1 would have to change. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes("expand", x.shape, shape), shape)) {
    throw shapeError("expand", `a shape that ${formatShape(x.shape)} stretches to`, formatShape(shape));
  }
  const output = emitOne("Expand", [x, int64Vector(x.graph, shape)], { shape });
  return recordGradient(output, [x], (gradient) => [unbroadcast(gradient, x)]);
}
