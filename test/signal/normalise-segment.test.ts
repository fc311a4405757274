import { describe, expect, it } from "vitest";
import { stackLeads } from "../../src/record/lead-matrix.ts";
import { createRng } from "../../src/shared/rng.ts";
import { denormaliseSegment, normaliseSegment, normaliseWith } from "../../src/signal/normalise-segment.ts";

describe("normaliseSegment", () => {
  it("uses the population SD (hand-computed)", () => {
    const { zScored, leadMeanMv, leadSdMv } = normaliseSegment(stackLeads([[2, 4, 4, 4, 5, 5, 7, 9]]));
    expect([...leadMeanMv]).toEqual([5]);
    expect([...leadSdMv]).toEqual([2]);
    expect([...zScored.data]).toEqual([-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]);
  });

  it("makes flat, nearly flat and missing leads 0, and tells them apart", () => {
    const noise = Array.from({ length: 6 }, (_, i) => 3 + (i % 2 === 0 ? 4e-5 : -4e-5));
    const missing = new Float32Array(6).fill(Number.NaN);
    const { zScored, leadMeanMv, leadSdMv } = normaliseSegment(
      stackLeads([new Float32Array(6).fill(3), noise, missing]),
    );
    expect(zScored.data).toEqual(new Float32Array(18));
    expect([...leadMeanMv]).toEqual([3, 3, Number.NaN]);
    expect(leadSdMv[0]).toBe(0);
    expect(leadSdMv[1]).toBeCloseTo(4e-5, 6);
    expect(leadSdMv[2]).toBe(0);
  });

  it("leaves missing samples out of the statistics and puts them on the mean", () => {
    const { zScored, leadMeanMv, leadSdMv } = normaliseSegment(stackLeads([[1, Number.NaN, 3, Number.NaN]]));
    expect([leadMeanMv[0], leadSdMv[0]]).toEqual([2, 1]);
    expect([...zScored.data]).toEqual([-1, 0, 1, 0]);
  });

  it("has mean 0 and SD 1 on any lead, also on a high offset", () => {
    const rng = createRng(4);
    const leads = [0, 20, -45].map((offset) =>
      Float32Array.from({ length: 1000 }, () => offset + 0.3 * rng.normal()),
    );
    const { zScored } = normaliseSegment(stackLeads(leads));
    const again = normaliseSegment(zScored);
    expect(again.leadMeanMv).toBeAllClose([0, 0, 0], { atol: 2e-5 });
    expect(again.leadSdMv).toBeAllClose([1, 1, 1], { atol: 1e-5 });
  });
});

describe("denormaliseSegment", () => {
  it("gives the millivolts back", () => {
    const rng = createRng(9);
    const matrix = stackLeads(
      [0.1, 2].map((sd) => Float32Array.from({ length: 200 }, () => 1 + sd * rng.normal())),
    );
    expect(denormaliseSegment(normaliseSegment(matrix)).data).toBeAllClose(matrix.data, { atol: 2e-6 });
  });

  it("gives a flat lead its level and a missing one NaN", () => {
    const matrix = stackLeads([
      [2, 2],
      [Number.NaN, Number.NaN],
    ]);
    expect([...denormaliseSegment(normaliseSegment(matrix)).data]).toEqual([2, 2, Number.NaN, Number.NaN]);
  });

  it("refuses statistics of another number of leads", () => {
    const segment = normaliseSegment(stackLeads([[1, 2]]));
    expect(() => denormaliseSegment({ ...segment, zScored: stackLeads([[1], [2]]) })).toThrow(
      "denormaliseSegment: expected means and SDs of 2 leads, got 1 and 1",
    );
  });
});

describe("normaliseWith", () => {
  it("z-scores what follows with the statistics of what came before", () => {
    const statistics = { leadMeanMv: Float32Array.of(1, 0), leadSdMv: Float32Array.of(2, 5e-5) };
    const out = normaliseWith(
      stackLeads([
        [1, 5, -3],
        [9, 9, 9],
      ]),
      statistics,
    );
    expect([...out.data]).toEqual([0, 2, -2, 0, 0, 0]);
  });
});
