// Numbers fixed at build time: scalars, index vectors, tables.
import { createTensor, type Graph, type Tensor } from "./graph.ts";
import { elementCount, formatShape, type Shape, shapeError } from "./shape.ts";
import { type Dtype, holdsDtype, type TensorData, toTensorData } from "./tensor-data.ts";

const CACHED_LENGTH = 64;

/**
 * A tensor of fixed numbers, stored in the graph; small equal ones are stored once. An array of the kind
 * that the type travels in is kept, not copied: do not change it afterwards.
 * @throws EcgError SHAPE_MISMATCH when there are more or fewer numbers than the shape holds.
 */
export function constant(
  graph: Graph,
  values: number | ArrayLike<number> | TensorData,
  shape: Shape = [],
  dtype: Dtype = graph.dtype,
): Tensor {
  const list = typeof values === "number" ? [values] : values;
  if (list.length !== elementCount(shape)) {
    throw shapeError(
      "constant",
      `${elementCount(shape)} numbers for ${formatShape(shape)}`,
      `${list.length}`,
    );
  }
  // -0 and 0 differ where a quotient or a sign is taken, so they get two keys
  const key =
    list.length <= CACHED_LENGTH
      ? `${dtype} ${formatShape(shape)} ${Array.from<unknown>(list as ArrayLike<number>)
          .map((value) => (Object.is(value, -0) ? "-0" : value))
          .join()}`
      : undefined;
  const cached = key === undefined ? undefined : graph.constantCache.get(key);
  if (cached) return cached;
  const tensor = createTensor(graph, `/Constant_${graph.nextId}`, shape, dtype);
  graph.constants.set(tensor.value, {
    value: tensor.value,
    shape: tensor.shape,
    dtype,
    data: isOfType(list, dtype) ? list : toTensorData(list as ArrayLike<number>, dtype),
  });
  if (key !== undefined) graph.constantCache.set(key, tensor);
  return tensor;
}

function isOfType(list: ArrayLike<number> | TensorData, dtype: Dtype): list is TensorData {
  return ArrayBuffer.isView(list) && holdsDtype(list as TensorData, dtype);
}

/** A vector of int64, as shapes, axes and split sizes are given to ONNX. */
export function int64Vector(graph: Graph, values: readonly number[]): Tensor {
  return constant(graph, values, [values.length], "int64");
}

/** A number as a scalar of the same type as `like`; tensors pass through. */
export function asOperand(value: Tensor | number, like: Tensor): Tensor {
  return typeof value === "number" ? constant(like.graph, value, [], like.dtype) : value;
}
