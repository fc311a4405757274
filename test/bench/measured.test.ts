import { describe, expect, it } from "vitest";
import { measuredBaseline } from "../../src/bench/baselines/measured.ts";
import { rateFindings } from "../../src/bench/baselines/rate-findings.ts";
import type { BenchInput, BenchQuestion } from "../../src/bench/bench-model.ts";
import { layoutPage } from "../../src/images/build-page.ts";
import { renderPng } from "../../src/images/node/render-png.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { EcgError } from "../../src/shared/errors.ts";
import { measureIntervals } from "../../src/signal/measure/measure-intervals.ts";
import type { Measurements } from "../../src/signal/measure/measurements.ts";
import { encodeTestPng } from "../model/encode-test-png.ts";
import { choiceItem } from "./bench-items.ts";

type Findings = NonNullable<Parameters<typeof synthesizeEcg>[0]["findings"]>;

const measured = new Map<string, Measurements>();
/** Measurements of a synthetic recording, made once. */
function measurementsOf(...findings: Findings): Measurements {
  const key = findings.join("+");
  const known = measured.get(key);
  if (known) return known;
  const record = synthesizeEcg({
    seed: `measured-${key}`,
    samplingRateHz: 250,
    durationSeconds: 10,
    findings,
  });
  const fresh = measureIntervals(record);
  measured.set(key, fresh);
  return fresh;
}

function input(measurements: Measurements | null): BenchInput {
  const refuse = (): Promise<never> =>
    Promise.reject(new EcgError("INVALID_OPTION", "measured: must not look at the signal"));
  return {
    record: {
      id: "0123456789abcdef",
      patient: { ageYears: 60, sex: "male" },
      acquiredAt: undefined,
      leads: ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"],
      samplingRateHz: 250,
      amplitudeUnit: "mV",
      measurements,
    },
    modality: "signal",
    window: { startSample: 0, endSample: 2500 },
    readWindow: refuse,
    readImage: refuse,
  };
}

type Asked = { readonly question: string; readonly options: readonly string[] };

const itemOf = (
  { question, options }: Asked,
  details: Partial<BenchQuestion["item"]> = {},
): BenchQuestion["item"] => ({
  ...choiceItem("q", 0),
  instruction: `${question} ${options.map((option, at) => `${"ABCD"[at]}: ${option}`).join("; ")}`,
  options: [...options],
  ...details,
});

const answer = async (
  asked: Asked,
  recordings: readonly (Measurements | null)[],
  details: Partial<BenchQuestion["item"]> = {},
): Promise<string> => {
  const said = await measuredBaseline().answer({
    item: itemOf(asked, details),
    inputs: recordings.map(input),
  });
  return "text" in said ? said.text : "";
};

describe("likelihoods from a reading", () => {
  it("of a bundle branch block: its general names as well, other rhythms excluded, the normal ECG out", () => {
    const { likelihood, readings } = rateFindings(measurementsOf("CRBBB"), {});
    const sure = readings.find(({ key }) => key === "scp:CRBBB")!.confidence;
    expect(likelihood("scp:CRBBB")).toBeCloseTo(0.5 + sure / 2, 12);
    expect(likelihood("heartcare:right-bundle-branch-block")).toBeCloseTo(0.5 + sure / 2, 12);
    expect(likelihood("scp:NORM")).toBe(0.1);
    expect(likelihood("scp:AFIB")).toBe(0.1);
    // looked for with a measured PR interval, and not found
    expect(likelihood("scp:1AVB")).toBe(0.25);
    // no rule looks for it
    expect(likelihood("scp:DIG")).toBe(0.5);
  });

  it("leave voltages open where the file kept none (z-scores), and everything where nothing was measured", () => {
    const kept = measurementsOf("LVH");
    expect(rateFindings(kept, {}).likelihood("scp:LVOLT")).toBe(0.25);
    const lost = rateFindings({ ...kept, leads: {} }, {});
    expect(lost.likelihood("scp:LVOLT")).toBe(0.5);
    expect(lost.likelihood("scp:LVH")).toBe(0.5);
    expect(lost.readings.map(({ key }) => key)).not.toContain("scp:NORM");
    expect(rateFindings(null, {}).likelihood("scp:AFIB")).toBe(0.5);
  });
});

