// batchNorm: normalises channels over the batch, with running statistics for use (Ioffe & Szegedy 2015).
import { type Tensor, updateState } from "../graph.ts";
import { elementCount, formatShape, shapeError } from "../shape.ts";
import { add } from "./add.ts";
import { multiply } from "./multiply.ts";
import { reciprocal } from "./reciprocal.ts";
import { reshape } from "./reshape.ts";
import { sqrt } from "./sqrt.ts";
import { standardize } from "./standardize.ts";
import { subtract } from "./subtract.ts";

/** Tensors of (channels): two parameters and two states. */
export type BatchNormTensors = {
  readonly scale: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
};

export type BatchNormOptions = {
  /** Training: statistics of this batch, and the running ones move. Else the running ones are used. */
  readonly training: boolean;
  /** Share of the new batch in the running statistics. Default 0.1, as in PyTorch. */
  readonly momentum?: number;
  readonly epsilon?: number;
};

/** (batch, channels, …), shape kept. @throws EcgError SHAPE_MISMATCH when a vector is not (channels). */
export function batchNorm(x: Tensor, tensors: BatchNormTensors, options: BatchNormOptions): Tensor {
  const [batch, channels, ...sizes] = x.shape;
  for (const vector of Object.values(tensors)) {
    if (channels === undefined || vector.shape.length !== 1 || vector.shape[0] !== channels) {
      throw shapeError(
        "batchNorm",
        `vectors (${channels}) for ${formatShape(x.shape)}`,
        formatShape(vector.shape),
      );
    }
  }
  const { scale, bias, runningMean, runningVariance } = tensors;
  const { training, momentum = 0.1, epsilon = 1e-5 } = options;
  const wide = [channels!, ...sizes.map(() => 1)];
  const broad = (vector: Tensor): Tensor => reshape(vector, wide);
  if (!training) {
    const inverse = reciprocal(sqrt(add(runningVariance, epsilon)));
    const factor = multiply(scale, inverse);
    return add(multiply(x, broad(factor)), broad(subtract(bias, multiply(runningMean, factor))));
  }
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const { output, mean, variance } = standardize(x, { axes, epsilon });
  const count = (batch ?? 1) * elementCount(sizes);
  const move = (running: Tensor, fresh: Tensor, factor: number): void =>
    updateState(
      running,
      add(multiply(running, 1 - momentum), multiply(reshape(fresh, [channels!]), momentum * factor)),
    );
  move(runningMean, mean, 1);
  move(runningVariance, variance, count / Math.max(1, count - 1)); // unbiased, as PyTorch keeps it
  return add(multiply(output, broad(scale)), broad(bias));
}
