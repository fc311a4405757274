// How a normal answer may be worded; each wording is as likely right as wrong, so none tells.
import type { AnswerKey } from "../record-facts.ts";

/** Option texts of answers that are no plain statement name. */
export const OPTION_WORDINGS: Readonly<Partial<Record<AnswerKey, readonly string[]>>> = {
  "scp:NORM": [
    "Normal ECG",
    "Within normal limits",
    "No abnormality detected",
    "Normal electrocardiogram",
    "No pathological findings",
  ],
  "none:waveform": [
    "Normal waveform morphology",
    "No waveform abnormality",
    "Physiological waveforms in all leads",
    "No abnormal form finding",
  ],
};
