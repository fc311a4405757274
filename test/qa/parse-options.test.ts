// Options in both styles, and answers read back.
import { describe, expect, it } from "vitest";
import { parseAnswerPlace, parseOptions } from "../../src/qa/parse-options.ts";
import { optionAnswer, placeRight, withOptions } from "../../src/qa/write-options.ts";

describe("parseOptions", () => {
  it.each([
    "Which? A: Atrial fibrillation; B: AV block; C: Normal ECG; D: Long QTc-interval",
    "Which? A. Atrial fibrillation; B. AV block; C. Normal ECG; D. Long QTc-interval.",
    "Which?\nA) Atrial fibrillation\nB) AV block\nC) Normal ECG\nD) Long QTc-interval",
    "Which? (A) Atrial fibrillation, (B) AV block, (C) Normal ECG, (D) Long QTc-interval",
  ])("reads %s", (text) => {
    expect(parseOptions(text)).toEqual({
      question: "Which?",
      options: ["Atrial fibrillation", "AV block", "Normal ECG", "Long QTc-interval"],
    });
  });

  it("is not misled by letters in the question", () => {
    const text = "In lead A. V1, see: is it B. or so? A: P waves; B: QRS: wide; C: none; D: all";
    expect(parseOptions(text)?.options).toEqual(["P waves", "QRS: wide", "none", "all"]);
    expect(parseOptions("Does lead aVL show a QS complex?")).toBeUndefined();
    expect(parseOptions("")).toBeUndefined();
  });

  it("reads back what withOptions writes", () => {
    const options = ["Low QRS voltage; limb leads", "ST-T changes", "premature complex(es)"];
    expect(parseOptions(withOptions("What is it?", options))).toEqual({ question: "What is it?", options });
  });
});

describe("parseAnswerPlace", () => {
  const options = ["Sinus rhythm", "Atrial flutter", "A-V dissociation"];

  it.each([
    ["B: Atrial flutter", 1],
    ["B. atrial flutter.", 1],
    ["(B)", 1],
    ["b", undefined],
    ["B", 1],
    ["Atrial flutter", 1],
    ["A-V dissociation", 2],
    ["A: Atrial flutter", undefined],
    ["D", undefined],
    ["no idea", undefined],
    ["", undefined],
  ])("%j is %s", (answer, place) => {
    expect(parseAnswerPlace(answer, options)).toBe(place);
  });
});

describe("writing options", () => {
  it("puts the right one at its place", () => {
    expect(placeRight("r", ["x", "y", "z"], 2)).toEqual(["x", "y", "r", "z"]);
    expect(optionAnswer(["x", "r"], 1)).toBe("B: r");
    expect(() => placeRight("r", ["x"], 3)).toThrowError(/0 to 1, got 3/);
    expect(() => optionAnswer(["x"], 1)).toThrowError(/below 1, got 1/);
  });
});
