// attention: softmax(q k' / sqrt(size) + mask) v (Vaswani et al. 2017).
import type { Tensor } from "../graph.ts";
import { add } from "./add.ts";
import { matmul } from "./matmul.ts";
import { softmax } from "./softmax.ts";

export type AttentionOptions = {
  /** Added to the scores, broadcast to (…, queries, keys): 0 where a key may be seen, -1e9 where not. */
  readonly mask?: Tensor;
  /** Factor on the scores; default 1 / sqrt(head size). */
  readonly scale?: number;
};

/**
 * (…, queries, size), (…, keys, size), (…, keys, values) -> (…, queries, values).
 * @throws EcgError SHAPE_MISMATCH when sizes do not fit.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  const scale = options.scale ?? 1 / Math.sqrt(q.shape.at(-1) ?? 1);
  const scores = matmul(q, k, { transposeB: true, scale });
  return matmul(softmax(options.mask ? add(scores, options.mask) : scores), v);
}
