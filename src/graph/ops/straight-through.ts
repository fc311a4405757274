// straightThrough: one value going forward, another's gradient going back (Bengio et al. 2013).
import { recordGradient } from "../emit.ts";
import { createTensor, type Tensor } from "../graph.ts";
import { formatShape, sameShape, shapeError } from "../shape.ts";

/**
 * The value of `forward`; its gradient goes whole to `backward` and not at all to `forward`.
 * The same as `backward + stopGradient(forward - backward)` without that sum's rounding.
 * @throws EcgError SHAPE_MISMATCH when the shapes differ.
 */
export function straightThrough(forward: Tensor, backward: Tensor): Tensor {
  if (!sameShape(forward.shape, backward.shape) || forward.dtype !== backward.dtype) {
    throw shapeError(
      "straightThrough",
      "two tensors of one shape",
      `${formatShape(forward.shape)} and ${formatShape(backward.shape)}`,
    );
  }
  const output = createTensor(forward.graph, forward.value, forward.shape, forward.dtype);
  return recordGradient(output, [backward], (gradient) => [gradient]);
}
