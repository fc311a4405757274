// reshapeByPattern: a reshape that says which sizes are kept, so that it also holds for sizes that vary from run to run.
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { elementCount, formatShape, shapeError } from "../shape.ts";
import { reshape } from "./reshape.ts";

/**
 * The same numbers under another shape. An entry 0 of the pattern keeps the size of that axis of x, one -1 follows
 * from the others: `[0, 0, 4, -1]` cuts the last axis of (batch, tokens, size) into 4 parts for any batch and tokens.
 * @throws EcgError SHAPE_MISMATCH when the pattern does not fit the shape of x.
 */
export function reshapeByPattern(x: Tensor, pattern: readonly number[]): Tensor {
  const kept = pattern.map((size, axis) => (size === 0 ? (x.shape[axis] ?? Number.NaN) : size));
  const known = elementCount(kept.filter((size) => size !== -1));
  const count = elementCount(x.shape);
  const shape = kept.map((size) => (size === -1 ? count / known : size));
  const unknowns = pattern.filter((size) => size === -1).length;
  if (unknowns > 1 || elementCount(shape) !== count || !shape.every(Number.isInteger)) {
    throw shapeError(
      "reshapeByPattern",
      `a pattern for the ${count} numbers of ${formatShape(x.shape)}`,
      `[${pattern.join(", ")}]`,
    );
  }
  const output = emitOne("Reshape", [x, int64Vector(x.graph, pattern)], { shape });
  return recordGradient(output, [x], (gradient) => [reshape(gradient, x.shape)]);
}
