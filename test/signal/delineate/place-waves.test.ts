// The weighted median of the leads, the shape of the fitted weights, and the matching that the figures rest on.
import { describe, expect, it } from "vitest";
import { meanAndSd, medianOf, WaveTally } from "../../../scripts/delineation/match-waves.ts";
import {
  BOUNDARY_KINDS,
  BOUNDARY_SETTINGS,
  boundaryFeatures,
  FEATURE_COUNT,
  viewSlope,
} from "../../../src/signal/delineate/boundary-features.ts";
import { BOUNDARY_WEIGHTS } from "../../../src/signal/delineate/boundary-weights.ts";
import { placeBoundary } from "../../../src/signal/delineate/place-boundary.ts";
import { weightedMedian } from "../../../src/signal/delineate/place-waves.ts";

describe("weightedMedian", () => {
  it("is the plain median for equal weights", () => {
    expect(weightedMedian([5, 1, 3], [1, 1, 1])).toBeCloseTo(3, 12);
    expect(weightedMedian([1, 2, 3, 4], [1, 1, 1, 1])).toBeCloseTo(2.5, 12);
  });
  it("follows the weight", () => {
    expect(weightedMedian([1, 2, 10], [1, 1, 8])).toBeGreaterThan(8);
    expect(weightedMedian([7], [0.1])).toBe(7);
  });
});

describe("boundary scorers", () => {
  it("have ten units of 29 features and a bias for each kind, all finite", () => {
    for (const kind of BOUNDARY_KINDS) {
      const { hidden, output } = BOUNDARY_WEIGHTS[kind];
      expect([hidden.length, output.length]).toEqual([10 * (FEATURE_COUNT + 1), 10]);
      expect([...hidden, ...output].every(Number.isFinite)).toBe(true);
      const { bin, step } = BOUNDARY_SETTINGS[kind];
      expect(bin % step).toBe(0);
    }
  });
  it("see a step of the slope in the right bins: quiet outside, steep inside", () => {
    const slope = new Float64Array(400);
    slope.fill(30, 200, 230);
    const view = viewSlope(slope);
    const context = { anchor: 200, peak: 215, limit: 100 };
    const features = boundaryFeatures("qrsOnset", view, view, context);
    const middle = features.subarray(28 * FEATURE_COUNT, 29 * FEATURE_COUNT);
    expect([...middle.subarray(0, 4)].every((value) => value < -1.5)).toBe(true);
    expect([...middle.subarray(4, 8)].every((value) => Math.abs(value - 1) < 0.01)).toBe(true);
    expect(middle[24]).toBe(0);
    expect(middle[26]).toBeCloseTo(0.3, 12); // 30 ms to the peak, in units of 100 ms
  });
  it("places the onset of a sudden slope within 12 ms and knows that nothing is nothing", () => {
    const slope = new Float64Array(400);
    slope.fill(30, 200, 220);
    slope.fill(-40, 220, 240);
    const view = viewSlope(slope);
    const placed = placeBoundary("qrsOnset", view, view, { anchor: 206, peak: 220, limit: 100 });
    expect(Math.abs(placed.position - 200)).toBeLessThan(6);
    const silent = viewSlope(new Float64Array(400));
    const unsure = placeBoundary("qrsOnset", silent, silent, { anchor: 206, peak: 220, limit: 100 });
    expect(Number.isFinite(unsure.position)).toBe(true);
    expect(unsure.spread).toBeGreaterThan(placed.spread);
  });
});

describe("WaveTally", () => {
  it("matches one to one within 150 ms and counts the rest", () => {
    const tally = new WaveTally();
    const truths = [100, 300, 500].map((peakSample) => ({
      wave: "QRS" as const,
      peakSample,
      onsetSample: peakSample - 10,
    }));
    const found = [104, 290, 420, 900].map((peak) => ({ onset: peak - 12, peak, offset: peak + 10 }));
    tally.add(truths, found, { samplingRateHz: 500, span: [90, 510] });
    expect([tally.found, tally.missed, tally.extra]).toEqual([2, 1, 1]);
    expect(tally.errorsMs.peak).toEqual([8, -20]);
    expect(tally.errorsMs.onset).toEqual([4, -24]);
    expect(tally.errorsMs.offset).toEqual([]);
    expect(tally.sensitivity).toBeCloseTo(2 / 3, 12);
    expect(tally.predictivity).toBeCloseTo(2 / 3, 12);
  });
  it("has the mean, standard deviation and median of its errors", () => {
    expect(meanAndSd([1, 2, 3, 4])).toEqual({ mean: 2.5, sd: Math.sqrt(5 / 3) });
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  });
});
