import { describe, expect, it } from "vitest";
import { createRng } from "../../src/shared/rng.ts";
import { cleanLead } from "../../src/signal/clean-lead.ts";
import { detectRPeaks } from "../../src/signal/detect-r-peaks.ts";
import { findMostProminentPeak } from "../../src/signal/find-most-prominent-peak.ts";
import { smoothBoxcar } from "../../src/signal/smooth-boxcar.ts";
import { gaussianBeats } from "./gaussian-beats.ts";

describe("detectRPeaks", () => {
  it("finds each beat of a clean trace at its sample, but none in the first 0.3 s", () => {
    const beatsAt = [40, 240, 450, 640, 860, 1050];
    const peaks = detectRPeaks(gaussianBeats(beatsAt, 1250), 250);
    expect([...peaks]).toEqual(beatsAt.slice(1));
  });

  it("does not depend on the scale of the lead, and shifts with it", () => {
    const beatsAt = [300, 480, 700, 905, 1100];
    const lead = cleanLead(gaussianBeats(beatsAt, 1500, 0.02), 250);
    const peaks = detectRPeaks(lead, 250);
    expect(
      detectRPeaks(
        lead.map((value) => 1000 * value),
        250,
      ),
    ).toEqual(peaks);
    const later = new Float64Array(1700);
    later.set(lead, 200);
    const inBoth = (found: Int32Array): number[] => [...found].filter((peak) => peak > 600);
    expect(inBoth(detectRPeaks(later, 250))).toEqual(inBoth(peaks.map((peak) => peak + 200)));
    expect(inBoth(peaks)).toEqual(expect.arrayContaining([700, 905, 1100]));
  });

  it("keeps more than 0.3 s between peaks in bursty noise", () => {
    const rng = createRng(5);
    const peaks = detectRPeaks(
      Float64Array.from({ length: 5000 }, () => rng.normal() ** 5),
      250,
    );
    expect(peaks.length).toBeGreaterThan(3);
    for (let k = 1; k < peaks.length; k++) expect(peaks[k]! - peaks[k - 1]!).toBeGreaterThan(75);
  });

  it("rounds its windows half to even: 0.75 s at 250 Hz is 188 samples, at 90 Hz 68", () => {
    // 67.5 -> 68 and 187.5 -> 188 both go up; 0.3 s at 215 Hz = 64.5 -> 64: two beats 65 samples apart both count.
    const peaks = detectRPeaks(gaussianBeats([100, 300, 365, 600], 900), 215);
    expect([...peaks]).toEqual([100, 300, 365, 600]);
  });

  it.each([
    ["no sample", new Float64Array(0)],
    ["one sample", Float64Array.of(1)],
    ["two samples", Float64Array.of(1, 2)],
    ["a flat lead", new Float64Array(2500).fill(0.7)],
    ["zeros", new Float64Array(2500)],
    ["a missing lead", new Float64Array(2500).fill(Number.NaN)],
    ["a ramp", Float64Array.from({ length: 2500 }, (_, i) => i / 100)],
  ])("finds none in %s", (_, lead) => {
    expect(detectRPeaks(lead, 250)).toEqual(new Int32Array(0));
  });

  it("refuses a rate that is none", () => {
    expect(() => detectRPeaks(new Float64Array(9), 0)).toThrow(
      "detectRPeaks: expected samplingRateHz > 0, got 0",
    );
  });
});

describe("findMostProminentPeak", () => {
  it("measures prominence inside the stretch only", () => {
    //          0  1  2  3  4  5  6
    const x = [0, 5, 1, 3, 0, 4, 0];
    expect(findMostProminentPeak(Float64Array.from(x), 0, 7)).toBe(1);
    // Without the 5, the 4 (4 above 0) stands out more than the 3 (2 above 1, its own left edge).
    expect(findMostProminentPeak(Float64Array.from(x), 2, 7)).toBe(5);
    expect(findMostProminentPeak(Float64Array.from(x), 2, 5)).toBe(3);
  });

  it("takes the middle of a plateau, rounded down, and the first of equals", () => {
    expect(findMostProminentPeak(Float64Array.of(0, 2, 2, 2, 2, 0), 0, 6)).toBe(2);
    expect(findMostProminentPeak(Float64Array.of(0, 1, 0, 1, 0), 0, 5)).toBe(1);
  });

  it("is -1 where nothing rises and falls again", () => {
    expect(findMostProminentPeak(Float64Array.of(1, 2, 3, 3), 0, 4)).toBe(-1);
    expect(findMostProminentPeak(Float64Array.of(1), 0, 1)).toBe(-1);
    expect(findMostProminentPeak(Float64Array.of(1, 2, 1), 1, 1)).toBe(-1);
  });
});

describe("smoothBoxcar", () => {
  it("holds the ends and reaches one further back with an even window", () => {
    const x = Float64Array.of(0, 0, 6, 0, 3);
    expect(smoothBoxcar(x, 3)).toBeAllClose([0, 2, 2, 3, 2], { atol: 1e-15 });
    expect(smoothBoxcar(x, 2)).toBeAllClose([0, 0, 3, 3, 1.5], { atol: 1e-15 });
  });

  it("is a mean of clamped samples for every window, also wider than the signal", () => {
    const rng = createRng(8);
    const x = Float64Array.from({ length: 23 }, () => rng.normal());
    for (const size of [1, 2, 5, 8, 22, 23, 24, 45, 46, 47, 100]) {
      const expected = x.map((_, i) => {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += x[Math.min(22, Math.max(0, i - Math.floor(size / 2) + k))]!;
        return sum / size;
      });
      expect(smoothBoxcar(x, size)).toBeAllClose(expected, { atol: 1e-13 });
    }
    expect(smoothBoxcar(new Float64Array(0), 5)).toEqual(new Float64Array(0));
  });
});
