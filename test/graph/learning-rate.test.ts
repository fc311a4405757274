import { describe, expect, it } from "vitest";
import { constantSchedule, cosineSchedule, linearSchedule } from "../../src/graph/learning-rate.ts";

describe("learning-rate schedules", () => {
  it("warm up in a line, then hold or fall", () => {
    const options = { peak: 4, steps: 10, warmupSteps: 2 };
    expect([0, 1, 2, 9, 50].map(constantSchedule(options))).toEqual([2, 4, 4, 4, 4]);
    expect([0, 1, 2, 4, 6, 10, 50].map(linearSchedule(options))).toEqual([2, 4, 4, 3, 2, 0, 0]);
    expect([0, 1, 2, 4, 6, 8, 10].map(cosineSchedule(options))).toBeAllClose(
      [2, 4, 4, 2 + Math.SQRT2, 2, 2 - Math.SQRT2, 0],
      { atol: 1e-12 },
    );
  });

  it("end at the fraction asked for", () => {
    expect(cosineSchedule({ peak: 1, steps: 5, endFraction: 0.1 })(5)).toBeCloseTo(0.1, 12);
    expect(linearSchedule({ peak: 1, steps: 4, endFraction: 0.5 })(2)).toBeCloseTo(0.75, 12);
  });

  it("refuse impossible plans", () => {
    expect(() => cosineSchedule({ peak: 1, steps: 5, warmupSteps: 6 })).toThrow(
      "schedule: expected peak >= 0 and 0 <= warmupSteps <= steps, got peak 1, warmupSteps 6, steps 5",
    );
    expect(() => linearSchedule({ peak: Number.NaN, steps: 5 })).toThrow("got peak NaN");
  });
});
