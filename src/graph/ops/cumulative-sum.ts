// cumulativeSum: running totals along an axis.
import { constant } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { resolveAxis } from "../shape.ts";

/** Shape kept; element i is the sum of elements 0 … i. @throws EcgError SHAPE_MISMATCH on a missing axis. */
export function cumulativeSum(x: Tensor, axis: number): Tensor {
  const along = resolveAxis("cumulativeSum", axis, x.shape);
  const output = emitCumulativeSum(x, along, false);
  return recordGradient(output, [x], (gradient) => [emitCumulativeSum(gradient, along, true)]);
}

function emitCumulativeSum(x: Tensor, axis: number, reverse: boolean): Tensor {
  return emitOne(
    "CumSum",
    [x, constant(x.graph, axis, [], "int64")],
    { shape: x.shape },
    { attributes: { reverse: { int: Number(reverse) } } },
  );
}
