import { describe, expect, it } from "vitest";
import { stackLeads } from "../../src/record/lead-matrix.ts";
import { selectBestWindow } from "../../src/signal/select-window.ts";

describe("selectBestWindow", () => {
  it("averages over leads before it chooses (hand-computed)", () => {
    // means 0.5 0.5 0.9 0.5 0.4: the best pair is samples 1-2 (0.7), as good as 2-3; the first wins.
    const quality = stackLeads([
      [1, 0, 1, 0, 0.8],
      [0, 1, 0.8, 1, 0],
    ]);
    const window = selectBestWindow(quality, 2);
    expect(window).toMatchObject({ startSample: 1, sampleCount: 2, leadsUsed: 2, chosenBy: "quality" });
    expect(window.meanQuality).toBeCloseTo(0.7, 6);
  });

  it("leaves a lead with NaN out, wherever it has it", () => {
    const quality = stackLeads([
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
      [1, 1, 0, Number.NaN],
      [0, 0, 0.25, 0.75],
    ]);
    expect(selectBestWindow(quality, 2)).toEqual({
      startSample: 2,
      sampleCount: 2,
      meanQuality: 0.5,
      leadsUsed: 1,
      chosenBy: "quality",
    });
  });

  it("takes the centre and says so when no lead has a quality", () => {
    const quality = stackLeads([new Float32Array(9).fill(Number.NaN)]);
    expect(selectBestWindow(quality, 4)).toEqual({
      startSample: 2,
      sampleCount: 4,
      meanQuality: Number.NaN,
      leadsUsed: 0,
      chosenBy: "centre",
    });
  });

  it("takes a short recording whole and an empty one empty", () => {
    const short = selectBestWindow(stackLeads([[0.5, 1]]), 1000);
    expect(short).toMatchObject({ startSample: 0, sampleCount: 2, meanQuality: 0.75, chosenBy: "quality" });
    const empty = { startSample: 0, sampleCount: 0, leadsUsed: 0, chosenBy: "centre" };
    expect(selectBestWindow(stackLeads([]), 1000)).toMatchObject(empty);
  });

  it("does not let rounding choose: a constant quality gives the first window", () => {
    const quality = stackLeads([new Float32Array(2500).fill(0.1), new Float32Array(2500).fill(0.7)]);
    expect(selectBestWindow(quality, 1000).startSample).toBe(0);
  });

  it("agrees with a search that adds every window up", () => {
    const quality = stackLeads(
      [0, 1, 2].map((lead) => Array.from({ length: 300 }, (_, t) => ((t + lead) * 37) % 101)),
    );
    const mean = (start: number): number => {
      let sum = 0;
      for (let t = start; t < start + 40; t++)
        for (const lead of [0, 1, 2]) sum += quality.data[lead * 300 + t]!;
      return sum / 120;
    };
    const means = Array.from({ length: 261 }, (_, start) => mean(start));
    const window = selectBestWindow(quality, 40);
    expect(window.meanQuality).toBeCloseTo(Math.max(...means), 9);
    expect(window.startSample).toBe(means.findIndex((value) => value > Math.max(...means) - 1e-9));
  });

  it("refuses a window of no samples", () => {
    expect(() => selectBestWindow(stackLeads([[1]]), 0)).toThrow("an integer windowSamples >= 1, got 0");
    expect(() => selectBestWindow(stackLeads([[1]]), 2.5)).toThrow("got 2.5");
  });
});
