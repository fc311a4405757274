// oneHot: 1 at each index, 0 elsewhere. No gradient.
import { constant } from "../constant.ts";
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { shapeError } from "../shape.ts";

/** indices (…) of 0 … count-1 -> (…, count) of the graph's float type. @throws EcgError SHAPE_MISMATCH for no integers. */
export function oneHot(indices: Tensor, count: number): Tensor {
  const { graph } = indices;
  if (!/^int/.test(indices.dtype)) throw shapeError("oneHot", "integer indices", indices.dtype);
  const values = constant(graph, [0, 1], [2]);
  return emitOne(
    "OneHot",
    [indices, constant(graph, count, [], "int64"), values],
    { shape: [...indices.shape, count], dtype: graph.dtype },
    { attributes: { axis: { int: -1 } } },
  );
}
