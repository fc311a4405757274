import { describe, expect, it } from "vitest";
import { averageZeroPhase } from "../../src/signal/average-zero-phase.ts";
import { butterworthHighpass } from "../../src/signal/butterworth-highpass.ts";
import { cleanLead } from "../../src/signal/clean-lead.ts";
import { fillMissing } from "../../src/signal/fill-missing.ts";
import { filterSectionsZeroPhase } from "../../src/signal/filter-sections-zero-phase.ts";
import { readFixtures } from "./read-fixture.ts";

type CleanFacts = { rate_hz: number; mains_hz: 50 | 60; sos: number[][] };
const fixtures = readFixtures<CleanFacts>("clean");

/** x[n] = sin(2 pi 1.2 t) + 0.3 sin(2 pi 50 t) + 0.5 t, t = n / 250: the test vector of facts 3.1. */
const testVector = Float64Array.from({ length: 2500 }, (_, n) => {
  const t = n / 250;
  return Math.sin(2 * Math.PI * 1.2 * t) + 0.3 * Math.sin(2 * Math.PI * 50 * t) + 0.5 * t;
});

describe("cleanLead", () => {
  it.each(fixtures)("$name: as scipy 1.10, both stages, edges included", ({ input, expected, facts }) => {
    const options = { order: 5, cutoffHz: 0.5, samplingRateHz: facts.rate_hz };
    const level = filterSectionsZeroPhase(butterworthHighpass(options), input[0]!);
    expect(level).toBeAllClose(expected.subarray(0, level.length), { atol: 1e-9 }); // mV
    const cleaned = cleanLead(input[0]!, facts.rate_hz, { mainsHz: facts.mains_hz });
    expect(cleaned).toBeAllClose(expected.subarray(level.length), { atol: 1e-9 }); // mV
  });

  it("gives NeuroKit2's values on its test vector (facts 3.1)", () => {
    const cleaned = cleanLead(testVector, 250);
    expect(cleaned.subarray(0, 5)).toBeAllClose(
      [
        -0.01493218291387703, 0.014637629318601771, 0.04418082300395972, 0.07367065643714488,
        0.1030802893661368,
      ],
      { atol: 1e-9 },
    );
    expect(cleaned.subarray(1250, 1253)).toBeAllClose(
      [-0.004171457852163295, 0.025934627315760524, 0.056014017432189915],
      { atol: 1e-9 },
    );
    const sum = cleaned.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(23.48506383033041, 6);
    const mean = sum / cleaned.length;
    const variance = cleaned.reduce((total, value) => total + (value - mean) ** 2, 0) / cleaned.length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.6987019357158242, 8);
  });

  it("takes 50 Hz away and leaves 1.2 Hz where it is", () => {
    // Far from the ends, whose transients take seconds to die away below 0.5 Hz.
    const hum = Float64Array.from({ length: 10_000 }, (_, n) => Math.sin((2 * Math.PI * 50 * n) / 250));
    expect(cleanLead(hum, 250).subarray(4900, 5100)).toBeAllClose(new Float64Array(200), { atol: 1e-6 });
    const slow = Float64Array.from({ length: 5000 }, (_, n) => Math.sin((2 * Math.PI * 1.2 * n) / 250));
    const cleaned = cleanLead(slow, 250);
    expect(cleaned.subarray(2000, 3000)).toBeAllClose(slow.subarray(2000, 3000), { atol: 5e-3 });
  });

  it("has the defaults of the reference below 100 Hz and at 60 Hz mains", () => {
    expect(cleanLead(testVector, 250, { mainsHz: 60 })).not.toEqual(cleanLead(testVector, 250));
    expect(cleanLead(testVector, 250, { mainsHz: 50 })).toEqual(cleanLead(testVector, 250));
  });

  it("gives 0 for a flat lead, whatever its level", () => {
    expect(cleanLead(new Float64Array(500), 250)).toEqual(new Float64Array(500));
    expect(cleanLead(new Float64Array(500).fill(-3), 250)).toBeAllClose(new Float64Array(500), {
      atol: 1e-9,
    });
  });

  it("fills gaps and says NaN throughout for a lead without samples", () => {
    const gappy = testVector.slice();
    gappy.fill(Number.NaN, 700, 720);
    gappy.fill(Number.NaN, 0, 4);
    const held = testVector.slice();
    held.fill(testVector[699]!, 700, 720);
    held.fill(testVector[4]!, 0, 4);
    expect(cleanLead(gappy, 250)).toEqual(cleanLead(held, 250));
    expect(cleanLead(new Float64Array(100).fill(Number.NaN), 250).every(Number.isNaN)).toBe(true);
  });

  it("cleans signals of 0, 1, 2 and 10 samples without complaint", () => {
    for (const length of [0, 1, 2, 10, 18]) {
      const cleaned = cleanLead(testVector.slice(0, length), 250);
      expect(cleaned.length).toBe(length);
      expect(cleaned.every(Number.isFinite)).toBe(true);
    }
  });

  it("refuses a rate at which 0.5 Hz cannot be told, with both values", () => {
    expect(() => cleanLead(testVector, 1)).toThrow(
      "expected 0 < cutoffHz < samplingRateHz / 2, got 0.5 at 1 Hz",
    );
    expect(() => cleanLead(testVector, Number.NaN)).toThrow("got 0.5 at NaN Hz");
  });
});

