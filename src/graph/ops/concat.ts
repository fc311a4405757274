// concat: joins tensors along an axis. The gradient is cut at the same places.
import { int64Vector } from "../constant.ts";
import { emit, emitOne, recordGradients } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, resolveAxis, shapeError } from "../shape.ts";

/** @throws EcgError SHAPE_MISMATCH when the shapes differ on another axis, or nothing is given. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const first = tensors[0];
  if (!first) throw shapeError("concat", "at least one tensor", "none");
  const along = resolveAxis("concat", axis, first.shape);
  const fits = (tensor: Tensor): boolean =>
    tensor.dtype === first.dtype &&
    tensor.shape.length === first.shape.length &&
    tensor.shape.every((size, index) => index === along || size === first.shape[index]);
  if (!tensors.every(fits)) {
    const shapes = tensors.map((tensor) => `${tensor.dtype} ${formatShape(tensor.shape)}`).join(", ");
    throw shapeError("concat", `shapes equal except on axis ${along}`, shapes);
  }
  if (tensors.length === 1) return first;
  const sizes = tensors.map((tensor) => tensor.shape[along]!);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shape = first.shape.map((size, index) => (index === along ? total : size));
  const attributes = { axis: { int: along } };
  const output = emitOne("Concat", tensors, { shape }, { attributes });
  recordGradients([output], tensors, ([gradient]) =>
    emit(
      "Split",
      [gradient, int64Vector(first.graph, sizes)],
      tensors.map((tensor) => ({ shape: tensor.shape })),
      { attributes },
    ),
  );
  return output;
}
