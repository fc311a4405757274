import { describe, expect, it } from "vitest";
import { stackLeads } from "../../src/record/lead-matrix.ts";
import { cleanLead } from "../../src/signal/clean-lead.ts";
import { cleanRecord } from "../../src/signal/clean-record.ts";
import { resamplePoly } from "../../src/signal/resample-poly.ts";
import { selectBestWindow } from "../../src/signal/select-window.ts";
import { gaussianBeats } from "./gaussian-beats.ts";
import { readFixtures } from "./read-fixture.ts";
import { recordOf } from "./read-golden.ts";

type PipelineFacts = {
  from_hz: number;
  to_hz: number;
  r_peaks: number[][];
  window_samples: number;
  best_window_start: number;
  best_window_mean: number;
};

const beatsAt = Array.from({ length: 12 }, (_, k) => 180 + 410 * k + 7 * (k % 3));

describe("cleanRecord", () => {
  it.each(readFixtures<PipelineFacts>("pipeline"))(
    "$name: every step as in scipy calls",
    ({ input, expected, facts }) => {
      const record = recordOf(["I", "II", "III"], input, facts.from_hz);
      const result = cleanRecord(record, { toHz: facts.to_hz });
      const third = expected.length / 3;
      expect(result.resampled.signal.data).toBeAllClose(expected.subarray(0, third), { atol: 1e-6 }); // mV
      expect(result.cleaned.signal.data).toBeAllClose(expected.subarray(third, 2 * third), { atol: 1e-6 }); // mV
      expect(result.quality.data).toBeAllClose(expected.subarray(2 * third), { atol: 1e-5 });
      expect(result.peaks.map((peaks) => [...peaks])).toEqual(facts.r_peaks);
      expect(result.failures).toEqual([]);
      const window = selectBestWindow(result.quality, facts.window_samples);
      expect(window.startSample).toBe(facts.best_window_start);
      expect(window.meanQuality).toBeCloseTo(facts.best_window_mean, 6);
    },
  );

  it("says of each lead without a quality why, and still does the others", () => {
    const leads = {
      good: gaussianBeats(beatsAt, 5000, 0.01),
      flat: new Float64Array(5000).fill(0.2),
      zero: new Float64Array(5000),
      missing: new Float64Array(5000).fill(Number.NaN),
      twoBeats: gaussianBeats([1500, 3500], 5000),
      holed: gaussianBeats(beatsAt, 5000, 0.01).fill(Number.NaN, 2000, 2100),
    };
    const result = cleanRecord(recordOf(Object.keys(leads), Object.values(leads), 500), { toHz: 250 });
    expect(result.failures).toEqual([
      { leadIndex: 1, lead: "flat", reason: "no R peak found (the lead is flat)" },
      { leadIndex: 2, lead: "zero", reason: "no R peak found (the lead is flat)" },
      { leadIndex: 3, lead: "missing", reason: "no R peak found (no sample is present)" },
      { leadIndex: 4, lead: "twoBeats", reason: "R peaks: expected at least 4, found 2" },
    ]);
    const row = (data: Float32Array, lead: number): Float32Array =>
      data.subarray(lead * 2500, (lead + 1) * 2500);
    for (const lead of [1, 2, 3, 4]) expect(row(result.quality.data, lead).every(Number.isNaN)).toBe(true);
    for (const lead of [0, 5]) expect(row(result.quality.data, lead).every(Number.isFinite)).toBe(true);
    // What is missing stays missing in the resampled signal (and 10 samples around), and is filled in the cleaned.
    const missing = [...row(result.resampled.signal.data, 5).keys()].filter((t) =>
      Number.isNaN(row(result.resampled.signal.data, 5)[t]),
    );
    expect([missing[0], missing.at(-1)]).toEqual([989, 1059]);
    expect(row(result.cleaned.signal.data, 5).every(Number.isFinite)).toBe(true);
    expect(row(result.cleaned.signal.data, 3).every(Number.isNaN)).toBe(true);
    expect(result.peaks.map((peaks) => peaks.length > 0)).toEqual([true, false, false, false, true, true]);
  });

  it.each([
    ["1 s", 500],
    ["a few samples", 5],
    ["1 sample", 1],
    ["no samples", 0],
  ])("takes a recording of %s", (_, sampleCount) => {
    const lead = gaussianBeats([250], 500).subarray(0, sampleCount);
    const result = cleanRecord(recordOf(["I"], [lead], 500), { toHz: 250 });
    expect(result.cleaned.signal.sampleCount).toBe(Math.ceil(sampleCount / 2));
    expect(result.quality.data.every(Number.isNaN)).toBe(true);
    expect(result.failures.length).toBe(1);
    expect(result.failures[0]!.reason).toMatch(/^no R peak found|expected at least/);
  });

  it("takes one lead, no lead, and a rate that is already there", () => {
    const lead = gaussianBeats(beatsAt, 5000, 0.01);
    const one = cleanRecord(recordOf(["MLII"], [lead], 500), { toHz: 500 });
    expect(one.failures).toEqual([]);
    expect(one.resampled.signal.data).toEqual(stackLeads([lead]).data);
    expect(one.cleaned.samplingRateHz).toBe(500);
    const none = cleanRecord(recordOf([], [], 500), { toHz: 250 });
    expect(none).toMatchObject({ peaks: [], failures: [], quality: { leadCount: 0, sampleCount: 0 } });
  });

  it("stays within 1e-5 mV of float64 all through, on an offset of 50 mV", () => {
    const lead = gaussianBeats(beatsAt, 5000, 0.01).map((value) => value + 50);
    const { resampled, cleaned } = cleanRecord(recordOf(["I"], [lead], 500), { toHz: 250 });
    const inFloat64 = resamplePoly(lead, 1, 2);
    expect(resampled.signal.data).toBeAllClose(inFloat64, { atol: 1e-5 });
    expect(cleaned.signal.data).toBeAllClose(cleanLead(inFloat64, 250), { atol: 1e-5 });
  });

  it("does not change the record and keeps its identity", () => {
    const record = recordOf(["I"], [gaussianBeats(beatsAt, 5000, 0.01)], 500);
    const before = record.signal.data.slice();
    const result = cleanRecord(record, { toHz: 250, mainsHz: 60 });
    expect(record.signal.data).toEqual(before);
    expect(result.cleaned.identity).toBe(record.identity);
    expect(result.cleaned.provenance).toBe(record.provenance);
  });

  it("refuses a rate that is none, with its value", () => {
    const record = recordOf(["I"], [[0]], 500);
    expect(() => cleanRecord(record, { toHz: -1 })).toThrow("expected toHz > 0, got -1");
  });
});
