// segmentSum: adds rows that share an index; the opposite of embedding.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { emitSegmentSum } from "./emit-segment-sum.ts";

/**
 * values (rows, …), indices (rows) of 0 … count-1 -> (count, …). Segments without rows are 0.
 * @throws EcgError SHAPE_MISMATCH when indices are not integers, one per row.
 */
export function segmentSum(values: Tensor, indices: Tensor, count: number): Tensor {
  const rows = values.shape[0];
  if (
    rows === undefined ||
    indices.shape.length !== 1 ||
    indices.shape[0] !== rows ||
    !/^int/.test(indices.dtype)
  ) {
    throw shapeError(
      "segmentSum",
      `values (rows, …) and integer indices (rows)`,
      `${formatShape(values.shape)} and ${indices.dtype} ${formatShape(indices.shape)}`,
    );
  }
  const output = emitSegmentSum(values, indices, count);
  return recordGradient(output, [values], (gradient) => [
    emitOne("Gather", [gradient, indices], { shape: values.shape }, { attributes: { axis: { int: 0 } } }),
  ]);
}
