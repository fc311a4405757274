// Smoothing and slopes against hand-computed numbers.
import { describe, expect, it } from "vitest";
import {
  boxSmooth,
  gaussianSmooth,
  median,
  quantile,
  slopePerSecond,
} from "../../../src/signal/delineate/smooth-samples.ts";

describe("boxSmooth", () => {
  it("averages three samples, and fewer at the ends", () => {
    const out = boxSmooth(Float64Array.of(3, 0, 6, 0, 9), 1);
    expect(out).toBeAllClose([3, 3, 2, 5, 9], { atol: 1e-12 });
  });
  it("shrinks symmetrically at both ends", () => {
    const out = boxSmooth(Float64Array.of(5, 1, 3, 7, 9, 2, 4), 2);
    expect(out).toBeAllClose([5, 3, 5, 22 / 5, 5, 5, 4], { atol: 1e-12 });
  });
  it("keeps a constant and does not touch its input", () => {
    const x = new Float64Array(9).fill(2.5);
    expect(boxSmooth(x, 3)).toBeAllClose(x, { atol: 1e-12 });
    const ramp = Float64Array.of(1, 2, 3);
    boxSmooth(ramp, 5);
    expect([...ramp]).toEqual([1, 2, 3]);
  });
  it("returns what is there for lengths 0 and 1", () => {
    expect([...boxSmooth(new Float64Array(0), 2)]).toEqual([]);
    expect([...boxSmooth(Float64Array.of(4), 2)]).toEqual([4]);
  });
});

describe("gaussianSmooth", () => {
  it("spreads an impulse with the stated standard deviation and keeps its area", () => {
    const x = new Float64Array(41);
    x[20] = 1;
    const out = gaussianSmooth(x, 2);
    let area = 0;
    let variance = 0;
    for (const [i, value] of out.entries()) {
      area += value;
      variance += value * (i - 20) ** 2;
    }
    expect(area).toBeCloseTo(1, 12);
    expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt((5 ** 2 - 1) / 4), 12);
  });
});

describe("slopePerSecond", () => {
  it("gives the slope of a line exactly, ends included", () => {
    const out = slopePerSecond(Float64Array.of(0, 0.5, 1, 1.5), 100);
    expect(out).toBeAllClose([50, 50, 50, 50], { atol: 1e-12 });
  });
  it("is 0 for a single sample", () => {
    expect([...slopePerSecond(Float64Array.of(7), 100)]).toEqual([0]);
  });
});

describe("quantile", () => {
  it("interpolates between ranks as numpy's default does", () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBeCloseTo(1.75, 12);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(median([9, 1, 5])).toBe(5);
  });
  it("is NaN for nothing", () => {
    expect(median([])).toBeNaN();
  });
});
