// Where the right option stands: every letter equally often over the whole set, in an order set by the seed.
import { createRng } from "../../shared/rng.ts";
import { inSeededOrder } from "./strata.ts";

/**
 * A place 0-3 for each id, each place for a quarter of them (to within one), shuffled in blocks of four over the
 * seeded order of the ids. Input order does not matter.
 */
export function assignPlaces(ids: readonly string[], seed: number): Map<string, number> {
  const places = new Map<string, number>();
  const rng = createRng(`${seed}|places`);
  let block: number[] = [];
  for (const id of inSeededOrder(ids, seed, (value) => value)) {
    if (block.length === 0) block = rng.shuffle([0, 1, 2, 3]);
    places.set(id, block.pop() ?? 0);
  }
  return places;
}
