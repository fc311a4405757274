// Comparisons and logic: bool tensors, no gradients.
import { emitOne } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { emitBinary, type Operand, resolveOperands } from "./binary.ts";

const compareWith =
  (opType: string, name: string) =>
  (a: Operand, b: Operand): Tensor => {
    const [left, right] = resolveOperands(name, a, b);
    return emitBinary(opType, name, left, right, "bool");
  };

/** a > b. @throws EcgError SHAPE_MISMATCH on shapes that do not broadcast (as all below). */
export const greater: (a: Operand, b: Operand) => Tensor = compareWith("Greater", "greater");
/** a >= b. */
export const greaterOrEqual: (a: Operand, b: Operand) => Tensor = compareWith(
  "GreaterOrEqual",
  "greaterOrEqual",
);
/** a < b. */
export const less: (a: Operand, b: Operand) => Tensor = compareWith("Less", "less");
/** a <= b. */
export const lessOrEqual: (a: Operand, b: Operand) => Tensor = compareWith("LessOrEqual", "lessOrEqual");
/** a == b. */
export const equal: (a: Operand, b: Operand) => Tensor = compareWith("Equal", "equal");
/** a and b, of bool tensors. */
export const logicalAnd: (a: Tensor, b: Tensor) => Tensor = compareWith("And", "logicalAnd");
/** a or b, of bool tensors. */
export const logicalOr: (a: Tensor, b: Tensor) => Tensor = compareWith("Or", "logicalOr");

/** not x, of a bool tensor. */
export function logicalNot(x: Tensor): Tensor {
  return emitOne("Not", [x], { shape: x.shape, dtype: "bool" });
}
