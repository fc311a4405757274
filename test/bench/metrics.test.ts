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
  ])("understands %j", (text, index) => {
    expect(parseChoice(text, options)).toEqual({ index });
  });

  it.each([
    ["E: something", "letter E is not offered"],
    ["I cannot tell", "names no option"],
    ["sinus rhythm or atrial flutter", "names 2 options"],
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
