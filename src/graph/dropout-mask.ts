// dropoutMask: which values a step keeps.
import type { Rng } from "../shared/rng.ts";

/** 1 with the given probability, else 0. */
export function dropoutMask(rng: Rng, count: number, keepProbability: number): Float32Array {
  return Float32Array.from({ length: count }, () => (rng.next() < keepProbability ? 1 : 0));
}
