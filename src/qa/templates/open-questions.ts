// Wordings of open questions: Table 9's frames for every dimension, and some that fit one dimension only.
import type { Dimension } from "../../record/statement.ts";
import { numbered, type Template } from "./fill-template.ts";

/** Slots: {who} patient phrase, {ecg} noun of the recording, {aspect} what is asked for. */
const FRAMES = [
  "Given the {ecg} of {who}, please work through its features and state the {aspect}.",
  "Assign the {aspect} associated with the {ecg} of {who}.",
  "What {aspect} does the {ecg} of {who} exhibit?",
  "Through meticulous examination of the {ecg} of {who}, please determine the {aspect} that best defines it.",
  "Considering the {ecg} of {who}, what is the {aspect}?",
  "Describe the {aspect} of this {ecg} from {who}.",
  "Please read the {ecg} of {who} and report the {aspect}.",
  "What can be said about the {aspect} in the {ecg} of {who}?",
  "Analyse the {ecg} of {who} and summarise the {aspect}.",
  "From the {ecg} of {who}, derive the {aspect}.",
  "Explain which {aspect} you see in the {ecg} of {who}.",
  "How would you describe the {aspect} shown by the {ecg} of {who}?",
  "State the {aspect} of the {ecg} recorded from {who}.",
  "Interpret the {ecg} of {who} with respect to its {aspect}.",
] as const;

const OWN: Readonly<Record<Dimension, readonly string[]>> = {
  diagnosis: [
    "Which diagnoses does the {ecg} of {who} suggest?",
    "What is your diagnostic impression of the {ecg} of {who}?",
    "List the diagnostic statements that apply to the {ecg} of {who}.",
    "Is the {ecg} of {who} normal, and if not, what is abnormal?",
    "Which conditions should be considered from the {ecg} of {who}?",
    "What would a cardiologist conclude from the {ecg} of {who}?",
    "Give the diagnostic interpretation of the {ecg} of {who}.",
  ],
  waveform: [
    "Which waveform abnormalities, if any, are present in the {ecg} of {who}?",
    "Describe P waves, QRS complexes, ST segments and T waves in the {ecg} of {who}.",
    "List the form statements that apply to the {ecg} of {who}.",
    "Are there changes of QRS, ST segment or T wave in the {ecg} of {who}?",
    "What does the morphology of the {ecg} of {who} show?",
    "Which morphological findings are seen in the {ecg} of {who}?",
    "Comment on the shape of the complexes in the {ecg} of {who}.",
  ],
  rhythm: [
    "What rhythm does the given {ecg} from {who} exhibit?",
    "Which rhythm is present in the {ecg} of {who}?",
    "Comment on the rhythm of the {ecg} of {who}.",
    "Is the rhythm in the {ecg} of {who} sinus or ectopic? Name it.",
    "What pattern and timing does the {ecg} of {who} exhibit?",
    "Determine the heart rhythm in the {ecg} of {who}.",
    "How do you read the rhythm of the {ecg} of {who}?",
  ],
  misc: [
    "Which further findings (heart axis, extra beats, infarction stage, signal quality) apply to the {ecg} of {who}?",
    "Comment on signal quality and other features of the {ecg} of {who}.",
    "What else is noted about the {ecg} of {who}, apart from rhythm, waveform and diagnosis?",
    "Describe axis, extrasystoles and recording quality of the {ecg} of {who}.",
    "List the additional features of the {ecg} of {who}.",
    "Are there noises, axis deviation or extra beats in the {ecg} of {who}?",
    "Give the remaining remarks on the {ecg} of {who}.",
  ],
};

/** All wordings by dimension. */
export const OPEN_QUESTIONS: Readonly<Record<Dimension, readonly Template[]>> = {
  diagnosis: numbered("open-diagnosis", [...FRAMES, ...OWN.diagnosis]),
  waveform: numbered("open-waveform", [...FRAMES, ...OWN.waveform]),
  rhythm: numbered("open-rhythm", [...FRAMES, ...OWN.rhythm]),
  misc: numbered("open-misc", [...FRAMES, ...OWN.misc]),
};
