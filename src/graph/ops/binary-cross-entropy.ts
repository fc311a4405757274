// binaryCrossEntropy: independent yes/no targets from logits, without overflow.
import type { Tensor } from "../graph.ts";
import { formatShape, sameShape, shapeError } from "../shape.ts";
import { mean } from "./mean.ts";
import { multiply } from "./multiply.ts";
import { softplus } from "./softplus.ts";
import { subtract } from "./subtract.ts";

/**
 * The mean over all elements of log(1 + e^logit) - target * logit; targets in [0, 1].
 * @throws EcgError SHAPE_MISMATCH when the shapes differ.
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  if (!sameShape(logits.shape, targets.shape)) {
    throw shapeError(
      "binaryCrossEntropy",
      "logits and targets of one shape",
      `${formatShape(logits.shape)} and ${formatShape(targets.shape)}`,
    );
  }
  return mean(subtract(softplus(logits), multiply(logits, targets)));
}
