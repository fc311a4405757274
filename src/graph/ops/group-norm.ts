// groupNorm: normalises groups of channels of each example (Wu & He 2018). The same in training and use.
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { add } from "./add.ts";
import { multiply } from "./multiply.ts";
import { reshape } from "./reshape.ts";
import { standardize } from "./standardize.ts";

export type GroupNormOptions = { readonly groups: number; readonly epsilon?: number };

/**
 * (batch, channels, …) with scale and bias (channels).
 * @throws EcgError SHAPE_MISMATCH when channels do not divide into the groups.
 */
export function groupNorm(x: Tensor, scale: Tensor, bias: Tensor, options: GroupNormOptions): Tensor {
  const [batch, channels, ...sizes] = x.shape;
  const { groups, ...rest } = options;
  if (batch === undefined || channels === undefined || channels % groups !== 0) {
    throw shapeError("groupNorm", `channels that divide into ${groups} groups`, formatShape(x.shape));
  }
  for (const vector of [scale, bias]) {
    if (vector.shape.length !== 1 || vector.shape[0] !== channels) {
      throw shapeError("groupNorm", `scale and bias (${channels})`, formatShape(vector.shape));
    }
  }
  const { output } = standardize(reshape(x, [batch, groups, -1]), { axes: [2], ...rest });
  const wide = [channels, ...sizes.map(() => 1)];
  return add(multiply(reshape(output, x.shape), reshape(scale, wide)), reshape(bias, wide));
}
