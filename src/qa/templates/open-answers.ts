// Wordings of open answers: positive ones around a list of findings, negative ones for a normal dimension.
import type { Dimension } from "../../record/statement.ts";

/** Slots: {condition} the findings joined, {ecg} noun of the recording. */
const POSITIVE_FRAMES = [
  "The {ecg} shows evidence of {condition}.",
  "Findings in this {ecg} are in keeping with {condition}.",
  "The {ecg} demonstrates {condition}.",
  "On systematic reading, the {ecg} reveals {condition}.",
  "Features of {condition} are seen.",
  "There is {condition}.",
] as const;

/** Answers that state one or more findings, by dimension. */
export const POSITIVE_ANSWERS: Readonly<Record<Dimension, readonly string[]>> = {
  diagnosis: [
    ...POSITIVE_FRAMES,
    "After systematic analysis, the {ecg} is classified as {condition}.",
    "The diagnostic classification observed in the given {ecg} is suggestive of {condition}.",
    "Clinical findings from this ECG assessment support the presence of {condition}.",
    "The most fitting diagnostic interpretation is {condition}.",
    "The recording is consistent with {condition}.",
    "Diagnostic impression: {condition}.",
  ],
  waveform: [
    ...POSITIVE_FRAMES,
    "Based on the ECG pattern, after thorough examination, the form is classified as {condition}.",
    "The waveform analysis indicates {condition}.",
    "Morphology: {condition}.",
    "The shape of the complexes and segments shows {condition}.",
    "The form statements that apply are {condition}.",
    "Waveform assessment points to {condition}.",
  ],
  rhythm: [
    "The rhythm is {condition}.",
    "The {ecg} shows {condition}.",
    "Rate and regularity are those of {condition}.",
    "Pattern and timing correspond to {condition}.",
    "After evaluation of P waves and RR intervals, the rhythm is classified as {condition}.",
    "Rhythm: {condition}.",
    "The recording displays {condition}.",
    "Analysis of the {ecg} indicates {condition}.",
    "The heart rhythm seen here is {condition}.",
    "Findings are consistent with {condition}.",
  ],
  misc: [
    ...POSITIVE_FRAMES,
    "Additional findings: {condition}.",
    "Further remarks on the recording: {condition}.",
    "Beyond rhythm and diagnosis, {condition} can be noted.",
    "The following is noted as well: {condition}.",
  ],
};

/** Answers for a diagnosis dimension led by NORM and for a waveform without a form statement. */
export const NORMAL_ANSWERS: Readonly<Record<"diagnosis" | "waveform", readonly string[]>> = {
  diagnosis: [
    "The overall conclusion is a normal ECG.",
    "Standard diagnostic criteria suggest a normal ECG, with no pathological findings.",
    "The {ecg} is within normal limits: normal ECG.",
    "No abnormality is detected; the tracing reads as a normal ECG.",
    "This is a normal ECG.",
    "The findings are consistent with a normal ECG.",
    "Diagnostic impression: normal ECG.",
    "There is no evidence of a pathological condition; normal ECG.",
  ],
  waveform: [
    "All leads demonstrate physiological waveforms.",
    "No abnormal form of the P wave, QRS complex, ST segment or T wave is noted.",
    "No evidence of ST-segment elevation, depression, or T-wave inversions.",
    "The waveform morphology is unremarkable.",
    "The complexes and segments have a normal shape.",
    "No waveform abnormality is seen in the {ecg}.",
    "Morphology within normal limits.",
    "There is no form statement to report; the waveforms appear normal.",
  ],
};

/** Answers where nothing miscellaneous is noted; slot {absent} the features that were looked for. */
export const NO_MISC_ANSWERS: readonly string[] = [
  "There is no {absent}.",
  "No {absent} is noted.",
  "The recording shows no {absent}.",
  "Nothing further is noted: no {absent}.",
  "No {absent} can be seen in the {ecg}.",
];
