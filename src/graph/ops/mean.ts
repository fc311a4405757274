// mean: averages along axes. The gradient spreads back, divided by the count.
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { elementCount, reducedShape, resolveAxes } from "../shape.ts";
import { expand } from "./expand.ts";
import { multiply } from "./multiply.ts";
import { reshape } from "./reshape.ts";
import type { ReduceOptions } from "./sum.ts";

/** (…) -> (… without the reduced axes). */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const axes = resolveAxes("mean", options.axes, x.shape);
  const keepAxes = options.keepAxes ?? false;
  if (axes.length === 0) return x;
  const output = emitOne(
    "ReduceMean",
    [x, int64Vector(x.graph, axes)],
    { shape: reducedShape(x.shape, axes, keepAxes) },
    { attributes: { keepdims: { int: Number(keepAxes) } } },
  );
  const count = elementCount(axes.map((axis) => x.shape[axis]!));
  return recordGradient(output, [x], (gradient) => {
    const share = reshape(multiply(gradient, 1 / count), reducedShape(x.shape, axes, true));
    return [expand(share, x.shape)];
  });
}
