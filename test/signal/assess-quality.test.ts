import { describe, expect, it } from "vitest";
import { assessQuality, tryAssessQuality } from "../../src/signal/assess-quality.ts";
import { interpolateMonotoneCubic } from "../../src/signal/interpolate-monotone-cubic.ts";
import { gaussianBeats } from "./gaussian-beats.ts";
import { readFixtures } from "./read-fixture.ts";

/** Eight beats a second apart at 250 Hz; every beat but the last is whole. */
const beatsAt = [150, 400, 650, 900, 1150, 1400, 1650, 1900];
const peaks = Int32Array.from(beatsAt);

describe("tryAssessQuality", () => {
  it("gives the odd beat 0, the nearest 1, the cut one 0, held from peak to peak", () => {
    const lead = gaussianBeats(beatsAt, 2000, 0.01);
    for (let i = 900 - 20; i < 900 + 120; i++) lead[i]! += 0.5; // beat 3 stands apart
    const { quality, failure } = tryAssessQuality(lead, peaks, 250);
    expect(failure).toBeNull();
    const perBeat = beatsAt.map((at) => quality[at]!);
    expect(perBeat[3]).toBe(0);
    expect(perBeat[7]).toBe(0); // its window reaches to 1900 + 162, beyond the end
    expect(Math.max(...perBeat)).toBe(1);
    expect(Math.min(perBeat[0]!, perBeat[1]!, perBeat[2]!, perBeat[4]!, perBeat[5]!)).toBeGreaterThan(0.8);
    expect(quality[0]).toBe(perBeat[0]);
    expect(quality[399]).toBe(perBeat[0]);
    expect(quality[400]).toBe(perBeat[1]);
    expect(quality[1999]).toBe(perBeat[7]);
  });

  it("works out three flat beats at 4 Hz by hand", () => {
    // RR 1 s: a beat is [peak - 1.4, peak + 2.6) = samples peak - 2 to peak + 1 (indices are truncated). The first
    // begins at -1: incomplete, 0. The others lie at 0, 1 and 4, that is 5/3, 2/3 and 7/3 from their mean (the SD
    // cancels): 1 - (5 - 2) / (7 - 2) = 0.4, 1 and 0.
    const lead = Float64Array.of(9, 9, 9, 0, 0, 0, 0, 1, 1, 1, 1, 4, 4, 4, 4, 9);
    const { quality } = tryAssessQuality(lead, Int32Array.of(1, 5, 9, 13), 4);
    expect(quality).toBeAllClose([0, 0, 0, 0, 0, 0.4, 0.4, 0.4, 0.4, 1, 1, 1, 1, 0, 0, 0], { atol: 1e-7 });
  });

  it("does not change with the lead's scale or offset", () => {
    const lead = gaussianBeats(beatsAt, 2000, 0.03);
    const quality = assessQuality(lead, peaks, 250);
    const other = assessQuality(
      lead.map((value) => 7 * value - 3),
      peaks,
      250,
    );
    expect(other).toBeAllClose(quality, { atol: 1e-6 });
  });

  it.each([
    ["no R peak found", gaussianBeats(beatsAt, 2000), [], 250],
    ["R peaks: expected at least 4, found 3", gaussianBeats(beatsAt, 2000), [400, 650, 900], 250],
    ["3.0 s long, expected at least 4 s", gaussianBeats(beatsAt, 750), [150, 300, 450, 600], 250],
    ["complete beats: expected at least 3, found 2", gaussianBeats(beatsAt, 1000), [50, 350, 650, 950], 250],
    ["beats do not differ, so none is nearer to their mean", new Float64Array(2000), beatsAt, 250],
  ])("is NaN throughout and says why: %s", (reason, lead, found, rate) => {
    const { quality, failure } = tryAssessQuality(lead, Int32Array.from(found), rate);
    expect(failure).toBe(reason);
    expect(quality.length).toBe(lead.length);
    expect(quality.every(Number.isNaN)).toBe(true);
  });

  it("takes 4 s and 4 peaks, no less", () => {
    const lead = gaussianBeats([150, 350, 550, 750], 1000, 0.01);
    expect(tryAssessQuality(lead, Int32Array.of(150, 350, 550, 750), 250).failure).toBeNull();
  });
});

describe("interpolateMonotoneCubic", () => {
  it.each(readFixtures("knots"))(
    "$name: as scipy 1.10, constant outside the knots",
    ({ input, expected }) => {
      const out = interpolateMonotoneCubic(Int32Array.from(input[0]!), input[1]!, expected.length);
      expect(out).toBeAllClose(expected, { atol: 1e-13 });
    },
  );

  it("is a straight line through two knots and through three on a line", () => {
    expect(interpolateMonotoneCubic([1, 5], Float64Array.of(2, 4), 7)).toBeAllClose(
      [2, 2, 2.5, 3, 3.5, 4, 4],
      {
        atol: 1e-15,
      },
    );
    expect(interpolateMonotoneCubic([0, 2, 4], Float64Array.of(0, 1, 2), 5)).toBeAllClose(
      [0, 0.5, 1, 1.5, 2],
      {
        atol: 1e-15,
      },
    );
  });

  it("never leaves the range of its knots", () => {
    const values = Float64Array.of(0, 0.1, 5, 5.1, 5.1, 0.2);
    const out = interpolateMonotoneCubic([3, 10, 14, 30, 41, 50], values, 60);
    expect(Math.max(...out)).toBeLessThanOrEqual(5.1);
    expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
  });

  it("refuses a single knot", () => {
    expect(() => interpolateMonotoneCubic([3], Float64Array.of(1), 5)).toThrow("at least 2 knots");
  });
});
