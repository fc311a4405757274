// gelu: x * P(X <= x) of a standard normal X (Hendrycks & Gimpel 2016), exact through erf.
import { emitOne, recordGradient, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { add } from "./add.ts";
import { exp } from "./exp.ts";
import { multiply } from "./multiply.ts";

const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** Any shape, kept. The erf form (`gelu` in PyTorch and Hugging Face), not the tanh approximation. */
export function gelu(x: Tensor): Tensor {
  const share = withoutRecording(x.graph, () => normalShare(x));
  const output = emitOne("Mul", [x, share], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => {
    const density = exp(add(multiply(multiply(x, x), -0.5), -LOG_SQRT_TWO_PI));
    return [multiply(gradient, add(share, multiply(x, density)))];
  });
}

/** P(X <= x) of a standard normal X; shared by the output and its gradient. */
function normalShare(x: Tensor): Tensor {
  const error = emitOne("Erf", [multiply(x, Math.SQRT1_2)], { shape: x.shape });
  return add(multiply(error, 0.5), 0.5);
}
