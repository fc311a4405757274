import { describe, it } from "vitest";
import { checkReduction, REDUCTIONS } from "./repeat-reductions.ts";

describe("reducing operations repeat bit for bit on two threads (300 runs of each in test/slow)", () => {
  it.each(REDUCTIONS)("$name", (reduction) => checkReduction(reduction, 20));
});
