// What the checks catch.
import { describe, expect, it } from "vitest";
import { buildRecordItems } from "../../src/qa/build-items.ts";
import { assertSoundItem, checkItem, optionKey } from "../../src/qa/check-item.ts";
import type { QaItem } from "../../src/qa/qa-item.ts";
import { NO_WAVEFORM } from "../../src/qa/record-facts.ts";
import { withOptions } from "../../src/qa/write-options.ts";
import { EcgError } from "../../src/shared/errors.ts";
import { qaRecord, statement } from "./label-world.ts";

const record = qaRecord("a", [statement("scp:IMI", 80), statement("scp:PVC")]);
const item = buildRecordItems(record, { seed: 2, tasks: ["closed-qa"] }).find(
  (candidate) => candidate.dimension === "diagnosis",
) as QaItem;
const withTexts = (options: string[], answer: string): QaItem => ({
  ...item,
  options,
  instruction: withOptions("Which?", options),
  answer,
});

describe("checkItem", () => {
  it("passes what is built", () => {
    expect(item.answer).toContain("Inferior myocardial infarction");
    expect(checkItem(item, record)).toEqual([]);
  });

  it("finds repeated options, a wrong answer and options that the instruction does not carry", () => {
    const four = [
      "Inferior myocardial infarction",
      "Left ventricular hypertrophy",
      "Septal hypertrophy",
      "AV block",
    ];
    expect(checkItem(withTexts(["x", "X", "y", "z"], "C: y"))).toContain("options repeat");
    expect(checkItem(withTexts(four, "A: something else"))).toEqual(["0 options are the answer"]);
    expect(checkItem({ ...withTexts(four, `A: ${four[0]}`), instruction: "Which?" })).toEqual([
      "the instruction does not read back as its options",
    ]);
  });

  it("finds a wrong option that may be right or was never looked for", () => {
    const right = "A: Inferior myocardial infarction";
    const related = withTexts(
      [
        "Inferior myocardial infarction",
        "Inferolateral myocardial infarction",
        "Normal ECG",
        "Biatrial hypertrophy",
      ],
      right,
    );
    expect(checkItem(related, record)).toEqual([
      'the wrong option "Inferolateral myocardial infarction" may be right',
      'the wrong option "Biatrial hypertrophy" is outside the label scope',
    ]);
    const foreign = withTexts(
      ["Left ventricular hypertrophy", "Normal ECG", "AV block", "Bananas"],
      "A: Left ventricular hypertrophy",
    );
    expect(checkItem(foreign, record)).toEqual([
      'the right option "Left ventricular hypertrophy" is not a statement of the record',
      'option "Bananas" is no statement',
    ]);
  });

  it("finds broken shapes and missing values", () => {
    expect(checkItem({ ...item, task: "quiz" } as unknown as QaItem)[0]).toContain("task");
    expect(checkItem({ ...item, context: "undefined" })).toEqual([
      "a slot or value is missing from the text",
    ]);
    expect(() => assertSoundItem({ ...item, answer: "" })).toThrowError(EcgError);
  });
});

describe("optionKey", () => {
  it("knows names, wordings of the normal answers and nothing else", () => {
    expect(optionKey("Premature complex(es)")).toBe("scp:PRC(S)");
    expect(optionKey("Within normal limits")).toBe("scp:NORM");
    expect(optionKey("No waveform abnormality")).toBe(NO_WAVEFORM);
    expect(optionKey("Bananas")).toBeUndefined();
  });
});
