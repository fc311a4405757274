// The names of QRS deflections on hand-drawn complexes (one number a sample, baseline 0).
import { describe, expect, it } from "vitest";
import { findDeflections, nameDeflections } from "../../../src/signal/measure/name-deflections.ts";

/** Straight lines between values at every fifth sample. */
function draw(...values: readonly number[]): Float64Array {
  const out: number[] = [];
  for (let i = 1; i < values.length; i++) {
    for (let k = 0; k < 5; k++) out.push(values[i - 1]! + ((values[i]! - values[i - 1]!) * k) / 5);
  }
  return Float64Array.from([...out, values.at(-1)!]);
}

function name(...values: readonly number[]) {
  const x = draw(...values);
  const named = nameDeflections(findDeflections(x, { onset: 0, offset: x.length - 1, baseline: 0 }));
  const amplitudes = Object.entries(named).map(([key, found]) => [key, found?.amplitudeMv ?? null]);
  return Object.fromEntries(amplitudes) as Record<"q" | "r" | "s" | "rPrime", number | null>;
}

describe("deflections of QRS", () => {
  it("qRs", () => {
    expect(name(0, -0.1, 1.2, -0.3, 0)).toEqual({ q: -0.1, r: 1.2, s: -0.3, rPrime: null });
  });
  it("rS", () => {
    expect(name(0, 0.2, -1.4, 0)).toEqual({ q: null, r: 0.2, s: -1.4, rPrime: null });
  });
  it("QS is all Q", () => {
    expect(name(0, -0.5, -1.1, -0.4, 0)).toEqual({ q: -1.1, r: null, s: null, rPrime: null });
  });
  it("rSR'", () => {
    expect(name(0, 0.25, -0.4, 0.9, 0)).toEqual({ q: null, r: 0.25, s: -0.4, rPrime: 0.9 });
  });
  it("a deep notch that stays above the baseline parts R and R'", () => {
    expect(name(0, 0.8, 0.3, 1, 0)).toEqual({ q: null, r: 0.8, s: null, rPrime: 1 });
  });
  it("a shallow notch does not", () => {
    expect(name(0, 0.8, 0.75, 1, 0)).toEqual({ q: null, r: 1, s: null, rPrime: null });
  });
  it("a notched R and then S", () => {
    expect(name(0, 0.8, 0.3, 1, -0.5, 0)).toEqual({ q: null, r: 0.8, s: -0.5, rPrime: 1 });
  });
  it("noise below 0.03 mV has no name", () => {
    expect(name(0, -0.02, 0.6, -0.02, 0)).toEqual({ q: null, r: 0.6, s: null, rPrime: null });
  });
  it("a flat complex has none", () => {
    expect(name(0, 0, 0)).toEqual({ q: null, r: null, s: null, rPrime: null });
  });
});
