// Templates: enough of them, no two alike, every slot filled, grammar of the slots.
import { describe, expect, it } from "vitest";
import { STATEMENTS } from "../../src/labels/statement-table.ts";
import { CLOSED_QUESTIONS, TWO_FINDING_QUESTIONS } from "../../src/qa/templates/closed-questions.ts";
import { CHANGE_QUESTIONS, WHICH_QUESTIONS } from "../../src/qa/templates/comparison-questions.ts";
import { ASPECTS, ECG_NOUNS } from "../../src/qa/templates/ecg-wording.ts";
import { fillTemplate, joinWithAnd, type Template } from "../../src/qa/templates/fill-template.ts";
import { NORMAL_ANSWERS, POSITIVE_ANSWERS } from "../../src/qa/templates/open-answers.ts";
import { OPEN_QUESTIONS } from "../../src/qa/templates/open-questions.ts";
import { demographics, patientPhrase } from "../../src/qa/templates/patient-wording.ts";
import { PREDICTION_REQUESTS } from "../../src/qa/templates/prediction-questions.ts";
import { REPORT_REQUESTS } from "../../src/qa/templates/report-wording.ts";
import { hedgedPhrase, isPluralPhrase, statementPhrase } from "../../src/qa/templates/statement-wording.ts";
import { DIMENSIONS } from "../../src/record/statement.ts";
import { createRng } from "../../src/shared/rng.ts";
import { statement } from "./label-world.ts";

const families: readonly (readonly Template[])[] = [
  ...Object.values(CLOSED_QUESTIONS),
  ...Object.values(OPEN_QUESTIONS),
  TWO_FINDING_QUESTIONS,
  REPORT_REQUESTS,
  PREDICTION_REQUESTS,
  ...Object.values(CHANGE_QUESTIONS).flatMap((forms) => Object.values(forms)),
  ...Object.values(WHICH_QUESTIONS).flatMap((forms) => Object.values(forms)),
];

describe("templates", () => {
  it("are dozens a dimension, with ids of their own and no two alike", () => {
    for (const dimension of DIMENSIONS) {
      expect(CLOSED_QUESTIONS[dimension].length).toBeGreaterThanOrEqual(24);
      expect(OPEN_QUESTIONS[dimension].length).toBeGreaterThanOrEqual(20);
      expect(POSITIVE_ANSWERS[dimension].length).toBeGreaterThanOrEqual(10);
    }
    expect(NORMAL_ANSWERS.diagnosis.length).toBeGreaterThanOrEqual(8);
    const ids = families.flat().map((template) => template.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const family of families) {
      expect(new Set(family.map((template) => template.text)).size).toBe(family.length);
    }
  });

  it("fill in every modality without a slot left", () => {
    const rng = createRng(1);
    for (const dimension of DIMENSIONS) {
      for (const template of [...CLOSED_QUESTIONS[dimension], ...OPEN_QUESTIONS[dimension]]) {
        for (const ecg of [ECG_NOUNS.signal, ECG_NOUNS.image]) {
          const text = fillTemplate(
            template.text,
            { who: "a patient", ecg, aspect: ASPECTS[dimension] },
            rng,
          );
          expect(text).not.toMatch(/[{}]| {2}/);
          expect(text.charAt(0)).toBe(text.charAt(0).toUpperCase());
        }
      }
    }
    expect(() => fillTemplate("a {gap}", {}, rng)).toThrowError(/value for \{gap\}/);
  });

  it("join lists", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(joinWithAnd)).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
  });
});

describe("patient wording", () => {
  it("varies as Figure 7 and always names age and sex", () => {
    const phrases = new Set<string>();
    for (let seed = 0; seed < 80; seed++) {
      const phrase = patientPhrase({ ageYears: 60, sex: "female" }, createRng(seed));
      expect(phrase).toMatch(/60/);
      expect(phrase).toMatch(/female/);
      phrases.add(phrase);
    }
    expect(phrases.size).toBe(8);
    expect(phrases).toContain("a 60-year-old patient (female)");
  });

  it("has the right article and a word for what is hidden or missing", () => {
    for (let seed = 0; seed < 40; seed++) {
      expect(patientPhrase({ ageYears: 81.5, sex: "male" }, createRng(seed))).not.toMatch(/\ba 81/);
      expect(patientPhrase({ ageYears: 11 }, createRng(seed))).not.toMatch(/\ba 11/);
    }
    expect(demographics({ ageYears: 300, sex: "male" })).toBe("male, over 89 years old");
    expect(demographics({ sex: "female" })).toBe("female, age not stated");
    expect(demographics({})).toBe("age and sex not stated");
    expect(demographics({ ageYears: 0.3 })).toBe("patient, sex not stated, under 1 year old");
  });
});

describe("statement wording", () => {
  it("is a phrase without a hanging adjective for every statement", () => {
    for (const row of STATEMENTS) {
      expect(statementPhrase(row.key)).not.toMatch(/ischemic$|ischemic in|present$/);
    }
    expect(isPluralPhrase("ischemic ST-T changes in lateral leads")).toBe(true);
    expect(isPluralPhrase("non-diagnostic T abnormalities")).toBe(true);
    expect(isPluralPhrase("left bundle branch block")).toBe(false);
    expect(isPluralPhrase("voltage criteria (QRS) for left ventricular hypertrophy")).toBe(true);
  });

  it("hedges by likelihood and names leads", () => {
    expect(
      [15, 35, 50, 80, 100, null].map((likelihood) => hedgedPhrase(statement("scp:IMI", likelihood))),
    ).toEqual([
      "inferior myocardial infarction (cannot be excluded)",
      "possible inferior myocardial infarction",
      "suspected inferior myocardial infarction",
      "probable inferior myocardial infarction",
      "inferior myocardial infarction",
      "inferior myocardial infarction",
    ]);
    expect(hedgedPhrase(statement("scp:NORM", 80))).toBe("probable normal ECG");
    expect(hedgedPhrase(statement("scp:NORM", 100))).toBe("a normal ECG");
    expect(hedgedPhrase({ ...statement("heartcare:burst-noise"), text: "I, AVL" })).toBe(
      "burst noise in leads I, aVL",
    );
    expect(hedgedPhrase({ ...statement("heartcare:static-noise"), text: "all leads" })).toBe(
      "static noise in all leads",
    );
  });
});
