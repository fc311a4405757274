// reduceMax: the largest value along axes. Equal maxima share the gradient.
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { reducedShape, resolveAxes } from "../shape.ts";
import { cast } from "./cast.ts";
import { equal } from "./compare.ts";
import { divide } from "./divide.ts";
import { multiply } from "./multiply.ts";
import { reshape } from "./reshape.ts";
import { type ReduceOptions, sum } from "./sum.ts";

/** (…) -> (… without the reduced axes). */
export function reduceMax(x: Tensor, options: ReduceOptions = {}): Tensor {
  const axes = resolveAxes("reduceMax", options.axes, x.shape);
  const keepAxes = options.keepAxes ?? false;
  if (axes.length === 0) return x;
  const output = emitOne(
    "ReduceMax",
    [x, int64Vector(x.graph, axes)],
    { shape: reducedShape(x.shape, axes, keepAxes) },
    { attributes: { keepdims: { int: Number(keepAxes) } } },
  );
  return recordGradient(output, [x], (gradient) => {
    const kept = reducedShape(x.shape, axes, true);
    const chosen = cast(equal(x, reshape(output, kept)), x.dtype);
    const share = divide(reshape(gradient, kept), sum(chosen, { axes, keepAxes: true }));
    return [multiply(chosen, share)];
  });
}
