// writeEcgReport: one ECG as a Markdown report: what was measured, what the model says, what textbook rules say, and
// what went in. Measured values are never the model's.
import { ECG_NOUNS } from "../../qa/templates/ecg-wording.ts";
import { fillTemplate } from "../../qa/templates/fill-template.ts";
import { demographics, patientPhrase } from "../../qa/templates/patient-wording.ts";
import { REPORT_REQUESTS } from "../../qa/templates/report-wording.ts";
import { statementPhrase } from "../../qa/templates/statement-wording.ts";
import { createRng } from "../../shared/rng.ts";
import { interpretMeasurements } from "../../signal/measure/interpret-measurements.ts";
import type { Measurements } from "../../signal/measure/measurements.ts";
import { type ShownInputs, showInputs } from "./ask-question.ts";
import type { EcgInput } from "./ecg-input.ts";
import type { EcgReport, ReportFinding, ReportValue, RuleReading } from "./ecg-report.ts";
import type { HeartcareModel } from "./heartcare-model.ts";
import { readStatements } from "./read-statements.ts";
import { renderReport } from "./render-report.ts";

export type WriteReportOptions = {
  /** Default 400. */
  readonly maxNewTokens?: number;
  readonly onText?: (piece: string) => void;
  readonly signal?: AbortSignal;
};

const REPORT_TOKENS = 400;
/** One of the wordings that datasets ask for reports with. */
const REQUEST = REPORT_REQUESTS.find(({ id }) => id === "report-06")!.text;
/** Headings that are findings. Patient, recording and measurements are known better than by the model. */
const FINDINGS = ["Rhythm", "Conduction", "Waveform", "Diagnosis", "Suspected", "Other findings"];
/** Readings of the rules below this confidence are not worth a line. */
const SHOWN_CONFIDENCE = 0.3;

/** Write the report of one ECG. @throws EcgError as {@link showInputs}; ABORTED. */
export async function writeEcgReport(
  model: HeartcareModel,
  input: EcgInput,
  options: WriteReportOptions = {},
): Promise<EcgReport> {
  const shown = await showInputs(model, [input]);
  const { text, complete } = await modelReport(model, shown, input, options);
  const lines = readLines(text);
  const measurements = input.measurements;
  const findings = lines.filter(({ heading }) => FINDINGS.includes(heading));
  const report = {
    id: input.id,
    model: model.id,
    patient: demographics(input.patient),
    recording: recordingText(input),
    measured: measurements ? reportValues(measurements) : null,
    notes: measurements?.notes ?? [],
    findings: lines.length === 0 && text !== "" ? [{ heading: "Text", text }] : findings,
    read: (await readStatements(model, shown.prompt))[0] ?? null,
    rules: measurements ? ruleReadings(measurements, input) : [],
    impression: lines.find(({ heading }) => heading === "Impression")?.text ?? null,
    modelText: text,
    complete,
    evidence: shown.evidence,
  };
  return { ...report, markdown: renderReport(report) };
}

async function modelReport(
  model: HeartcareModel,
  { prompt }: ShownInputs,
  input: EcgInput,
  { maxNewTokens = REPORT_TOKENS, onText, signal }: WriteReportOptions,
): Promise<{ text: string; complete: boolean }> {
  const rng = createRng("report");
  const noun = ECG_NOUNS[input.shownAs === "image" ? "image" : "signal"][0]!;
  const who = patientPhrase(input.patient, rng);
  const request = fillTemplate(REQUEST, { who, ecg: noun }, rng);
  const stream = model.stream(prompt, request, {
    maxNewTokens,
    temperature: 0,
    ...(signal ? { signal } : {}),
  });
  for await (const event of stream) {
    if (event.type === "text") onText?.(event.text);
    else return { text: event.answer.text.trim(), complete: event.reason === "end" };
  }
  return { text: "", complete: true };
}

/** `Heading: text` lines, a heading being one to three words with a capital. */
function readLines(text: string): ReportFinding[] {
  return text.split("\n").flatMap((line) => {
    const match = /^([A-Z][a-z]+(?: [a-z]+){0,2}): *(.+)$/.exec(line.trim());
    return match ? [{ heading: match[1]!, text: match[2]! }] : [];
  });
}

function reportValues(measured: Measurements): ReportValue[] {
  const values: readonly (readonly [string, number | null | undefined, string])[] = [
    ["Heart rate", measured.heartRateBpm, "bpm"],
    ["PR interval", measured.prMs, "ms"],
    ["QRS duration", measured.qrsMs, "ms"],
    ["QT interval", measured.qtMs, "ms"],
    ["QTc (Bazett)", measured.qtc?.bazettMs, "ms"],
    ["QRS axis", measured.axisDegrees.qrs, "degrees"],
  ];
  return values.map(([name, value, unit]) => ({
    name,
    value: value === null || value === undefined ? null : Math.round(value),
    unit,
  }));
}

function ruleReadings(measured: Measurements, { patient }: EcgInput): RuleReading[] {
  if (measured.heartRateBpm === null) return [];
  return interpretMeasurements(measured, patient)
    .filter(({ confidence }) => confidence >= SHOWN_CONFIDENCE)
    .map(({ key, confidence, because }) => ({ key, text: statementPhrase(key), confidence, because }));
}

function recordingText({ recording, page, leads, seconds }: EcgInput): string {
  if (page) {
    const { limb, chest } = page.gainMmPerMv;
    const gain = `${limb === chest ? limb : `${limb} and ${chest}`} mm/${page.amplitudeUnit}`;
    return `Page of ${leads.length} leads, ${seconds.toFixed(1)} s at ${page.speedMmPerSecond} mm/s and ${gain}, ${page.widthPx} x ${page.heightPx} pixels`;
  }
  const { cleaned, original, windowQuality } = recording!;
  const total = cleaned.signal.sampleCount / cleaned.samplingRateHz;
  const quality = windowQuality === null ? "" : `, signal quality ${windowQuality.toFixed(2)} of 1`;
  return `${leads.length}-lead ECG, ${total.toFixed(1)} s at ${original.samplingRateHz} Hz (${original.format})${quality}`;
}
