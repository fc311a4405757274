import { describe, expect, it } from "vitest";
import { logSumExp, type SamplingOptions, sampleToken } from "../../src/model/generate/sample-token.ts";
import { createRng } from "../../src/shared/rng.ts";

// probabilities 0.5, 0.25, 0.15, 0.1
const logits = Float32Array.of(0.5, 0.25, 0.15, 0.1).map(Math.log);
const sample = (
  options: SamplingOptions & { seen?: number[]; allowed?: number[] },
  draws = 2000,
): number[] => {
  const rng = createRng("sample");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < draws; i++) counts[sampleToken(logits, { ...options, rng }).id]!++;
  return counts.map((count) => count / draws);
};

describe("sampleToken", () => {
  it("takes the likeliest token at temperature 0, the first of equals", () => {
    const rng = createRng(1);
    expect(sampleToken(logits, { rng })).toEqual({ id: 0, logProbability: expect.closeTo(Math.log(0.5), 6) });
    expect(sampleToken(Float32Array.of(1, 3, 3), { rng }).id).toBe(1);
  });

  it("draws by probability", () => {
    expect(sample({ temperature: 1 })).toBeAllClose([0.5, 0.25, 0.15, 0.1], { atol: 0.04 });
    // squares of the probabilities, divided by their sum 0.345
    expect(sample({ temperature: 0.5 })).toBeAllClose([0.7246, 0.1812, 0.0652, 0.029], { atol: 0.04 });
  });

  it("cuts by top-k and top-p: the token that reaches the share stays", () => {
    expect(sample({ temperature: 1, topK: 2 })).toBeAllClose([2 / 3, 1 / 3, 0, 0], { atol: 0.04 });
    expect(sample({ temperature: 1, topP: 0.7 })).toBeAllClose([2 / 3, 1 / 3, 0, 0], { atol: 0.04 });
    expect(sample({ temperature: 1, topP: 0.8 })).toBeAllClose([5 / 9, 2.5 / 9, 1.5 / 9, 0], { atol: 0.04 });
    expect(sample({ temperature: 1, topP: 0.01 })).toEqual([1, 0, 0, 0]);
  });

  it("penalises what was seen: positive logits are divided, negative multiplied", () => {
    const rng = createRng(1);
    const scores = Float32Array.of(2, 1.5, -1, -1.2);
    expect(sampleToken(scores, { rng, seen: [0, 0], repetitionPenalty: 2 }).id).toBe(1);
    expect(sampleToken(scores, { rng, seen: [2], repetitionPenalty: 2, allowed: [2, 3] }).id).toBe(3);
    expect(scores[0]).toBe(2);
  });

  it("keeps to allowed tokens", () => {
    expect(sample({ temperature: 1, allowed: [1, 3] })).toBeAllClose([0, 2.5 / 3.5, 0, 1 / 3.5], {
      atol: 0.04,
    });
    expect(() => sample({ allowed: [] })).toThrow("expected at least one allowed token, got 0");
  });

  it("refuses logits that are not finite", () => {
    const rng = createRng(1);
    expect(() => sampleToken(Float32Array.of(1, Number.NaN), { rng })).toThrow("expected finite logits");
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 9);
  });
});
