// softmax: exponentials along the last axis that sum to 1.
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { multiply } from "./multiply.ts";
import { subtract } from "./subtract.ts";
import { sum } from "./sum.ts";

/** Over the last axis, shape kept. @throws EcgError SHAPE_MISMATCH on a scalar. */
export function softmax(x: Tensor): Tensor {
  if (x.shape.length === 0) throw shapeError("softmax", "at least one axis", formatShape(x.shape));
  const output = emitOne("Softmax", [x], { shape: x.shape }, { attributes: { axis: { int: -1 } } });
  return recordGradient(output, [x], (gradient) => {
    const weighted = multiply(gradient, output);
    return [subtract(weighted, multiply(output, sum(weighted, { axes: [-1], keepAxes: true })))];
  });
}
