import { describe, expect, it } from "vitest";
import { forecastMse } from "../../src/bench/metrics/forecast-mse.ts";
import { parseChoice } from "../../src/bench/metrics/parse-choice.ts";
import { rougeL, tokenise, tokeniseCjk } from "../../src/bench/metrics/rouge-l.ts";
import { stackLeads } from "../../src/record/lead-matrix.ts";
import { bootstrapMean, quantile } from "../../src/shared/patient-bootstrap.ts";

describe("ROUGE-L", () => {
  it("gives rouge-score's numbers", () => {
    const score = rougeL(
      "Sinus rhythm with ST-T changes, left axis",
      "Sinus rhythm. Left axis deviation; non-specific ST-T changes.",
    );
    expect(score.precision).toBeCloseTo(0.625, 12);
    expect(score.recall).toBeCloseTo(0.5, 12);
    expect(score.f1).toBeCloseTo(0.5555555555, 9);
  });

  it("is 0 for empty text and 1 for equal text", () => {
    expect(rougeL("", "sinus rhythm").f1).toBe(0);
    expect(rougeL("Sinus Rhythm!", "sinus rhythm").f1).toBe(1);
  });

  it("drops other scripts unless asked", () => {
    expect(tokenise("窦性心律 ECG")).toEqual(["ecg"]);
    expect(tokeniseCjk("窦性心律 ECG")).toEqual(["窦", "性", "心", "律", "ecg"]);
  });
});

describe("reading a choice", () => {
  const options = ["Atrial fibrillation", "Sinus rhythm", "Sinus arrhythmia", "Atrial flutter"];

  it.each([
    ["B", 1],
    ["b: Sinus rhythm", 1],
    ["(C) Sinus arrhythmia", 2],
    ["D. Atrial flutter", 3],
    ["Sinus rhythm", 1],
    ["The answer is A.", 0],
    ["This tracing shows atrial flutter with 2:1 conduction", 3],
    ["**B**", 1],
    ["Option (D)", 3],
    ["Fibrillation is unlikely here. Answer: C", 2],
    ["I first thought the answer is A, but the answer is B: Sinus rhythm", 1],
    ["B: sinus rhythm.", 1],
  ])("understands %j", (text, index) => {
    expect(parseChoice(text, options)).toEqual({ index });
  });

  it.each([
    ["E: something", "letter E is not offered"],
    ["I cannot tell", "names no option"],
    ["sinus rhythm or atrial flutter", "names 2 options"],
    ["The answer is a regular rhythm", "names no option"],
    ["B: Atrial fibrillation", "letter B stands beside the text of another option"],
    [
      "A: Atrial fibrillation; B: Sinus rhythm; C: Sinus arrhythmia; D: Atrial flutter",
      "repeats the options",
    ],
    ["", "names no option"],
  ])("does not guess at %j", (text, reason) => {
    expect(parseChoice(text, options)).toEqual({ index: undefined, reason });
  });

  it("does not take the word A of a sentence for a letter", () => {
    expect(parseChoice("A normal tracing", options).index).toBeUndefined();
  });
});

describe("forecast MSE", () => {
  const input = stackLeads([Float32Array.of(-1, 1, -1, 1), Float32Array.of(5, 5, 5, 5)]);

  it("measures in standard deviations and leaves flat leads out", () => {
    const truth = stackLeads([Float32Array.of(2, 0), Float32Array.of(9, 9)]);
    const forecast = stackLeads([Float32Array.of(0, 0), Float32Array.of(0, 0)]);
    expect(forecastMse(input, forecast, truth)).toBeCloseTo(2, 6);
  });

  it("counts a missing forecast as error 1 and skips missing truth", () => {
    const truth = stackLeads([Float32Array.of(0, Number.NaN), Float32Array.of(0, 0)]);
    const forecast = stackLeads([Float32Array.of(Number.NaN, 3), Float32Array.of(0, 0)]);
    expect(forecastMse(input, forecast, truth)).toBe(1);
  });

  it("names both shapes", () => {
    const truth = stackLeads([Float32Array.of(0, 0), Float32Array.of(0, 0)]);
    expect(() => forecastMse(input, stackLeads([Float32Array.of(1)]), truth)).toThrow(
      "expected shape (2, 2), got (1, 1)",
    );
  });
});

describe("bootstrap over pairs of patients", () => {
  const ring = (count: number, value: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => ({
      patientId: `p${i}`,
      otherPatientId: `p${(i + 1) % count}`,
      value: value(i),
    }));

  it("counts the patients of both recordings, and takes two recordings of one patient as one cluster", () => {
    const estimate = bootstrapMean(
      [
        { patientId: "a", otherPatientId: "b", value: 1 },
        { patientId: "a", otherPatientId: "a", value: 0 },
      ],
      { seed: 1 },
    );
    expect(estimate).toMatchObject({ mean: 0.5, items: 2, patients: 2 });
  });

  it("widens by the dyadic error where neighbours of a chain agree, by hand", () => {
    // 120 pairs p0-p1, p1-p2, ...: values in runs of two, + + - -, so that of the two neighbours of each pair one
    // agrees and one does not: no covariance is left, and nothing is widened.
    const balanced = ring(120, (i) => (i % 4 < 2 ? 1 : 0));
    const alone = balanced.map(({ patientId, value }) => ({ patientId, value }));
    const width = (items: readonly { patientId: string; value: number }[]): number => {
      const { low, high } = bootstrapMean(items, { seed: 3 });
      return high - low;
    };
    expect(width(balanced)).toBeCloseTo(width(alone), 12);
    // Halves that agree: each of 120 residuals (1/2) has two like neighbours but at the two seams,
    // so that dyadic / one-way = (120 + 2 * (118 - 2)) / 120 in units of 1/4.
    const halves = ring(120, (i) => (i < 60 ? 1 : 0));
    const plain = halves.map(({ patientId, value }) => ({ patientId, value }));
    expect(width(halves) / width(plain)).toBeCloseTo(Math.sqrt((120 + 2 * (118 - 2)) / 120), 9);
  });
});

describe("bootstrap over patients", () => {
  it("interpolates quantiles", () => {
    expect(quantile(Float64Array.of(0, 10, 20, 30, 40), 0.25)).toBe(10);
    expect(quantile(Float64Array.of(0, 10), 0.025)).toBeCloseTo(0.25, 12);
  });

  it("agrees with the normal interval for independent patients", () => {
    const items = Array.from({ length: 400 }, (_, i) => ({ patientId: `p${i}`, value: i % 4 === 0 ? 1 : 0 }));
    const estimate = bootstrapMean(items, { seed: 1 });
    const halfWidth = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(estimate.mean).toBe(0.25);
    expect(estimate.low).toBeGreaterThan(0.25 - halfWidth - 0.006);
    expect(estimate.low).toBeLessThan(0.25 - halfWidth + 0.006);
    expect(estimate.tooSmall).toBe(false);
  });

  it("is wider when items of one patient agree, and says when a cell is too small", () => {
    const spread = (patients: number) => {
      const items = Array.from({ length: 400 }, (_, i) => ({
        patientId: `p${i % patients}`,
        value: (i % patients) % 2,
      }));
      const estimate = bootstrapMean(items, { seed: 2 });
      return { width: estimate.high - estimate.low, tooSmall: estimate.tooSmall };
    };
    expect(spread(20).width).toBeGreaterThan(3 * spread(400).width);
    expect(spread(20).tooSmall).toBe(true);
    expect(Number.isNaN(bootstrapMean([], { seed: 1 }).mean)).toBe(true);
  });
});
