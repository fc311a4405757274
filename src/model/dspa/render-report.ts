// renderReport: an ECG report as Markdown.
import type { EcgReport } from "./ecg-report.ts";
import type { QuestionEvidence, RecordingEvidence } from "./question-evidence.ts";

/** What every report says, at its top and its end. */
export const NOT_A_MEDICAL_DEVICE =
  "Not a medical device: made by software for research, not for diagnosis or treatment.";

/** Headings in a fixed order; a section without content says why. */
export function renderReport(report: Omit<EcgReport, "markdown">): string {
  const sections: readonly (readonly [title: string, text: string])[] = [
    ["Patient", capital(report.patient)],
    ["Recording", report.recording],
    ["Measured values", measuredSection(report)],
    ["Findings by the model", findingsSection(report)],
    ["Statements that the model reads", readSection(report)],
    ["Rule-based reading", rulesSection(report)],
    ["Impression", report.impression === null ? "The model gave none." : escapeMarkdown(report.impression)],
    ["What went in", evidenceSection(report.evidence)],
  ];
  return [
    `# ECG report: ${escapeMarkdown(report.id)}`,
    `> ${NOT_A_MEDICAL_DEVICE}`,
    ...sections.map(([title, text]) => `## ${title}\n\n${text}`),
    `---\n\n${NOT_A_MEDICAL_DEVICE}\n`,
  ].join("\n\n");
}

function measuredSection({ measured, notes }: Omit<EcgReport, "markdown">): string {
  if (measured === null) return "None: no beats were found to measure.";
  const rows = measured.map(({ name, value, unit }) => `| ${name} | ${value ?? "-"} | ${unit} |`);
  const table = ["| measurement | value | unit |", "| --- | ---: | --- |", ...rows].join("\n");
  const remarks = notes.map((note) => `- ${escapeMarkdown(note)}`).join("\n");
  return remarks === "" ? table : `${table}\n\n${remarks}`;
}

function findingsSection({ findings, complete }: Omit<EcgReport, "markdown">): string {
  const lines = findings.map(({ heading, text }) => `- **${heading}**: ${escapeMarkdown(text)}`);
  if (lines.length === 0) lines.push("The model named none.");
  if (!complete) lines.push("", "The model's text was cut off at its length limit.");
  return lines.join("\n");
}

function readSection({ read }: Omit<EcgReport, "markdown">): string {
  if (read === null) return "None: the model has no head that reads statements.";
  if (read.length === 0) return "None that it takes to be present.";
  const lines = read.map(({ name, share }) => `- ${capital(name)} (${Math.round(100 * share)})`);
  return [
    ...lines,
    "",
    "From 50, undecided, to 100: how sure the model is, whether its words above say so or not. No probabilities.",
  ].join("\n");
}

function rulesSection({ rules, measured }: Omit<EcgReport, "markdown">): string {
  if (measured === null) return "None: rules read measured values.";
  if (rules.length === 0) return "No rule applies to what was measured.";
  const lines = rules.map(
    ({ text, confidence, because }) =>
      `- ${capital(text)} (${Math.round(confidence * 100)} %): ${escapeMarkdown(because)}`,
  );
  return [...lines, "", "Percentages say how sure the rule is; they are no probabilities."].join("\n");
}

function evidenceSection({ model, tokenizer, recordings, promptTokens }: QuestionEvidence): string {
  return [
    `- Model ${escapeMarkdown(model)}, signal tokenizer ${escapeMarkdown(tokenizer)}, prompt of ${promptTokens} tokens`,
    ...recordings.flatMap((recording) =>
      describeRecording(recording).map((line) => `- ${escapeMarkdown(line)}`),
    ),
  ].join("\n");
}

/** What of a recording went in, a line each: segments in seconds, pictures with their leads, measured values. */
export function describeRecording({ segments, images, measuredText, id }: RecordingEvidence): string[] {
  const seconds = (value: number): string => String(Number(value.toFixed(2)));
  const lines: string[] = [];
  if (segments.length > 0) {
    const spans = segments.map(
      ({ startSeconds, endSeconds }) => `${seconds(startSeconds)} to ${seconds(endSeconds)} s`,
    );
    const count = `${segments.length} ${segments.length === 1 ? "segment" : "segments"}`;
    lines.push(`${id}, signal: ${count}, ${spans.join(", ")}`);
  }
  for (const { leads, rhythmStrip, page } of images) {
    const strip = rhythmStrip ? " and a rhythm strip" : "";
    lines.push(`${id}, ${page ? "page" : "picture drawn from the signal"}: leads ${leads.join(" ")}${strip}`);
  }
  lines.push(measuredText === "" ? `${id}, no measured values` : `${id}. ${measuredText}`);
  return lines;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Words of a model or a file as words, not as markup. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, "\\$&").replace(/\s+/g, " ");
}
