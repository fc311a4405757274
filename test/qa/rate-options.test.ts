import { describe, expect, it } from "vitest";
import { type Likelihood, rateOptions } from "../../src/qa/rate-options.ts";
import {
  CELL_TEXTS,
  CHANGE_QUESTIONS,
  type Relation,
  WHICH_QUESTIONS,
} from "../../src/qa/templates/comparison-questions.ts";

type Asked = { readonly question: string; readonly options: readonly string[] };

/** A recording of which the given findings are known to hold (0.9) or not (0.1); anything else is open. */
const rated =
  (likelihoods: Readonly<Record<string, number>>): Likelihood =>
  (key) =>
    likelihoods[key] ?? 0.5;

const written = ({ question, options }: Asked): string =>
  `${question} ${options.map((option, at) => `${"ABCD"[at]}: ${option}`).join("; ")}`;

function choose(asked: Asked, recordings: Likelihood[], relation?: Relation): string {
  const scores = rateOptions({ instruction: written(asked), options: asked.options, relation }, recordings);
  return asked.options[scores.indexOf(Math.max(...scores))] ?? "";
}

describe("rateOptions", () => {
  it("takes the likeliest of four, by name or by a wording of the normal ECG", () => {
    const asked = {
      question: "Which one?",
      options: [
        "Left ventricular hypertrophy",
        "Within normal limits",
        "First degree AV block",
        "Long QT-interval",
      ],
    };
    expect(choose(asked, [rated({ "scp:1AVB": 0.8, "scp:NORM": 0.1 })])).toBe("First degree AV block");
    expect(choose(asked, [rated({ "scp:1AVB": 0.2, "scp:NORM": 0.9 })])).toBe("Within normal limits");
    expect(choose(asked, [rated({})])).toBe("Left ventricular hypertrophy");
  });

  it("knows both, only one and neither of two findings", () => {
    const asked = {
      question: "Are complete right bundle branch block and first degree AV block present?",
      options: ["Only first degree AV block", "Both", "Neither", "Only complete right bundle branch block"],
    };
    const [yes, no] = [0.9, 0.1];
    expect(choose(asked, [rated({ "scp:CRBBB": yes, "scp:1AVB": yes })])).toBe("Both");
    expect(choose(asked, [rated({ "scp:CRBBB": no, "scp:1AVB": no })])).toBe("Neither");
    expect(choose(asked, [rated({ "scp:CRBBB": yes, "scp:1AVB": no })])).toBe(
      "Only complete right bundle branch block",
    );
    expect(choose(asked, [rated({ "scp:CRBBB": no, "scp:1AVB": yes })])).toBe("Only first degree AV block");
  });

  it("answers yes or no about the finding in the question, never not sure", () => {
    const asked = { question: "Does this ECG show atrial fibrillation?", options: ["Not sure", "No", "Yes"] };
    expect(choose(asked, [rated({ "scp:AFIB": 0.9 })])).toBe("Yes");
    expect(choose(asked, [rated({ "scp:AFIB": 0.1 })])).toBe("No");
  });

  it.each([
    ["gone", 0.9, 0.1],
    ["kept", 0.9, 0.9],
    ["new", 0.1, 0.9],
    ["never", 0.1, 0.1],
  ] as const)("tells that a finding is %s", (cell, before, after) => {
    for (const relation of ["consecutive", "irrelevant"] as const) {
      for (const [form, cellAsked] of [
        ["eliminated", "gone"],
        ["still-absent", "never"],
      ] as const) {
        const question = CHANGE_QUESTIONS[relation][form][0]!.text.replace(
          "{finding}",
          "atrial fibrillation",
        );
        const text = (name: "gone" | "kept" | "new" | "never"): string =>
          `${name === cellAsked ? "Yes" : "No"}, ${CELL_TEXTS[relation][name][1]}`;
        const options = (["new", "never", "kept", "gone"] as const).map(text);
        const recordings = [rated({ "scp:AFIB": before }), rated({ "scp:AFIB": after })];
        expect(choose({ question, options }, recordings, relation)).toBe(text(cell));
        // ECG-QA asks the same with yes, no and not sure
        const verify = { question, options: ["Not sure", "Yes", "No"] };
        expect(choose(verify, recordings, relation)).toBe(cell === cellAsked ? "Yes" : "No");
      }
    }
  });

  it.each([
    ["which-new", "Atrial flutter"],
    ["which-gone", "Sinus rhythm"],
    ["which-kept", "Left axis deviation"],
  ] as const)("knows %s", (form, right) => {
    const first = rated({
      "scp:SR": 0.9,
      "scp:AFLT": 0.1,
      "heartcare:left-axis-deviation": 0.9,
      "scp:CRBBB": 0.1,
    });
    const second = rated({
      "scp:SR": 0.1,
      "scp:AFLT": 0.9,
      "heartcare:left-axis-deviation": 0.9,
      "scp:CRBBB": 0.1,
    });
    const options = [
      "Complete right bundle branch block",
      "Sinus rhythm",
      "Left axis deviation",
      "Atrial flutter",
    ];
    for (const template of WHICH_QUESTIONS.consecutive[form]) {
      expect(choose({ question: template.text, options }, [first, second], "consecutive")).toBe(right);
    }
  });

  it("finds the relation from the wording where it is not told", () => {
    for (const relation of ["consecutive", "irrelevant"] as const) {
      for (const { text } of CHANGE_QUESTIONS[relation]["newly-present"]) {
        const question = text.replace("{finding}", "atrial fibrillation");
        const asked = { question, options: ["No", "Yes"] };
        expect(choose(asked, [rated({ "scp:AFIB": 0.1 }), rated({ "scp:AFIB": 0.9 })])).toBe("Yes");
        expect(choose(asked, [rated({ "scp:AFIB": 0.9 }), rated({ "scp:AFIB": 0.9 })])).toBe("No");
      }
    }
  });

  it("rates all options alike where nothing is known or understood", () => {
    const asked = { question: "Which one?", options: ["Long QT-interval", "First degree AV block"] };
    expect(rateOptions({ instruction: written(asked), options: asked.options }, [])).toEqual([0.5, 0.5]);
    const strange = { question: "Who won?", options: ["The home team", "The guests"] };
    const scores = rateOptions({ instruction: written(strange), options: strange.options }, [
      rated({ "scp:AFIB": 0.9 }),
    ]);
    expect(new Set(scores).size).toBe(1);
  });
});
