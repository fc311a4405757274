// standardize: zero mean and unit variance over some axes; the core of batch and group normalisation.
import { recordGradient, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { resolveAxes } from "../shape.ts";
import { add } from "./add.ts";
import { mean } from "./mean.ts";
import { multiply } from "./multiply.ts";
import { reciprocal } from "./reciprocal.ts";
import { sqrt } from "./sqrt.ts";
import { square } from "./square.ts";
import { subtract } from "./subtract.ts";

export type StandardizeOptions = {
  readonly axes: readonly number[];
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
};

export type Standardized = {
  readonly output: Tensor;
  /** The statistics, axes kept with size 1; no gradient flows through them. */
  readonly mean: Tensor;
  /** Biased: divided by the count. */
  readonly variance: Tensor;
};

/** (x - mean) / sqrt(variance + epsilon), shape kept. */
export function standardize(x: Tensor, options: StandardizeOptions): Standardized {
  const over = { axes: resolveAxes("standardize", options.axes, x.shape), keepAxes: true };
  const parts = withoutRecording(x.graph, () => {
    const average = mean(x, over);
    const centred = subtract(x, average);
    const variance = mean(square(centred), over);
    const inverse = reciprocal(sqrt(add(variance, options.epsilon ?? 1e-5)));
    return { average, variance, inverse, output: multiply(centred, inverse) };
  });
  recordGradient(parts.output, [x], (gradient) => {
    const along = mean(multiply(gradient, parts.output), over);
    const centred = subtract(gradient, mean(gradient, over));
    return [multiply(subtract(centred, multiply(parts.output, along)), parts.inverse)];
  });
  return { output: parts.output, mean: parts.average, variance: parts.variance };
}
