// splitHeads and joinHeads: between features in a row and features by head, for any batch and length.
import type { Tensor } from "../../graph/graph.ts";
import { reshapeByPattern } from "../../graph/ops/reshape-by-pattern.ts";
import { transpose } from "../../graph/ops/transpose.ts";

/** (batch, tokens, heads * size) -> (batch, heads, tokens, size). */
export function splitHeads(x: Tensor, headCount: number): Tensor {
  const size = x.shape[2]! / headCount;
  return transpose(reshapeByPattern(x, [0, 0, headCount, size]), [0, 2, 1, 3]);
}

/** (batch, heads, tokens, size) -> (batch, tokens, heads * size). */
export function joinHeads(x: Tensor): Tensor {
  const [, headCount, , size] = x.shape as [number, number, number, number];
  return reshapeByPattern(transpose(x, [0, 2, 1, 3]), [0, 0, headCount * size]);
}
