// Wordings of closed questions: Table 9's frames for every dimension, and some that fit one dimension only.
import type { Dimension } from "../../record/statement.ts";
import { numbered, type Template } from "./fill-template.ts";

/** Slots: {who} patient phrase, {ecg} noun of the recording, {aspect} what is asked for. */
const FRAMES = [
  "Please assign the most suitable {aspect} with a detailed examination of the provided {ecg} of {who}.",
  "Investigate the {ecg} of {who} and choose its {aspect} based on its features.",
  "By conducting a detailed evaluation of the {ecg} of {who}, output the correct {aspect} it should be classified under.",
  "What would you determine the {aspect} of this {ecg} from {who} to be?",
  "With precision and attention to detail, work through the {ecg} of {who} and give the most appropriate {aspect} based on its characteristics.",
  "Based on the {ecg} of {who}, which option describes the {aspect} best?",
  "Considering the {ecg} of {who}, select the {aspect} that the recording supports.",
  "For the {ecg} of {who}, which {aspect} is shown?",
  "This {ecg} comes from {who}. Which of the following is its {aspect}?",
  "Given the {ecg} of {who}, identify the {aspect} among the options.",
  "After a systematic reading of the {ecg} of {who}, decide on the {aspect}.",
  "Review the {ecg} of {who} lead by lead and name the {aspect}.",
  "Which {aspect} can be read from the {ecg} of {who}?",
  "Look closely at the {ecg} of {who}: which {aspect} fits?",
  "Take the {ecg} of {who} and determine the {aspect} that is present.",
  "From the options below, pick the {aspect} seen in the {ecg} of {who}.",
] as const;

const OWN: Readonly<Record<Dimension, readonly string[]>> = {
  diagnosis: [
    "Based on the {ecg} of {who}, which diagnosis is most likely?",
    "This {ecg} from {who} indicates which of the following?",
    "Considering the {ecg} of {who}, what is the primary diagnosis?",
    "A clinician reviews the {ecg} of {who}. Which diagnosis does it support most?",
    "Which interpretation of the {ecg} of {who} is the most probable?",
    "Through meticulous examination of the {ecg} of {who}, choose the diagnosis that best defines it.",
    "What should be reported as the leading diagnosis for the {ecg} of {who}?",
    "Which condition is most consistent with the {ecg} of {who}?",
  ],
  waveform: [
    "Which waveform finding is present in the {ecg} of {who}?",
    "Look at the P waves, QRS complexes, ST segments and T waves in the {ecg} of {who}. Which finding do they show?",
    "Which statement about the form of the waves holds for the {ecg} of {who}?",
    "Examine the morphology in the {ecg} of {who}. What do you find?",
    "Which of these form statements applies to the {ecg} of {who}?",
    "What does the shape of the complexes in the {ecg} of {who} show?",
    "Which morphological feature stands out in the {ecg} of {who}?",
    "Assess the complexes and segments in the {ecg} of {who} and choose what is seen.",
  ],
  rhythm: [
    "What rhythm does the {ecg} of {who} show?",
    "Judge rate and regularity in the {ecg} of {who}. Which rhythm is it?",
    "Follow the P waves and RR intervals in the {ecg} of {who}. Which rhythm fits?",
    "Which rhythm governs the heart in the {ecg} of {who}?",
    "How would you classify the rhythm in the {ecg} of {who}?",
    "Which rhythm statement applies to the {ecg} of {who}?",
    "What pattern and timing does the {ecg} of {who} exhibit?",
    "Name the rhythm that the {ecg} of {who} displays.",
  ],
  misc: [
    "Which of these additional findings is noted in the {ecg} of {who}?",
    "Beyond rhythm and diagnosis, what does the {ecg} of {who} show?",
    "Check signal quality, heart axis, extra beats and infarction stage in the {ecg} of {who}. Which finding applies?",
    "Which further remark belongs to the {ecg} of {who}?",
    "Which accompanying feature is found in the {ecg} of {who}?",
    "What else should be noted about the {ecg} of {who}?",
    "Which of the following describes the {ecg} of {who}?",
    "Which remark on recording or axis fits the {ecg} of {who}?",
  ],
};

/** All wordings of "which of these four" by dimension. */
export const CLOSED_QUESTIONS: Readonly<Record<Dimension, readonly Template[]>> = {
  diagnosis: numbered("closed-diagnosis", [...FRAMES, ...OWN.diagnosis]),
  waveform: numbered("closed-waveform", [...FRAMES, ...OWN.waveform]),
  rhythm: numbered("closed-rhythm", [...FRAMES, ...OWN.rhythm]),
  misc: numbered("closed-misc", [...FRAMES, ...OWN.misc]),
};

/** Wordings for two named findings; slots {first}, {second}. */
export const TWO_FINDING_QUESTIONS: readonly Template[] = numbered("closed-two", [
  "Does the {ecg} of {who} show {first}, {second}, both or neither?",
  "Check the {ecg} of {who} for {first} and {second}. Which of them is present?",
  "In the {ecg} of {who}, are {first} and {second} present?",
  "Which is true of the {ecg} of {who} with regard to {first} and {second}?",
  "Look for {first} and for {second} in the {ecg} of {who}. What do you find?",
  "A reader suspects {first} and {second} in the {ecg} of {who}. What does the recording support?",
  "Verify two findings in the {ecg} of {who}: {first}; {second}. Which are there?",
  "Considering the {ecg} of {who}, decide whether {first} and {second} can be seen.",
  "Of {first} and {second}, which does the {ecg} of {who} contain?",
  "Evaluate the {ecg} of {who}: is there {first}, and is there {second}?",
]);
