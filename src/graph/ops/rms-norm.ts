// rmsNorm: divides by the root mean square of the last axis, then scales (Zhang & Sennrich 2019).
import { recordGradient, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { add } from "./add.ts";
import type { NormOptions } from "./layer-norm.ts";
import { mean } from "./mean.ts";
import { multiply } from "./multiply.ts";
import { reciprocal } from "./reciprocal.ts";
import { sqrt } from "./sqrt.ts";
import { square } from "./square.ts";
import { subtract } from "./subtract.ts";

/** (…, size) with scale (size); epsilon defaults to 1e-6 as in Qwen2. @throws EcgError SHAPE_MISMATCH. */
export function rmsNorm(x: Tensor, scale: Tensor, options: NormOptions = {}): Tensor {
  const size = x.shape.at(-1);
  if (size === undefined || scale.shape.length !== 1 || scale.shape[0] !== size) {
    throw shapeError("rmsNorm", `a scale (${size}) for ${formatShape(x.shape)}`, formatShape(scale.shape));
  }
  const lastAxis = { axes: [-1], keepAxes: true };
  const { inverse, normalised, output } = withoutRecording(x.graph, () => {
    const inverseRoot = reciprocal(sqrt(add(mean(square(x), lastAxis), options.epsilon ?? 1e-6)));
    const unit = multiply(x, inverseRoot);
    return { inverse: inverseRoot, normalised: unit, output: multiply(unit, scale) };
  });
  return recordGradient(output, [x, scale], (gradient) => {
    const scaled = multiply(gradient, scale);
    const along = mean(multiply(scaled, normalised), lastAxis);
    return [
      multiply(subtract(scaled, multiply(normalised, along)), inverse),
      unbroadcast(multiply(gradient, normalised), scale),
    ];
  });
}
