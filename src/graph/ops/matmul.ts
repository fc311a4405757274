// matmul: the (batched, scaled) matrix product.
import { recordGradient } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, shapeError } from "../shape.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { emitMatmul } from "./emit-matmul.ts";

export type MatmulOptions = {
  /** `b` is (…, columns, inner) and used transposed: attention scores are `matmul(q, k, { transposeB: true })`. */
  readonly transposeB?: boolean;
  /** A factor on the product, e.g. 1 / sqrt(head size). */
  readonly scale?: number;
};

/**
 * (…, rows, inner) x (…, inner, columns) -> (…, rows, columns); leading axes broadcast.
 * @throws EcgError SHAPE_MISMATCH when a factor has fewer than two axes or the inner sizes differ.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeB = false, scale = 1 } = options;
  const inner = b.shape.at(transposeB ? -1 : -2);
  if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== inner) {
    const form = transposeB ? "(…, columns, inner)" : "(…, inner, columns)";
    throw shapeError(
      "matmul",
      `(…, rows, inner) and ${form}`,
      `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const output = emitMatmul(a, b, { transposeB, scale });
  return recordGradient(output, [a, b], (gradient) => [
    unbroadcast(emitMatmul(gradient, b, { transposeB: !transposeB, scale }), a),
    unbroadcast(
      transposeB
        ? emitMatmul(gradient, a, { transposeA: true, scale })
        : emitMatmul(a, gradient, { transposeA: true, scale }),
      b,
    ),
  ]);
}
