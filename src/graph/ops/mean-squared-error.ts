// meanSquaredError: the mean over all elements of (a - b)^2.
import type { Tensor } from "../graph.ts";
import { formatShape, sameShape, shapeError } from "../shape.ts";
import { mean } from "./mean.ts";
import { square } from "./square.ts";
import { subtract } from "./subtract.ts";

/** A scalar. Both sides get gradients. @throws EcgError SHAPE_MISMATCH when the shapes differ (no broadcasting). */
export function meanSquaredError(a: Tensor, b: Tensor): Tensor {
  if (!sameShape(a.shape, b.shape)) {
    throw shapeError(
      "meanSquaredError",
      "two tensors of one shape",
      `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  return mean(square(subtract(a, b)));
}
