// erf: the error function.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { exp } from "./exp.ts";
import { multiply } from "./multiply.ts";
import { negate } from "./negate.ts";
import { square } from "./square.ts";

/** ONNX Runtime has no float64 kernel for it. */
export function erf(x: Tensor): Tensor {
  const output = emitOne("Erf", [x], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => [
    multiply(gradient, multiply(exp(negate(square(x))), 2 / Math.sqrt(Math.PI))),
  ]);
}
