import { describe, expect, it } from "vitest";
import { momentsOf } from "../../src/signal/moments.ts";

describe("momentsOf", () => {
  it("takes mean and population SD of what is there", () => {
    // by hand: mean 3, deviations -2 0 2 -> 8 / 3
    const found = momentsOf(Float32Array.of(1, Number.NaN, 3, 5));
    expect(found).toEqual({ mean: 3, sd: Math.sqrt(8 / 3), missing: 1 });
  });

  it("looks at a window only, cut to the samples that exist", () => {
    expect(momentsOf([9, 1, 3, 9], 1, 3)).toEqual({ mean: 2, sd: 1, missing: 0 });
    expect(momentsOf([1, 3], -5, 9)).toEqual({ mean: 2, sd: 1, missing: 0 });
  });

  it("knows nothing of nothing", () => {
    expect(momentsOf([])).toEqual({ mean: Number.NaN, sd: Number.NaN, missing: 0 });
    expect(momentsOf([Number.NaN], 0, 1)).toEqual({ mean: Number.NaN, sd: Number.NaN, missing: 1 });
    expect(momentsOf([1, 2], 5, 9)).toEqual({ mean: Number.NaN, sd: Number.NaN, missing: 0 });
  });

  it("does not lose a small wave on a large offset", () => {
    expect(momentsOf([1e8, 1e8 + 1]).sd).toBe(0.5);
  });
});
