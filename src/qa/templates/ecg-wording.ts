// Words for the recording by modality, and for the four dimensions as Table 9 calls them.
import type { Dimension } from "../../record/statement.ts";
import type { Modality } from "../plan/closed-question.ts";

/** Nouns that fit after "the", "this" or "the provided". */
export const ECG_NOUNS: Readonly<Record<Modality, readonly string[]>> = {
  signal: [
    "ECG signal",
    "12-lead ECG signal",
    "ECG recording",
    "ECG trace",
    "ECG sequence",
    "ECG reading",
    "electrocardiogram signal",
    "ECG data",
  ],
  image: [
    "ECG image",
    "12-lead ECG image",
    "printed ECG",
    "ECG printout",
    "ECG tracing in the image",
    "electrocardiogram image",
    "ECG page",
    "ECG chart",
  ],
};

/** What a question asks for; single nouns that fit after "the" and "most suitable". */
export const ASPECTS: Readonly<Record<Dimension, readonly string[]>> = {
  diagnosis: [
    "diagnosis",
    "diagnostic classification",
    "primary diagnosis",
    "clinical diagnosis",
    "classification",
  ],
  waveform: [
    "shape and structure",
    "waveform",
    "form classification",
    "waveform morphology",
    "waveform finding",
    "shape and structure classification",
  ],
  rhythm: ["rhythm", "rate and regularity", "pattern and timing", "heart rhythm", "rhythm classification"],
  misc: [
    "additional feature",
    "further recording feature",
    "miscellaneous finding",
    "additional characteristic",
    "finding on axis, extra beats, infarction stage or signal quality",
  ],
};
