// Which requests want the signal to go on: every wording of datasets does, and no wording of another task.
import { describe, expect, it } from "vitest";
import { askedSeconds, asksWhatComesNext } from "../../src/model/dspa/asks-what-comes-next.ts";
import { CLOSED_QUESTIONS, TWO_FINDING_QUESTIONS } from "../../src/qa/templates/closed-questions.ts";
import { CHANGE_QUESTIONS, WHICH_QUESTIONS } from "../../src/qa/templates/comparison-questions.ts";
import { OPEN_QUESTIONS } from "../../src/qa/templates/open-questions.ts";
import { PREDICTION_REQUESTS } from "../../src/qa/templates/prediction-questions.ts";
import { REPORT_REQUESTS } from "../../src/qa/templates/report-wording.ts";

const SLOTS: Readonly<Record<string, string>> = {
  who: "a 65-year-old male patient",
  ecg: "12-lead ECG signal",
  shown: "4",
  horizon: "3",
  aspect: "rhythm",
  finding: "atrial fibrillation",
  first: "atrial fibrillation",
  second: "left bundle branch block",
};
const filled = (text: string): string => text.replace(/\{(\w+)\}/g, (_, slot: string) => SLOTS[slot] ?? "is");

const OTHERS = [
  ...Object.values(CLOSED_QUESTIONS).flat(),
  ...TWO_FINDING_QUESTIONS,
  ...Object.values(OPEN_QUESTIONS).flat(),
  ...REPORT_REQUESTS,
  ...Object.values(CHANGE_QUESTIONS).flatMap((forms) => Object.values(forms).flat()),
  ...Object.values(WHICH_QUESTIONS).flatMap((forms) => Object.values(forms).flat()),
];

describe("asksWhatComesNext", () => {
  it.each(PREDICTION_REQUESTS.map(({ text }) => filled(text)))("%s", (text) => {
    expect(asksWhatComesNext(text)).toBe(true);
    expect(askedSeconds(text)).toBe(3);
  });

  it.each([
    "What comes next?",
    "what happens next in this ECG?",
    "Forecast the signal.",
    "Please continue this recording",
    "How will the trace go on?",
    "Show me the next 2 beats",
  ])("%s", (text) => {
    expect(asksWhatComesNext(text)).toBe(true);
    expect(askedSeconds(text)).toBeUndefined();
  });

  it.each([
    "Does this finding predict mortality?",
    "Should treatment be continued?",
    "What is the next step in management?",
    "Which lead shows ST elevation?",
    "Is atrial fibrillation continuous here?",
  ])("not: %s", (text) => {
    expect(asksWhatComesNext(text)).toBe(false);
  });

  it("is true of no wording of another task", () => {
    expect(OTHERS.length).toBeGreaterThan(150);
    expect(OTHERS.map(({ text }) => filled(text)).filter(asksWhatComesNext)).toEqual([]);
  });
});
