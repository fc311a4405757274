// split: cuts a tensor along an axis. The gradients are joined again.
import { int64Vector } from "../constant.ts";
import { emit, recordGradients } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, resolveAxis, shapeError } from "../shape.ts";
import { concat } from "./concat.ts";
import { zeros } from "./zeros.ts";

/** @throws EcgError SHAPE_MISMATCH when the sizes do not add up to the axis. */
export function split(x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  const along = resolveAxis("split", axis, x.shape);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== x.shape[along]) {
    throw shapeError(
      "split",
      `sizes that add up to ${x.shape[along]} on axis ${along} of ${formatShape(x.shape)}`,
      `${sizes.join(" + ")} = ${total}`,
    );
  }
  if (sizes.length === 1) return [x];
  const outputs = emit(
    "Split",
    [x, int64Vector(x.graph, sizes)],
    sizes.map((part) => ({ shape: x.shape.map((size, index) => (index === along ? part : size)) })),
    { attributes: { axis: { int: along } } },
  );
  recordGradients(outputs, [x], (gradients) => [
    concat(
      gradients.map((gradient, index) => gradient ?? zeros(x, outputs[index]!.shape)),
      along,
    ),
  ]);
  return outputs;
}
