// RR statistics by hand.
import { describe, expect, it } from "vitest";
import { rrStatistics } from "../../../src/signal/measure/measure-rhythm.ts";

describe("rrStatistics", () => {
  it("800, 900, 700, 800", () => {
    const found = rrStatistics([800, 900, 700, 800])!;
    expect(found.meanMs).toBe(800);
    expect(found.sdMs).toBeCloseTo(Math.sqrt(20000 / 3), 12);
    expect(found.rmssdMs).toBeCloseTo(Math.sqrt((100 ** 2 + 200 ** 2 + 100 ** 2) / 3), 12);
    expect([found.minMs, found.maxMs]).toEqual([700, 900]);
  });
  it("one interval has no spread, none has no statistics", () => {
    expect(rrStatistics([750])).toEqual({ meanMs: 750, sdMs: 0, rmssdMs: 0, minMs: 750, maxMs: 750 });
    expect(rrStatistics([])).toBeNull();
  });
});
