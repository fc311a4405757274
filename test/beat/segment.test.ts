import { describe, expect, it } from "vitest";
import { createSegment, fillSegment, toStandardLeads } from "../../src/beat/segment.ts";
import { createLeadMatrix, leadSamples, stackLeads } from "../../src/record/lead-matrix.ts";
import { beatingSignal, TINY_BEAT } from "./tiny-beat.ts";

const { inputSamples, predictionSamples } = TINY_BEAT;

function fill(signal = beatingSignal(400), start = 0) {
  const segment = createSegment(TINY_BEAT);
  fillSegment(segment, signal, start, TINY_BEAT);
  return segment;
}

describe("fillSegment", () => {
  it("z-scores each lead by mean and population SD of the input, the future on the same scale", () => {
    const signal = beatingSignal(400);
    const segment = fill(signal, 50);
    for (const lead of [0, 5, 11]) {
      const own = segment.signal.subarray(lead * inputSamples, (lead + 1) * inputSamples);
      const mean = own.reduce((sum, x) => sum + x, 0) / inputSamples;
      const variance = own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / inputSamples;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(1, 4);
      const back = (z: number): number => z * segment.leadSdMv[lead]! + segment.leadMeanMv[lead]!;
      expect(back(own[17]!)).toBeCloseTo(leadSamples(signal, lead)[50 + 17]!, 5);
      const future = segment.future[lead * predictionSamples + 9]!;
      expect(back(future)).toBeCloseTo(leadSamples(signal, lead)[50 + inputSamples + 9]!, 5);
    }
  });

  it("pads on the left with zeros and takes the moments of what is there", () => {
    const signal = beatingSignal(150);
    const segment = fill(signal, -50);
    expect([...segment.signal.subarray(0, 50)]).toEqual(new Array(50).fill(0));
    const known = leadSamples(signal, 0);
    const mean = known.reduce((sum, x) => sum + x, 0) / 150;
    expect(segment.leadMeanMv[0]).toBeCloseTo(mean, 5);
    expect([...segment.future.subarray(0, predictionSamples)]).toEqual(new Array(predictionSamples).fill(0));
  });

  it("leaves flat and missing leads out, and tells one from the other", () => {
    const signal = beatingSignal(300);
    leadSamples(signal, 3).fill(0.7);
    leadSamples(signal, 4).fill(Number.NaN);
    const segment = fill(signal);
    expect([...segment.leadWeights.subarray(2, 6)]).toEqual([1, 0, 0, 1]);
    expect(segment.leadMeanMv[3]).toBeCloseTo(0.7, 6);
    expect(segment.leadMeanMv[4]).toBeNaN();
    expect([segment.leadSdMv[3], segment.leadSdMv[4]]).toEqual([0, 0]);
    expect(segment.signal.subarray(3 * inputSamples, 5 * inputSamples).every((z) => z === 0)).toBe(true);
  });

  it("puts zeros where single samples are missing", () => {
    const signal = beatingSignal(300);
    leadSamples(signal, 0)[20] = Number.NaN;
    const segment = fill(signal);
    expect(segment.signal[20]).toBe(0);
    expect(segment.signal.some(Number.isNaN)).toBe(false);
  });
});

describe("toStandardLeads", () => {
  it("orders leads by name and leaves the others missing", () => {
    const signal = stackLeads([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
    const standard = toStandardLeads(signal, ["V6", "aVR"]);
    expect(standard.leadCount).toBe(12);
    expect([...leadSamples(standard, 3)]).toEqual([3, 4]);
    expect([...leadSamples(standard, 11)]).toEqual([1, 2]);
    expect(leadSamples(standard, 0).every(Number.isNaN)).toBe(true);
  });

  it("keeps a matrix that is in order", () => {
    const signal = createLeadMatrix(12, 3, 1);
    const names = ["I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6"];
    expect(toStandardLeads(signal, names)).toBe(signal);
  });
});
