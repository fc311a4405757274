// Wordings of report requests and of the report's standing sentences.
import { numbered, type Template } from "./fill-template.ts";

/** Slots: {who} patient phrase, {ecg} noun of the recording. */
export const REPORT_REQUESTS: readonly Template[] = numbered("report", [
  "Please provide a comprehensive ECG interpretation for {who}, based on the {ecg}.",
  "Produce a detailed ECG analysis for {who} from the {ecg}.",
  "Generate a standardized ECG assessment report for {who}, using the {ecg}.",
  "Based on the {ecg} from {who}, generate a structured clinical 12-lead ECG report.",
  "Analyze the {ecg} and generate a clinical report for {who}.",
  "Write a structured report on the {ecg} of {who}.",
  "Prepare a complete ECG report for {who}, covering rhythm, conduction, waveform and diagnosis, from the {ecg}.",
  "Read the {ecg} of {who} and document all findings in a structured report.",
  "Summarise the {ecg} of {who} in a clinical report with separate sections.",
  "Compose a formal ECG report for {who} from the {ecg}.",
  "As a cardiologist, dictate the report for the {ecg} of {who}.",
  "Create a point-by-point interpretation of the {ecg} recorded from {who}.",
  "Give a full written interpretation of the {ecg} of {who}, including suspected findings.",
  "Draft the ECG findings of {who} for the medical record, based on the {ecg}.",
]);

/** Closing sentences: no certainty beyond the tracing. */
export const REPORT_CLOSINGS: readonly string[] = [
  "Interpretation is based on the tracing alone; clinical correlation is advised.",
  "Findings should be correlated with the clinical picture and earlier recordings.",
  "This reading is based on a single recording; correlation with symptoms and history is recommended.",
  "Please correlate clinically; likelihoods as stated refer to the tracing only.",
  "The assessment rests on this recording alone and should be confirmed clinically.",
];
