// geluTanh: the tanh approximation of gelu (`gelu_pytorch_tanh` of Hugging Face: SigLIP uses it).
import { recordGradient, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { add } from "./add.ts";
import { multiply } from "./multiply.ts";
import { square } from "./square.ts";
import { subtract } from "./subtract.ts";
import { tanh } from "./tanh.ts";

const SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))). Any shape, kept. */
export function geluTanh(x: Tensor): Tensor {
  // one gradient for the whole formula has half the nodes of the composed one
  const bend = withoutRecording(x.graph, () =>
    tanh(multiply(multiply(x, add(multiply(square(x), CUBIC), 1)), SQRT_TWO_OVER_PI)),
  );
  const output = withoutRecording(x.graph, () => multiply(multiply(x, 0.5), add(bend, 1)));
  return recordGradient(output, [x], (gradient) => {
    const slope = multiply(add(multiply(square(x), 3 * CUBIC), 1), SQRT_TWO_OVER_PI);
    const curved = multiply(multiply(x, 0.5), multiply(subtract(1, square(bend)), slope));
    return [multiply(gradient, add(multiply(add(bend, 1), 0.5), curved))];
  });
}
