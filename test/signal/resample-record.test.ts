import { describe, expect, it } from "vitest";
import { createRng } from "../../src/shared/rng.ts";
import { resampleRecord, resamplingRatio } from "../../src/signal/resample-record.ts";
import { recordOf } from "./read-golden.ts";

describe("resampleRecord", () => {
  const lead = Float64Array.from({ length: 720 }, (_, n) => Math.sin(n / 20));

  it("resamples every lead and keeps everything else, provenance included", () => {
    const record = {
      ...recordOf(["I", "V9"], [lead, lead.map((value) => -value)], 360),
      provenance: {
        format: "wfdb",
        path: "a.hea",
        sha256: "0",
        window: { startSample: 360, endSample: 1080 },
      },
    };
    const out = resampleRecord(record, { toHz: 250 });
    expect(out.samplingRateHz).toBe(250);
    expect(out.signal).toMatchObject({ leadCount: 2, sampleCount: 500 });
    expect(out.provenance).toBe(record.provenance);
    expect(out.leads).toEqual(["I", "V9"]);
    expect(out.signal.data[250]).toBeCloseTo(Math.sin(360 / 20), 3);
    expect(out.signal.data[500 + 250]).toBe(-out.signal.data[250]!);
    expect(record.signal.sampleCount).toBe(720);
  });

  it("leaves a missing lead missing and the others whole", () => {
    const record = recordOf(["I", "II"], [new Float64Array(720).fill(Number.NaN), lead], 360);
    const { signal } = resampleRecord(record, { toHz: 250 });
    expect(signal.data.subarray(0, 500).every(Number.isNaN)).toBe(true);
    expect(signal.data.subarray(500).every(Number.isFinite)).toBe(true);
  });

  it("takes a record without leads", () => {
    const out = resampleRecord(recordOf([], [], 500), { toHz: 250 });
    expect(out.signal).toMatchObject({ leadCount: 0, sampleCount: 0 });
  });

  it("refuses a rate that is none, with its value", () => {
    const record = recordOf(["I"], [lead], 360);
    expect(() => resampleRecord(record, { toHz: 0 })).toThrow("resampleRecord: expected toHz > 0, got 0");
    expect(() => resampleRecord({ ...record, samplingRateHz: Number.NaN }, { toHz: 250 })).toThrow(
      "expected the record's samplingRateHz > 0, got NaN",
    );
  });
});

describe("resamplingRatio", () => {
  it("is the exact fraction of whole rates", () => {
    expect(resamplingRatio(500, 250)).toEqual({ up: 1, down: 2 });
    expect(resamplingRatio(257, 250)).toEqual({ up: 250, down: 257 });
    expect(resamplingRatio(250, 250)).toEqual({ up: 1, down: 1 });
  });

  it("finds the fraction of rates that are not whole", () => {
    expect(resamplingRatio(62.5, 250)).toEqual({ up: 4, down: 1 });
    expect(resamplingRatio(62.475, 250)).toEqual({ up: 10000, down: 2499 });
    expect(resamplingRatio(1000 / 3, 250)).toEqual({ up: 3, down: 4 });
  });

  it("stays within 5e-5 of any ratio and 1e-7 of most, with terms up to 10,000", () => {
    const rng = createRng(11);
    const rates = Array.from({ length: 2000 }, () => 25 * 100 ** rng.next());
    const errors = [250.025, 249.9979, 1250.0001, 499.998, 200.00001, ...rates].map((from) => {
      const { up, down } = resamplingRatio(from, 250);
      expect(Math.max(up, down)).toBeLessThanOrEqual(10_000);
      return Math.abs(up / down / (250 / from) - 1);
    });
    expect(Math.max(...errors)).toBeLessThan(5e-5);
    expect(errors.filter((error) => error < 1e-7).length).toBeGreaterThan(0.75 * errors.length);
  });

  it("refuses rates more than a factor of 10,000 apart", () => {
    expect(() => resamplingRatio(0.01, 250)).toThrow("within a factor of 10000, got 0.01 to 250 Hz");
  });
});
