// embedding: rows of a table by index (tokens to vectors, codes to codebook entries).
import { int64Vector } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { elementCount, formatShape, shapeError } from "../shape.ts";
import { emitSegmentSum } from "./emit-segment-sum.ts";
import { reshape } from "./reshape.ts";

/**
 * table (count, …), integer indices (any shape) -> (…indices, …). Rows never chosen get gradient 0.
 * Negative indices count from the end; others outside the table fail the run.
 * @throws EcgError SHAPE_MISMATCH when the table is a scalar or indices are no integers.
 */
export function embedding(table: Tensor, indices: Tensor): Tensor {
  const [count, ...rowShape] = table.shape;
  if (count === undefined || !/^int/.test(indices.dtype)) {
    throw shapeError(
      "embedding",
      "a table (count, …) and integer indices",
      `${formatShape(table.shape)} and ${indices.dtype} ${formatShape(indices.shape)}`,
    );
  }
  const shape = [...indices.shape, ...rowShape];
  const output = emitOne("Gather", [table, indices], { shape }, { attributes: { axis: { int: 0 } } });
  const rows = elementCount(indices.shape);
  return recordGradient(output, [table], (gradient) => {
    const flatIndices = indices.shape.length === 1 ? indices : flatten(indices, rows);
    return [emitSegmentSum(reshape(gradient, [rows, ...rowShape]), flatIndices, count)];
  });
}

function flatten(indices: Tensor, rows: number): Tensor {
  return emitOne("Reshape", [indices, int64Vector(indices.graph, [rows])], { shape: [rows] });
}
