// Shapes of tensors: counting, broadcasting, axes, and the sentences of shape errors.
import { EcgError } from "../shared/errors.ts";

/** Sizes per axis, outermost first; `[]` is a scalar. Always static: every size is a known integer. */
export type Shape = readonly number[];

/** How many numbers a shape holds; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as text: `(2, 3)`, `()` for a scalar. */
export function formatShape(shape: Shape): string {
  return `(${shape.join(", ")})`;
}

/** True when both shapes have the same sizes in the same order. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** A SHAPE_MISMATCH error of the form `<where>: expected <expected>, got <got>`. */
export function shapeError(where: string, expected: string, got: string): EcgError {
  return new EcgError("SHAPE_MISMATCH", `${where}: expected ${expected}, got ${got}`, {
    details: { where, expected, got },
  });
}

/**
 * The shape that two operands broadcast to, by NumPy's rule (aligned at the last axis, 1 stretches).
 * @throws EcgError SHAPE_MISMATCH when two sizes differ and neither is 1.
 */
export function broadcastShapes(where: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw shapeError(where, "shapes that broadcast", `${formatShape(a)} and ${formatShape(b)}`);
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

/**
 * An axis counted from the front: -1 is the last.
 * @throws EcgError SHAPE_MISMATCH when the tensor has no such axis.
 */
export function resolveAxis(where: string, axis: number, shape: Shape): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= shape.length) {
    throw shapeError(
      where,
      `an axis from ${-shape.length} to ${shape.length - 1}`,
      `${axis} for shape ${formatShape(shape)}`,
    );
  }
  return resolved;
}

/** Several axes counted from the front, ascending, each once; `undefined` means all. */
export function resolveAxes(where: string, axes: readonly number[] | undefined, shape: Shape): number[] {
  const chosen = axes ? axes.map((axis) => resolveAxis(where, axis, shape)) : [...shape.keys()];
  if (new Set(chosen).size !== chosen.length) {
    throw shapeError(where, "each axis once", `[${(axes ?? []).join(", ")}] for shape ${formatShape(shape)}`);
  }
  return chosen.sort((a, b) => a - b);
}

/** The shape with the given axes removed, or kept with size 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepAxes: boolean): number[] {
  return keepAxes
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis));
}
