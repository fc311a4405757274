// Adds rows that share an index, as ONNX nodes that repeat bit for bit with any number of threads.
import { constant, int64Vector } from "../constant.ts";
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { elementCount } from "../shape.ts";

/**
 * values (rows, …), indices (rows) -> (count, …); no gradient, shapes already checked.
 *
 * ScatterElements adds one after another. ScatterND with reduction=add would be faster and is wrong:
 * it loses updates of equal indices on two threads (onnxruntime issues 18048, 23396).
 */
export function emitSegmentSum(values: Tensor, indices: Tensor, count: number): Tensor {
  const { graph } = values;
  const rows = indices.shape[0]!;
  const columns = elementCount(values.shape.slice(1));
  const flat = reshapeNode(values, [rows, columns]);
  const zeros = emitOne(
    "Expand",
    [constant(graph, 0, [], values.dtype), int64Vector(graph, [count, columns])],
    {
      shape: [count, columns],
    },
  );
  const wide = emitOne("Expand", [reshapeNode(indices, [rows, 1]), int64Vector(graph, [rows, columns])], {
    shape: [rows, columns],
  });
  const summed = emitOne(
    "ScatterElements",
    [zeros, wide, flat],
    { shape: [count, columns] },
    { attributes: { axis: { int: 0 }, reduction: { string: "add" } } },
  );
  return reshapeNode(summed, [count, ...values.shape.slice(1)]);
}

function reshapeNode(x: Tensor, shape: readonly number[]): Tensor {
  const same = shape.length === x.shape.length && shape.every((size, axis) => size === x.shape[axis]);
  return same ? x : emitOne("Reshape", [x, int64Vector(x.graph, shape)], { shape });
}
