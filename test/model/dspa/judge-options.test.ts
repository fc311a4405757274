import { describe, expect, it } from "vitest";
import { readVerdicts, uniteVerdicts } from "../../../src/model/dspa/judge-options.ts";

const CHOICE = "Which rhythm? A: Sinus rhythm; B: Atrial fibrillation; C: Atrial flutter";
const OPTIONS = ["Sinus rhythm", "Atrial fibrillation", "Atrial flutter"];

describe("readVerdicts", () => {
  it("are log likelihoods from the evidence for the offered statements", () => {
    const read = readVerdicts(CHOICE, OPTIONS, [
      new Map([
        ["scp:AFIB", { evidence: 2 }],
        ["scp:SR", { evidence: -1 }],
      ]),
    ]);
    const logistic = (odds: number): number => Math.log(1 / (1 + Math.exp(-odds)));
    expect(read).toEqual([
      expect.closeTo(logistic(-1), 6),
      expect.closeTo(logistic(2), 6),
      expect.closeTo(Math.log(0.5), 6),
    ]);
  });

  it("say nothing of a recording that shows nothing", () => {
    expect(new Set(readVerdicts(CHOICE, OPTIONS, [undefined])).size).toBe(1);
    expect(new Set(readVerdicts(CHOICE, OPTIONS, [])).size).toBe(1);
  });
});

describe("uniteVerdicts", () => {
  it("lets what is read decide, and what is said where reading leaves two alike", () => {
    expect(uniteVerdicts([3, -3, 0], [-4, -0.1, -4])).toEqual([-3.75, -0.35, -4]);
    const [a, b, c] = uniteVerdicts([-1, 1, 5], [-0.2, -0.2, -3]);
    expect(b! > a! && b! > c!).toBe(true);
  });

  it("goes by what is said alone where nothing is read", () => {
    expect(uniteVerdicts([3, -3, 0], [-0.7, -0.7, -0.7])).toEqual([3, -3, 0]);
  });
});
