import { describe, expect, it } from "vitest";
import { createRng } from "../../src/shared/rng.ts";
import { designResampleTaps } from "../../src/signal/design-resample-taps.ts";
import { resamplePoly } from "../../src/signal/resample-poly.ts";
import { readFixtures } from "./read-fixture.ts";

const fixtures = readFixtures<{ from_hz: number; to_hz: number }>("resample");

describe("resamplePoly", () => {
  it.each(fixtures)("$name: as scipy 1.10, edges and NaN included", ({ input, expected, facts }) => {
    expect(resamplePoly(input[0]!, facts.to_hz, facts.from_hz)).toBeAllClose(expected, { atol: 1e-12 }); // mV
  });

  it("reads the ratios and lengths that the suite meets from the fixtures", () => {
    const ratios = fixtures.map(({ facts }) => `${facts.from_hz}->${facts.to_hz}`);
    for (const from of [500, 1000, 360, 257, 400, 100, 128]) expect(ratios).toContain(`${from}->250`);
  });

  it("halves the rate of 1.5 cycles in 20 samples (values of scipy, facts 3.4)", () => {
    const x = Float64Array.from({ length: 20 }, (_, n) => Math.cos((2 * Math.PI * 3 * n) / 500));
    expect(resamplePoly(x, 250, 500)).toBeAllClose(
      [
        0.7502042353849734, 1.0648458324976486, 0.9535469683390214, 0.9982690907814425, 0.9380498673150988,
        0.9451075608858587, 0.8847809576049096, 0.8826974601986382, 0.7974070248739066, 0.8276039689485784,
      ],
      { atol: 1e-14 },
    );
  });

  it("gives ceil(n up / down) samples for any length, short ones included", () => {
    for (const [n, up, down] of [
      [5000, 1, 2],
      [5001, 1, 2],
      [1, 1, 4],
      [3, 5, 2],
      [0, 1, 2],
      [7, 25, 36],
    ] as const) {
      const out = resamplePoly(new Float64Array(n).fill(0.5), up, down);
      expect(out.length).toBe(Math.ceil((n * up) / down));
      expect(out.every(Number.isFinite)).toBe(true);
    }
  });

  it("copies at equal rates", () => {
    const x = Float64Array.of(1, Number.NaN, 3);
    const out = resamplePoly(x, 250, 250);
    expect(out).toEqual(x);
    expect(out).not.toBe(x);
  });

  it("is linear, and a call does not disturb the next through its buffers", () => {
    const rng = createRng(3);
    const a = Float64Array.from({ length: 300 }, () => rng.normal());
    const b = Float64Array.from({ length: 300 }, () => rng.normal());
    for (const [up, down] of [
      [1, 2],
      [1, 3],
      [25, 36],
      [5, 2],
    ] as const) {
      const before = resamplePoly(a, up, down);
      const sum = resamplePoly(
        a.map((value, i) => 2 * value + b[i]!),
        up,
        down,
      );
      const after = resamplePoly(b.subarray(0, 120), up, down);
      expect(resamplePoly(a, up, down)).toEqual(before);
      expect(resamplePoly(b.subarray(0, 120), up, down)).toEqual(after);
      const separate = before.map((value, j) => 2 * value + resamplePoly(b, up, down)[j]!);
      expect(sum).toBeAllClose(separate, { atol: 1e-12 });
    }
  });

  it("keeps a constant away from the ends and a sine below both Nyquist rates", () => {
    const flat = resamplePoly(new Float64Array(1000).fill(2), 5, 8);
    expect(flat.subarray(20, -20)).toBeAllClose(new Float64Array(flat.length - 40).fill(2), { atol: 1e-2 });
    const sine = Float64Array.from({ length: 4000 }, (_, n) => Math.sin((2 * Math.PI * 8 * n) / 400));
    const out = resamplePoly(sine, 250, 400);
    const truth = out.map((_, j) => Math.sin((2 * Math.PI * 8 * j) / 250));
    expect(out.subarray(50, -50)).toBeAllClose(truth.subarray(50, -50), { atol: 2e-3 });
  });

  it("keeps NaN apart: one missing sample spoils 10 periods of the slower rate on either side, no more", () => {
    const x = new Float64Array(1000).fill(1);
    x[500] = Number.NaN;
    const out = resamplePoly(x, 1, 2);
    const missing = [...out.keys()].filter((j) => Number.isNaN(out[j]));
    expect(missing[0]).toBe(239); // scipy's front padding reaches one output further
    expect(missing.at(-1)).toBe(260);
    expect(missing.length).toBe(22);
  });

  it("refuses factors that are no positive integers, with both values", () => {
    expect(() => resamplePoly(new Float64Array(4), 0.5, 2)).toThrow(
      "resamplePoly: expected integers up, down >= 1, got 0.5/2",
    );
    expect(() => resamplePoly(new Float64Array(4), 1, 0)).toThrow("got 1/0");
  });
});

describe("designResampleTaps", () => {
  it("designs scipy's 41 taps for 1/2 (facts 3.4)", () => {
    const taps = designResampleTaps(1, 2);
    expect(taps.length).toBe(41);
    expect(taps[20]).toBeCloseTo(0.5002587352980301, 14);
    expect(taps[21]).toBeCloseTo(0.31670034568030075, 14);
    expect(taps[22]).toBe(0);
    expect(taps.reduce((sum, tap) => sum + tap, 0)).toBeCloseTo(1, 14);
  });

  it("has 20 max(up, down) + 1 symmetric taps that sum to up", () => {
    for (const [up, down, count] of [
      [25, 36, 721],
      [250, 257, 5141],
      [5, 2, 101],
    ] as const) {
      const taps = designResampleTaps(up, down);
      expect(taps.length).toBe(count);
      expect(taps).toBeAllClose([...taps].reverse(), { atol: 1e-15 });
      expect(taps.reduce((sum, tap) => sum + tap, 0)).toBeCloseTo(up, 10);
    }
  });
});
