import { describe, expect, it } from "vitest";
import { measureTextLeak, rightOption, trainTextChoice } from "../../src/dataset/train-text-choice.ts";
import { choiceItem, openItem } from "../bench/bench-items.ts";
import { leakingItems } from "../bench/planted-leak.ts";

describe("the right option of an item", () => {
  it("is found by letter and text together", () => {
    expect(rightOption(choiceItem("q", 2))).toBe(2);
    expect(rightOption({ ...choiceItem("q", 2), answer: "B: Atrial flutter" })).toBe(-1);
    expect(rightOption(openItem("o", "sinus rhythm"))).toBe(-1);
  });
});

describe("what the text alone tells", () => {
  it("is everything where one option is always right", () => {
    const train = Array.from({ length: 60 }, (_, i) =>
      choiceItem(`q${i}`, i % 4, { options: rotate(i % 4) }),
    );
    const leak = measureTextLeak(trainTextChoice(train, 1), train.slice(0, 8));
    expect(leak).toEqual({ items: 8, accuracy: 1, chance: 0.25 });
  });

  it("is counted over questions with options only, with chance by their number", () => {
    const items = [
      choiceItem("q0", 0),
      choiceItem("q1", 0, { options: ["Yes", "No"] }),
      openItem("o", "sinus rhythm"),
    ];
    expect(measureTextLeak(trainTextChoice([], 1), items)).toEqual({ items: 2, accuracy: 1, chance: 0.375 });
    expect(measureTextLeak(trainTextChoice([], 1), [])).toEqual({ items: 0, accuracy: 0, chance: 0 });
  });

  it("reaches most of a small leak: 36 of a possible 40 per cent", () => {
    const trained = trainTextChoice(leakingItems(3000, { seed: 21, leak: 0.2 }), 1);
    const { accuracy } = measureTextLeak(trained, leakingItems(2000, { seed: 22, leak: 0.2 }));
    expect(accuracy).toBeGreaterThan(0.33);
    expect(accuracy).toBeLessThan(0.42);
  });
});

/** "Sinus rhythm" at a place. */
function rotate(place: number): string[] {
  const others = ["Atrial fibrillation", "Atrial flutter", "Sinus tachycardia"];
  return [...others.slice(0, place), "Sinus rhythm", ...others.slice(place)];
}
