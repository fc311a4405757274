// stopGradient: the same value, behind which no gradient flows.
import { createTensor, type Tensor } from "../graph.ts";

/** Adds no node: the result stands for the same ONNX value. */
export function stopGradient(x: Tensor): Tensor {
  return createTensor(x.graph, x.value, x.shape, x.dtype);
}