describe("measured", () => {
  const rhythms = {
    question: "What rhythm does it show?",
    options: ["Sinus bradycardia", "Atrial fibrillation", "Sinus rhythm", "Sinus tachycardia"],
  };

  it.each([
    ["AFIB", "B: Atrial fibrillation"],
    ["SBRAD", "A: Sinus bradycardia"],
    ["STACH", "D: Sinus tachycardia"],
  ] as const)("reads %s off the measurements alone", async (finding, right) => {
    expect(await answer(rhythms, [measurementsOf(finding)])).toBe(right);
  });

  it("compares two recordings", async () => {
    const question =
      "Has atrial fibrillation newly appeared in the recent tracing in comparison to the previous one?";
    const options = [
      "No, still present",
      "Yes, newly present",
      "No, absent in both ECGs",
      "No, present before, no longer seen",
    ];
    const details = {
      task: "comparison-qa" as const,
      pair: { modalities: "S-S" as const, relation: "consecutive" as const },
    };
    const [fibrillation, sinus] = [measurementsOf("AFIB"), measurementsOf("SBRAD")];
    expect(await answer({ question, options }, [sinus, fibrillation], details)).toBe("B: Yes, newly present");
    expect(await answer({ question, options }, [fibrillation, sinus], details)).toBe(
      "D: No, present before, no longer seen",
    );
  });

  it("writes a sentence and a report of what was read, with the measured numbers", async () => {
    const { options: _options, ...open } = itemOf(rhythms, { task: "open-qa" });
    const model = measuredBaseline();
    const said = await model.answer({ item: open, inputs: [input(measurementsOf("AFIB"))] });
    expect(said).toEqual({ text: expect.stringMatching(/atrial fibrillation/) });
    const report = await model.answer({
      item: { ...open, task: "report" },
      inputs: [input(measurementsOf("CRBBB"))],
    });
    const text = "text" in report ? report.text : "";
    expect(text).toContain("Patient: 60-year-old male.");
    expect(text).toContain("Conduction: Complete right bundle branch block.");
    const { heartRateBpm, qrsMs } = measurementsOf("CRBBB");
    expect(text).toContain(`heart rate ${Math.round(heartRateBpm!)} bpm`);
    expect(text).toContain(`QRS ${Math.round(qrsMs!)} ms`);
  });

  it("says so where nothing was measured, and still names an option", async () => {
    const { options: _options, ...open } = itemOf(rhythms, { task: "open-qa", dimension: "rhythm" });
    expect(await measuredBaseline().answer({ item: open, inputs: [input(null)] })).toEqual({
      text: "Nothing can be read from the measurements.",
    });
    expect(await answer(rhythms, [null])).toBe("A: Sinus bradycardia");
  });

  it.each(["AFIB", "STACH"] as const)("reads %s off the pixels of a page", async (finding) => {
    const record = synthesizeEcg({
      seed: `measured-${finding}`,
      samplingRateHz: 250,
      durationSeconds: 10,
      findings: [finding],
    });
    const png = await renderPng(layoutPage(record, {}), { dpi: 100 });
    let looked = 0;
    const page: BenchInput = {
      ...input(null),
      modality: "image",
      readImage: async () => {
        looked++;
        return png;
      },
    };
    const model = measuredBaseline();
    for (let again = 0; again < 2; again++) {
      const said = await model.answer({ item: itemOf(rhythms), inputs: [page] });
      expect(said).toEqual({ text: finding === "AFIB" ? "B: Atrial fibrillation" : "D: Sinus tachycardia" });
    }
    expect(looked).toBe(1);
  });

  it("knows nothing of a picture that is no page", async () => {
    const blank = encodeTestPng({ width: 200, height: 100, depth: 8, colour: 0, sample: () => 255 });
    const page: BenchInput = { ...input(null), modality: "image", readImage: async () => blank };
    const { options: _options, ...open } = itemOf(rhythms, { task: "open-qa", dimension: "rhythm" });
    expect(await measuredBaseline().answer({ item: open, inputs: [page] })).toEqual({
      text: "Nothing can be read from the measurements.",
    });
  });

  it("takes signals and pages", () => {
    expect(measuredBaseline().modalities).toBeUndefined();
    expect(measuredBaseline().tasks).toEqual(["closed-qa", "open-qa", "comparison-qa", "report"]);
  });
});
