// take: entries along an axis by indices known when the graph is built. Carries no gradient.
import { constant } from "../constant.ts";
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { elementCount, formatShape, resolveAxis, type Shape, shapeError } from "../shape.ts";

/**
 * (…, size, …) -> (…, ...indexShape, …): the axis is replaced by the shape of the indices.
 *
 * For rearranging inputs and values behind a stop-gradient; `embedding` is the differentiable lookup.
 * @throws EcgError SHAPE_MISMATCH when an index lies outside the axis or the count does not fit `indexShape`.
 */
export function take(x: Tensor, axis: number, indices: readonly number[], indexShape: Shape): Tensor {
  const along = resolveAxis("take", axis, x.shape);
  const size = x.shape[along] ?? 0;
  if (elementCount(indexShape) !== indices.length) {
    throw shapeError(
      "take",
      `${elementCount(indexShape)} indices for ${formatShape(indexShape)}`,
      `${indices.length}`,
    );
  }
  const outside = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= size);
  if (outside !== undefined) throw shapeError("take", `indices from 0 to ${size - 1}`, `${outside}`);
  const shape = [...x.shape.slice(0, along), ...indexShape, ...x.shape.slice(along + 1)];
  return emitOne(
    "Gather",
    [x, constant(x.graph, indices, indexShape, "int64")],
    { shape },
    { attributes: { axis: { int: along } } },
  );
}
