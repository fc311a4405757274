// sum: adds along axes. The gradient spreads back.
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { reducedShape, resolveAxes } from "../shape.ts";
import { expand } from "./expand.ts";
import { reshape } from "./reshape.ts";

export type ReduceOptions = {
  /** Axes to reduce; all when left out. Negative counts from the end. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with size 1. */
  readonly keepAxes?: boolean;
};

/** (…) -> (… without the reduced axes). An empty axis sums to 0. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  const axes = resolveAxes("sum", options.axes, x.shape);
  const keepAxes = options.keepAxes ?? false;
  if (axes.length === 0) return x;
  const output = emitOne(
    "ReduceSum",
    [x, int64Vector(x.graph, axes)],
    { shape: reducedShape(x.shape, axes, keepAxes) },
    { attributes: { keepdims: { int: Number(keepAxes) } } },
  );
  return recordGradient(output, [x], (gradient) => [
    expand(reshape(gradient, reducedShape(x.shape, axes, true)), x.shape),
  ]);
}
