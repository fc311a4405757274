// dropout: zeroes what a mask says and scales up the rest (Srivastava et al. 2014). The mask is an input,
// drawn by dropoutMask from a seeded generator, so that a run repeats.
import type { Tensor } from "../graph.ts";
import { multiply } from "./multiply.ts";

/** `mask` holds 1 where a value is kept, 0 where not, and broadcasts to x. */
export function dropout(x: Tensor, mask: Tensor, keepProbability: number): Tensor {
  return multiply(x, multiply(mask, 1 / keepProbability));
}
