// clip: limits values to a range.
import { asOperand } from "../constant.ts";
import { emitOne, recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { greaterOrEqual, lessOrEqual, logicalAnd } from "./compare.ts";
import { where } from "./where.ts";

/** Values outside [low, high] get no gradient; values at a limit keep theirs. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  const output = emitOne("Clip", [x, asOperand(low, x), asOperand(high, x)], { shape: x.shape });
  return recordGradient(output, [x], (gradient) => {
    const inside = logicalAnd(greaterOrEqual(x, low), lessOrEqual(x, high));
    return [where(inside, gradient, 0)];
  });
}
