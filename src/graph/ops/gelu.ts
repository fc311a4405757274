// gelu: x * P(X <= x) of a standard normal X (Hendrycks & Gimpel 2016), exact through erf.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { add } from "./add.ts";
import { exp } from "./exp.ts";
import { multiply } from "./multiply.ts";

const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Any shape, kept. The erf form (`gelu` in PyTorch and Hugging Face), not the tanh approximation.
 * ONNX Runtime has no float64 kernel for it.
 */
export function gelu(x: Tensor): Tensor {
  const output = emitOne("Gelu", [x], { shape: x.shape });
  // P(X <= x) is computed again for the gradient: keeping it from the forward pass costs a tenth of the
  // memory of a training step and no less time
  return recordGradient(output, [x], (gradient) => {
    const share = add(multiply(emitOne("Erf", [multiply(x, Math.SQRT1_2)], { shape: x.shape }), 0.5), 0.5);
    const density = exp(add(multiply(multiply(x, x), -0.5), -LOG_SQRT_TWO_PI));
    return [multiply(gradient, add(share, multiply(x, density)))];
  });
}
