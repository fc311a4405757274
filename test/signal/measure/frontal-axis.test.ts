// Axes at known ratios of I and aVF.
import { describe, expect, it } from "vitest";
import { frontalAxis } from "../../../src/signal/measure/frontal-axis.ts";

/** What a frontal vector of length 1 at `degrees` shows in I and aVF (Einthoven's triangle). */
function leadsOf(degrees: number): [number, number] {
  const angle = (degrees * Math.PI) / 180;
  const leadI = Math.cos(angle);
  const leadII = Math.cos(angle - Math.PI / 3);
  return [leadI, leadII - leadI / 2];
}

describe("frontalAxis", () => {
  it.each([-150, -90, -45, 0, 30, 60, 90, 120, 180])(
    "is %i degrees for a vector that points there",
    (degrees) => {
      const [leadI, leadAvf] = leadsOf(degrees);
      expect(frontalAxis(leadI, leadAvf)).toBeCloseTo(degrees, 10);
    },
  );
  it("is 0 without aVF, 90 without I, 45 where aVF is sqrt(3)/2 of I", () => {
    expect(frontalAxis(1, 0)).toBe(0);
    expect(frontalAxis(0, 1)).toBeCloseTo(90, 12);
    expect(frontalAxis(1, Math.sqrt(3) / 2)).toBeCloseTo(45, 12);
  });
  it("is null for nothing and for what is not a number", () => {
    expect(frontalAxis(0, 0)).toBeNull();
    expect(frontalAxis(Number.NaN, 1)).toBeNull();
    expect(frontalAxis(0.3, 0.4, 1)).toBeNull();
  });
});
