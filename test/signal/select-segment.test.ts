import { describe, expect, it } from "vitest";
import { cutWindow, selectSegment } from "../../src/signal/select-segment.ts";
import { gaussianBeats } from "./gaussian-beats.ts";
import { recordOf } from "./read-golden.ts";

const beatsAt = Array.from({ length: 12 }, (_, k) => 180 + 410 * k + 7 * (k % 3));

/** Twelve beats at 500 Hz; those of the first 4 s are disturbed. */
function disturbedStart(seed: number): Float64Array {
  const lead = gaussianBeats(beatsAt, 5000, 0.005, seed);
  for (const [k, at] of beatsAt.slice(0, 5).entries()) {
    for (let i = at; i < at + 60; i++) lead[i]! += 0.2 * (k + 1) * Math.sin(((i - at) * Math.PI) / 60);
  }
  return lead;
}

describe("selectSegment", () => {
  const record = recordOf(["I", "II"], [disturbedStart(1), disturbedStart(2)], 500);

  it("cuts the best 4 s, cleaned and not, and names the samples of the file", () => {
    const { resampled, cleaned, window, whole } = selectSegment(record, { toHz: 250, windowSeconds: 4 });
    expect(window).toMatchObject({ sampleCount: 1000, leadsUsed: 2, chosenBy: "quality" });
    expect(window.startSample).toBeGreaterThan(900); // after the last disturbed beat at 1820 / 2
    expect(resampled.signal).toMatchObject({ leadCount: 2, sampleCount: 1000 });
    expect(resampled.signal.data[0]).toBe(whole.resampled.signal.data[window.startSample]);
    expect(cleaned.signal.data[1999]).toBe(whole.cleaned.signal.data[2500 + window.startSample + 999]);
    const fileWindow = { startSample: 2 * window.startSample, endSample: 2 * window.startSample + 2000 };
    expect(resampled.provenance.window).toEqual(fileWindow);
    expect(cleaned.provenance.window).toEqual(fileWindow);
    expect(record.provenance.window).toBeUndefined();
  });

  it("adds to a window that the record already had", () => {
    const part = {
      ...record,
      provenance: { ...record.provenance, window: { startSample: 1000, endSample: 6000 } },
    };
    const { resampled, window } = selectSegment(part, { toHz: 250, windowSeconds: 2 });
    expect(resampled.provenance.window).toEqual({
      startSample: 1000 + 2 * window.startSample,
      endSample: 1000 + 2 * window.startSample + 1000,
    });
  });

  it("takes the centre of a recording whose leads have no quality, and says so", () => {
    const flat = recordOf(["I"], [new Float64Array(5000)], 500);
    const { window, resampled } = selectSegment(flat, { toHz: 250, windowSeconds: 4 });
    expect(window).toMatchObject({ startSample: 750, chosenBy: "centre", leadsUsed: 0 });
    expect(resampled.provenance.window).toEqual({ startSample: 1500, endSample: 3500 });
  });

  it("takes a recording shorter than the window whole", () => {
    const short = recordOf(["I"], [gaussianBeats([250], 500)], 500);
    const { window, resampled } = selectSegment(short, { toHz: 250, windowSeconds: 4 });
    expect(window).toMatchObject({ startSample: 0, sampleCount: 250, chosenBy: "centre" });
    expect(resampled.signal.sampleCount).toBe(250);
    expect(resampled.provenance.window).toEqual({ startSample: 0, endSample: 500 });
  });

  it("refuses a window without samples", () => {
    expect(() => selectSegment(record, { toHz: 250, windowSeconds: 0 })).toThrow(
      "selectSegment: expected at least 1 sample, got 0 s at 250 Hz",
    );
  });
});

describe("cutWindow", () => {
  it("rounds to samples of the file at uneven rates", () => {
    const record = recordOf(["I"], [new Float64Array(2500)], 250);
    const { provenance } = cutWindow(record, { startSample: 101, sampleCount: 1000 }, 257);
    expect(provenance.window).toEqual({ startSample: 104, endSample: 1132 }); // 103.83, 1131.83
  });
});
