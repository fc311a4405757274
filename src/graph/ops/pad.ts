// pad: adds a constant border. The gradient is the inner part.
import { constant, int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";

/** How much is added before and after each axis. */
export type Padding = readonly (readonly [before: number, after: number])[];

/** @throws EcgError SHAPE_MISMATCH when an axis has no pair or an amount is negative. */
export function pad(x: Tensor, padding: Padding, value = 0): Tensor {
  const amounts = padding.flat();
  if (padding.length !== x.shape.length || !amounts.every((size) => Number.isInteger(size) && size >= 0)) {
    throw shapeError(
      "pad",
      `a pair of amounts of 0 or more for each axis of ${formatShape(x.shape)}`,
      `[${padding.map((pair) => `[${pair.join(", ")}]`).join(", ")}]`,
    );
  }
  if (amounts.every((size) => size === 0)) return x;
  const { graph } = x;
  const ends = int64Vector(graph, [...padding.map((pair) => pair[0]), ...padding.map((pair) => pair[1])]);
  const output = emitOne("Pad", [x, ends, constant(graph, value, [], x.dtype)], {
    shape: x.shape.map((size, axis) => size + padding[axis]![0] + padding[axis]![1]),
  });
  return recordGradient(output, [x], (gradient) => [
    emitOne(
      "Slice",
      [
        gradient,
        int64Vector(
          graph,
          padding.map((pair) => pair[0]),
        ),
        int64Vector(
          graph,
          x.shape.map((size, axis) => size + padding[axis]![0]),
        ),
      ],
      { shape: x.shape },
    ),
  ]);
}
