import { describe, expect, it } from "vitest";
import { deriveLimbLeads } from "../../src/record/derive-leads.ts";
import { createRng } from "../../src/shared/rng.ts";

describe("deriveLimbLeads", () => {
  it("gives the four leads by hand", () => {
    expect(deriveLimbLeads([1, 0.5, 0], [2, -0.5, 1])).toEqual({
      III: Float64Array.of(1, -1, 1),
      aVR: Float64Array.of(-1.5, -0, -0.5),
      aVL: Float64Array.of(0, 0.75, -0.5),
      aVF: Float64Array.of(1.5, -0.75, 1),
    });
  });

  it("keeps Einthoven's and Goldberger's laws: I + III = II, aVR + aVL + aVF = 0, and is linear", () => {
    const rng = createRng("limb");
    const one = Float64Array.from({ length: 200 }, () => rng.normal());
    const two = Float64Array.from({ length: 200 }, () => rng.normal());
    const { III, aVR, aVL, aVF } = deriveLimbLeads(one, two);
    expect(III.map((value, t) => value + one[t]!)).toBeAllClose(two, { atol: 1e-12 });
    expect(aVR.map((value, t) => value + aVL[t]! + aVF[t]!)).toBeAllClose(new Float64Array(200), {
      atol: 1e-12,
    });
    const double = deriveLimbLeads(
      one.map((value) => 2 * value),
      two.map((value) => 2 * value),
    );
    expect(double.aVF).toBeAllClose(aVF.map((value) => 2 * value));
  });

  it("has NaN where I or II has", () => {
    const { III, aVL } = deriveLimbLeads([Number.NaN, 1], [1, Number.NaN]);
    expect([...III, ...aVL].every(Number.isNaN)).toBe(true);
  });

  it("refuses leads of different length", () => {
    expect(() => deriveLimbLeads([1, 2, 3], [1, 2])).toThrow(
      expect.objectContaining({
        code: "SHAPE_MISMATCH",
        message: "deriveLimbLeads: expected 3 samples in lead II as in lead I, got 2",
      }),
    );
  });
});