describe("butterworthHighpass", () => {
  it.each(fixtures)("$name: scipy's sections, in its order", ({ facts }) => {
    const sections = butterworthHighpass({ order: 5, cutoffHz: 0.5, samplingRateHz: facts.rate_hz });
    const rows = sections.map(({ b0, b1, b2, a1, a2 }) => [b0, b1, b2, 1, a1, a2]);
    expect(rows.flat()).toBeAllClose(facts.sos.flat(), { atol: 1e-11 });
  });

  it("of order 1 is the bilinear RC high-pass", () => {
    // tan(pi / 4) = 1: the pole is at 0 and y = (x[n] - x[n-1]) / 2.
    const [section, ...rest] = butterworthHighpass({ order: 1, cutoffHz: 1, samplingRateHz: 4 });
    expect(rest).toEqual([]);
    expect(Object.values(section!)).toBeAllClose([0.5, -0.5, 0, 0, 0], { atol: 1e-15 });
  });

  it("has gain 1 at the Nyquist rate, 1/sqrt 2 at the cut-off and 0 at 0 Hz, at every order", () => {
    for (const order of [1, 2, 3, 4, 5, 8]) {
      const sections = butterworthHighpass({ order, cutoffHz: 20, samplingRateHz: 250 });
      expect(sections.length).toBe(Math.ceil(order / 2));
      expect(gainAt(sections, 125 / 250)).toBeCloseTo(1, 10);
      expect(gainAt(sections, 20 / 250)).toBeCloseTo(Math.SQRT1_2, 8);
      expect(gainAt(sections, 0)).toBe(0);
    }
  });

  it("refuses an order of 0 and a cut-off at the Nyquist rate", () => {
    expect(() => butterworthHighpass({ order: 0, cutoffHz: 1, samplingRateHz: 9 })).toThrow(
      "order >= 1, got 0",
    );
    expect(() => butterworthHighpass({ order: 2, cutoffHz: 5, samplingRateHz: 10 })).toThrow(
      "got 5 at 10 Hz",
    );
  });
});

/** Magnitude of a cascade at a frequency in cycles a sample. */
function gainAt(sections: ReturnType<typeof butterworthHighpass>, cyclesPerSample: number): number {
  const at = (c0: number, c1: number, c2: number): number => {
    const w = 2 * Math.PI * cyclesPerSample;
    return Math.hypot(c0 + c1 * Math.cos(w) + c2 * Math.cos(2 * w), c1 * Math.sin(w) + c2 * Math.sin(2 * w));
  };
  return sections.reduce((gain, { b0, b1, b2, a1, a2 }) => (gain * at(b0, b1, b2)) / at(1, a1, a2), 1);
}

describe("averageZeroPhase", () => {
  it("spreads an impulse over a triangle", () => {
    const impulse = new Float64Array(21);
    impulse[10] = 9;
    const out = averageZeroPhase(impulse, 3);
    expect(out.subarray(7, 14)).toBeAllClose([0, 1, 2, 3, 2, 1, 0], { atol: 1e-14 });
  });

  it("is the identity for one tap", () => {
    expect(averageZeroPhase(Float64Array.of(3, 1, 2, 5), 1)).toBeAllClose([3, 1, 2, 5], { atol: 1e-14 });
  });
});

describe("filterSectionsZeroPhase", () => {
  it("runs cascades of any number of sections: two in one call as two calls with one each", () => {
    const sections = butterworthHighpass({ order: 8, cutoffHz: 5, samplingRateHz: 250 });
    const x = testVector.subarray(0, 400);
    const together = filterSectionsZeroPhase(sections, x);
    expect(together.length).toBe(400);
    // In the middle, where the different edge extensions have died away.
    const first = filterSectionsZeroPhase(sections.slice(0, 2), testVector.subarray(0, 1000));
    const apart = filterSectionsZeroPhase(sections.slice(2), first);
    const whole = filterSectionsZeroPhase(sections, testVector.subarray(0, 1000));
    expect(whole.subarray(450, 550)).toBeAllClose(apart.subarray(450, 550), { atol: 1e-4 });
  });
});

describe("fillMissing", () => {
  it("repeats the last value, and the first one backwards", () => {
    const x = Float64Array.of(Number.NaN, Number.NaN, 2, Number.NaN, 4, Number.POSITIVE_INFINITY);
    expect(fillMissing(x)).toEqual(Float64Array.of(2, 2, 2, 2, 4, 4));
    expect(Number.isNaN(x[0])).toBe(true);
  });

  it("is null where there is nothing to repeat", () => {
    expect(fillMissing(Float64Array.of(Number.NaN))).toBeNull();
    expect(fillMissing(new Float64Array(0))).toBeNull();
  });
});
