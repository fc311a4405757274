// zeros: a tensor of zeros that takes no room in the file.
import { constant, int64Vector } from "../constant.ts";
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import type { Shape } from "../shape.ts";

/** Zeros of a shape, of the type and graph of `like`. */
export function zeros(like: Tensor, shape: Shape = like.shape): Tensor {
  const zero = constant(like.graph, 0, [], like.dtype);
  return shape.length === 0 ? zero : emitOne("Expand", [zero, int64Vector(like.graph, shape)], { shape });
}
