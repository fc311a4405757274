// silu: x * sigmoid(x), the activation of Qwen2's and Phi-3's feed-forward layers.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { add } from "./add.ts";
import { multiply } from "./multiply.ts";
import { subtract } from "./subtract.ts";

/** Any shape, kept. */
export function silu(x: Tensor): Tensor {
  const gate = emitOne("Sigmoid", [x], { shape: x.shape });
  const output = emitOne("Mul", [x, gate], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [
    multiply(gradient, add(gate, multiply(output, subtract(1, gate)))),
  ]);
}
