// EcgReport: the parts of a report, as data and as Markdown.
import type { QuestionEvidence } from "./question-evidence.ts";
import type { ReadStatement } from "./read-statements.ts";

export type ReportValue = { readonly name: string; readonly value: number | null; readonly unit: string };
export type ReportFinding = { readonly heading: string; readonly text: string };
export type RuleReading = {
  readonly key: string;
  readonly text: string;
  /** 0 to 1, see `interpretMeasurements`. */
  readonly confidence: number;
  readonly because: string;
};

export type EcgReport = {
  readonly id: string;
  readonly model: string;
  readonly patient: string;
  readonly recording: string;
  /** Null where nothing could be measured. */
  readonly measured: readonly ReportValue[] | null;
  /** What could not be measured and why. */
  readonly notes: readonly string[];
  /** The model's lines `Heading: text`; its whole text under `Text` where it wrote no such lines. */
  readonly findings: readonly ReportFinding[];
  /** Statements that the model reads in the ECG before it says a word, surest first; null for a model that reads none. */
  readonly read: readonly ReadStatement[] | null;
  readonly rules: readonly RuleReading[];
  /** The model's last word; null where it gave none. */
  readonly impression: string | null;
  /** All that the model wrote, and whether it came to an end. */
  readonly modelText: string;
  readonly complete: boolean;
  readonly evidence: QuestionEvidence;
  readonly markdown: string;
};
