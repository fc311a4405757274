import { describe, it } from "vitest";
import { checkReduction, REDUCTIONS } from "../../graph/repeat-reductions.ts";

describe("reducing operations repeat bit for bit on two threads, 300 runs, 8,192 duplicate-heavy rows", () => {
  it.each(REDUCTIONS)("$name", (reduction) => checkReduction(reduction, 300));
});
