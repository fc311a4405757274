// argMin, argMax: where the smallest or largest value of the last axis stands. No gradients.
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";

/** (…, size) -> (…) int64; the lowest index wins ties. @throws EcgError SHAPE_MISMATCH on a scalar. */
export function argMin(x: Tensor): Tensor {
  return emitIndexOf("ArgMin", "argMin", x);
}

/** (…, size) -> (…) int64; the lowest index wins ties. @throws EcgError SHAPE_MISMATCH on a scalar. */
export function argMax(x: Tensor): Tensor {
  return emitIndexOf("ArgMax", "argMax", x);
}

function emitIndexOf(opType: string, where: string, x: Tensor): Tensor {
  if (x.shape.length === 0) throw shapeError(where, "at least one axis", formatShape(x.shape));
  const attributes = { axis: { int: x.shape.length - 1 }, keepdims: { int: 0 } };
  return emitOne(opType, [x], { shape: x.shape.slice(0, -1), dtype: "int64" }, { attributes });
}
