// The report of a random model: sections, measured values of the signal, the model's lines, what went in.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HeartcareModel } from "../../src/model/dspa/heartcare-model.ts";
import { prepareEcg } from "../../src/model/dspa/prepare-ecg.ts";
import { showPage } from "../../src/model/dspa/show-page.ts";
import { showRecording } from "../../src/model/dspa/show-recording.ts";
import { writeEcgReport } from "../../src/model/dspa/write-report.ts";
import { exampleEcg, examplePage, openTinyHeartcare } from "./tiny-heartcare.ts";

const record = exampleEcg("reported", { bpm: 70 });
const prepared = prepareEcg(record, { toHz: 250 });

let model: HeartcareModel;
beforeAll(async () => {
  model = await openTinyHeartcare();
});
afterAll(() => model.dispose());

/** The model with these words in its mouth. */
function saying(text: string, reason: "end" | "length" = "end"): HeartcareModel {
  return {
    ...model,
    async *stream() {
      yield { type: "text", text };
      yield { type: "finish", reason, answer: { text, tokenIds: [], logProbability: 0, reason } };
    },
  };
}

describe("writeEcgReport", () => {
  it("has every section in order and says twice that it is no medical device", async () => {
    const { markdown } = await writeEcgReport(model, showRecording(model, prepared), { maxNewTokens: 4 });
    expect([...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      "Patient",
      "Recording",
      "Measured values",
      "Findings by the model",
      "Statements that the model reads",
      "Rule-based reading",
      "Impression",
      "What went in",
    ]);
    expect(markdown.match(/Not a medical device/g)).toHaveLength(2);
    expect(markdown).toContain("65-year-old male");
    expect(markdown).toContain("12-lead ECG, 10.0 s at 500 Hz (synthetic)");
  });

  it("writes what was measured on the signal", async () => {
    const report = await writeEcgReport(model, showRecording(model, prepared), { maxNewTokens: 1 });
    const rate = Math.round(prepared.measurements?.heartRateBpm ?? 0);
    expect(Math.abs(rate - 70)).toBeLessThan(4);
    expect(report.measured).toContainEqual({ name: "Heart rate", value: rate, unit: "bpm" });
    expect(report.measured?.map(({ name }) => name)).toEqual([
      "Heart rate",
      "PR interval",
      "QRS duration",
      "QT interval",
      "QTc (Bazett)",
      "QRS axis",
    ]);
    expect(report.markdown).toContain(`| Heart rate | ${rate} | bpm |`);
    expect(report.rules.map(({ text }) => text)).toContain("sinus rhythm");
    expect(report.markdown).toMatch(/- Sinus rhythm \(\d+ %\): /);
    expect(report.markdown).toContain("reported, signal: 3 segments, -2 to 2 s, 2 to 6 s, 6 to 10 s");
  });

  it("takes findings and impression from the model's lines, not its patient or its numbers", async () => {
    const text =
      "Patient: 30-year-old female.\nMeasurements: heart rate 999 bpm.\nRhythm: Sinus rhythm.\nOther findings: <b>Noise</b> in V1.\nImpression: Findings suggest a normal ECG.";
    const report = await writeEcgReport(saying(text), showRecording(model, prepared));
    expect(report.findings).toEqual([
      { heading: "Rhythm", text: "Sinus rhythm." },
      { heading: "Other findings", text: "<b>Noise</b> in V1." },
    ]);
    expect(report.impression).toBe("Findings suggest a normal ECG.");
    expect(report.markdown).toContain("- **Rhythm**: Sinus rhythm.");
    expect(report.markdown).toContain("\\<b\\>Noise");
    expect(report.markdown).not.toMatch(/999|female/);
    expect(report.complete).toBe(true);
  });

  it("keeps words without headings, and says where they were cut off", async () => {
    const report = await writeEcgReport(saying("normal axis", "length"), showRecording(model, prepared));
    expect(report.findings).toEqual([{ heading: "Text", text: "normal axis" }]);
    expect(report.impression).toBeNull();
    expect(report.markdown).toContain("The model gave none.");
    expect(report.markdown).toContain("cut off at its length limit");
  });

  it("lists the statements that the model reads, or why there are none", async () => {
    const input = showRecording(model, prepared);
    const none = await writeEcgReport(saying("Rhythm: Sinus rhythm."), input);
    expect(none.read).toBeNull();
    expect(none.markdown).toContain("None: the model has no head that reads statements.");
    const reading = {
      ...saying("Rhythm: Sinus rhythm."),
      read: async () => [
        new Map([
          ["scp:AFIB", { evidence: 4, logOdds: 2, recordings: 40 }],
          ["scp:CLBBB", { evidence: 3, logOdds: 3, recordings: 5 }],
          ["scp:1AVB", { evidence: 5, logOdds: 1, recordings: 40 }],
          // never known to be absent in training: the head learned nothing of it
          ["scp:PACE", { evidence: 9, logOdds: 9, recordings: 0 }],
        ]),
      ],
    };
    const report = await writeEcgReport(reading as unknown as HeartcareModel, input);
    expect(report.read?.map(({ key }) => key)).toEqual(["scp:CLBBB", "scp:AFIB"]);
    expect(report.markdown).toMatch(
      /- Complete left bundle branch block \(87\)\n- Atrial fibrillation \(71\)\n\nFrom 50/,
    );
  });

  it("writes what was measured on the traces of a page", async () => {
    const page = showPage(model, examplePage(record), { id: "page.png" });
    const report = await writeEcgReport(model, page, { maxNewTokens: 1 });
    const signal = prepared.measurements!;
    const measured = (name: string): number => report.measured!.find((value) => value.name === name)!.value!;
    expect(Math.abs(measured("Heart rate") - signal.heartRateBpm!)).toBeLessThan(1);
    expect(Math.abs(measured("QRS duration") - signal.qrsMs!)).toBeLessThan(20);
    expect(Math.abs(measured("QRS axis") - signal.axisDegrees.qrs!)).toBeLessThan(10);
    expect(report.rules.map(({ text }) => text)).toContain("sinus rhythm");
    expect(report.recording).toMatch(
      /^Page of 12 leads, 10\.0 s at 25 mm\/s and 10 mm\/mV, \d+ x \d+ pixels$/,
    );
    const nothing = await writeEcgReport(model, { ...page, measurements: null }, { maxNewTokens: 1 });
    expect([nothing.measured, nothing.rules]).toEqual([null, []]);
    expect(nothing.markdown).toContain("None: no beats were found to measure.");
    expect(report.markdown).toMatch(/page\.png, page: leads I II III aVR/);
  });
});
