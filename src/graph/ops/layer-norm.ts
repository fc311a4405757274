// layerNorm: zero mean and unit variance over the last axis, then scale and shift (Ba et al. 2016).
import { emit, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { cast } from "./cast.ts";
import { mean } from "./mean.ts";
import { multiply } from "./multiply.ts";
import { subtract } from "./subtract.ts";

export type NormOptions = {
  /** Added to the variance. Default 1e-5 as in PyTorch. */
  readonly epsilon?: number;
};

/** (…, size) with scale and bias (size). @throws EcgError SHAPE_MISMATCH on other sizes. */
export function layerNorm(x: Tensor, scale: Tensor, bias: Tensor, options: NormOptions = {}): Tensor {
  const size = x.shape.at(-1);
  for (const vector of [scale, bias]) {
    if (size === undefined || vector.shape.length !== 1 || vector.shape[0] !== size) {
      throw shapeError(
        "layerNorm",
        `scale and bias (${size}) for ${formatShape(x.shape)}`,
        formatShape(vector.shape),
      );
    }
  }
  const rows = [...x.shape.slice(0, -1), 1];
  const [output, average, inverseDeviation] = emit(
    "LayerNormalization",
    [x, scale, bias],
    [{ shape: x.shape }, { shape: rows, dtype: "float32" }, { shape: rows, dtype: "float32" }],
    { attributes: { axis: { int: -1 }, epsilon: { float: options.epsilon ?? 1e-5 } } },
  ) as [Tensor, Tensor, Tensor];
  return recordGradient(output, [x, scale, bias], (gradient) => {
    const inverse = cast(inverseDeviation, x.dtype);
    const normalised = multiply(subtract(x, cast(average, x.dtype)), inverse);
    const scaled = multiply(gradient, scale);
    const centred = subtract(scaled, mean(scaled, { axes: [-1], keepAxes: true }));
    const along = mean(multiply(scaled, normalised), { axes: [-1], keepAxes: true });
    return [
      multiply(subtract(centred, multiply(normalised, along)), inverse),
      unbroadcast(multiply(gradient, normalised), scale),
      unbroadcast(gradient, bias),
    ];
  });
}
