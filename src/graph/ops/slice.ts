// slice: a range of an axis, optionally every `step`-th.
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, resolveAxis, shapeError } from "../shape.ts";
import { pad } from "./pad.ts";

export type SliceRange = {
  /** First index taken. */
  readonly from: number;
  /** First index no longer taken. */
  readonly to: number;
};

/** @throws EcgError SHAPE_MISMATCH when the range does not lie within the axis. */
export function slice(x: Tensor, axis: number, range: SliceRange): Tensor {
  const along = resolveAxis("slice", axis, x.shape);
  const size = x.shape[along]!;
  const { from, to } = range;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > size || from > to) {
    throw shapeError(
      "slice",
      `a range within 0 to ${size} on axis ${along} of ${formatShape(x.shape)}`,
      `${from} to ${to}`,
    );
  }
  if (from === 0 && to === size) return x;
  const vector = (value: number): Tensor => int64Vector(x.graph, [value]);
  const output = emitOne("Slice", [x, vector(from), vector(to), vector(along)], {
    shape: x.shape.map((length, index) => (index === along ? to - from : length)),
  });
  return recordGradient(output, [x], (gradient) => [
    pad(
      gradient,
      x.shape.map((_, index) => (index === along ? [from, size - to] : [0, 0])),
    ),
  ]);
}
