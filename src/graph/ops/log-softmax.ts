// logSoftmax: log(softmax(x)) along the last axis, without overflow.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { exp } from "./exp.ts";
import { multiply } from "./multiply.ts";
import { subtract } from "./subtract.ts";
import { sum } from "./sum.ts";

/** Over the last axis, shape kept. @throws EcgError SHAPE_MISMATCH on a scalar. */
export function logSoftmax(x: Tensor): Tensor {
  if (x.shape.length === 0) throw shapeError("logSoftmax", "at least one axis", formatShape(x.shape));
  const output = emitOne("LogSoftmax", [x], { shape: x.shape }, { attributes: { axis: { int: -1 } } });
  return recordGradient(output, [x], (gradient) => [
    subtract(gradient, multiply(exp(output), sum(gradient, { axes: [-1], keepAxes: true }))),
  ]);
}
