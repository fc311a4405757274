// The four QT corrections against numbers worked out by hand.
import { describe, expect, it } from "vitest";
import { correctQt } from "../../../src/signal/measure/correct-qt.ts";

describe("correctQt", () => {
  it("changes nothing at RR = 1 s", () => {
    expect(correctQt(400, 1000)).toEqual({
      bazettMs: 400,
      fridericiaMs: 400,
      framinghamMs: 400,
      hodgesMs: 400,
    });
  });
  it("at RR = 0.8 s (75 a minute)", () => {
    const corrected = correctQt(380, 800)!;
    expect(corrected.bazettMs).toBeCloseTo(380 / 0.894427191, 5); // 424.85
    expect(corrected.fridericiaMs).toBeCloseTo(380 / 0.928317767, 5); // 409.34
    expect(corrected.framinghamMs).toBeCloseTo(380 + 154 * 0.2, 10); // 410.8
    expect(corrected.hodgesMs).toBeCloseTo(380 + 1.75 * 15, 10); // 406.25
  });
  it("Bazett corrects most at a fast rate and Fridericia less", () => {
    const corrected = correctQt(300, 500)!;
    expect(corrected.bazettMs).toBeCloseTo(424.264, 3);
    expect(corrected.fridericiaMs).toBeCloseTo(377.976, 3);
  });
  it.each([
    [0, 800],
    [400, 0],
    [Number.NaN, 800],
    [400, Number.NaN],
    [400, Number.POSITIVE_INFINITY],
    [-1, 800],
  ])("is null for QT %f and RR %f", (qtMs, rrMs) => {
    expect(correctQt(qtMs, rrMs)).toBeNull();
  });
});
