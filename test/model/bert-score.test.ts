import { describe, expect, it } from "vitest";
import {
  bertScore,
  bestScore,
  type EmbeddedText,
  inverseDocumentWeight,
  uniformWeight,
} from "../../src/model/text-encoder/bert-score.ts";

const CLS = 1;
const SEP = 2;
const special = uniformWeight(new Set([CLS, SEP]));
/** Tokens on the unit circle, at angles in degrees; special tokens point elsewhere. */
const text = (ids: number[], degrees: number[]): EmbeddedText => ({
  ids: [CLS, ...ids, SEP],
  vectors: Float32Array.from(
    [
      [0, 0, 3],
      ...degrees.map((angle) => [
        Math.cos((angle * Math.PI) / 180) * 2,
        Math.sin((angle * Math.PI) / 180) * 2,
        0,
      ]),
      [0, 0, 5],
    ].flat(),
  ),
});

describe("bertScore", () => {
  it("is 1 for a text with itself, and the weighted mean of best cosines otherwise", () => {
    const a = text([5, 6], [0, 90]);
    expect(bertScore(a, a, special)).toEqual({
      precision: expect.closeTo(1, 6),
      recall: expect.closeTo(1, 6),
      f1: expect.closeTo(1, 6),
    });
    // one candidate token at 60 degrees: cos 60 to the first, cos 30 to the second
    const b = text([7], [60]);
    const { precision, recall, f1 } = bertScore(b, a, special);
    const [half, root] = [0.5, Math.sqrt(3) / 2];
    expect(precision).toBeCloseTo(root, 6);
    expect(recall).toBeCloseTo((half + root) / 2, 6);
    expect(f1).toBeCloseTo((2 * root * ((half + root) / 2)) / (root + (half + root) / 2), 6);
  });

  it("is 0 for an empty text", () => {
    const zero = { precision: 0, recall: 0, f1: 0 };
    expect(bertScore(text([], []), text([5], [0]), special)).toEqual(zero);
    expect(bertScore(text([5], [0]), text([], []), special)).toEqual(zero);
    expect(bertScore(text([CLS], [0]), text([5], [0]), special)).toMatchObject({ precision: 0, f1: 0 });
  });

  it("counts rare tokens more", () => {
    const weight = inverseDocumentWeight([
      [CLS, 5, 6, SEP],
      [CLS, 5, 5, SEP],
      [CLS, 7, SEP],
    ]);
    expect([CLS, 5, 6, 99].map(weight)).toBeAllClose([0, Math.log(4 / 3), Math.log(2), Math.log(4)], {
      atol: 1e-12,
    });
  });

  it("takes the best of several references for each number apart", () => {
    const scores = [
      { precision: 0.2, recall: 0.9, f1: 0.3 },
      { precision: 0.5, recall: 0.1, f1: 0.2 },
    ];
    expect(bestScore(scores)).toEqual({ precision: 0.5, recall: 0.9, f1: 0.3 });
  });
});
