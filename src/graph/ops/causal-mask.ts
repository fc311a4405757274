// causalMask: lets each token see itself and what came before.
import { constant } from "../constant.ts";
import type { Graph, Tensor } from "../graph.ts";

/** Added to attention scores: exp of it is 0, and it does not overflow float32 when added to. */
const HIDDEN = -1e9;

/** (queries, keys), the queries being the last of the keys: 0 where a key may be seen, -1e9 where not. */
export function causalMask(graph: Graph, queries: number, keys: number = queries): Tensor {
  const past = keys - queries;
  const values = Float32Array.from({ length: queries * keys }, (_, index) =>
    (index % keys) - past > Math.floor(index / keys) ? HIDDEN : 0,
  );
  return constant(graph, values, [queries, keys]);
}
