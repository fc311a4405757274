// Wordings of questions on two recordings: how a finding changed, and which finding appeared, went or stayed.
import { numbered, type Template } from "./fill-template.ts";

export const RELATIONS = ["consecutive", "irrelevant"] as const;
export type Relation = (typeof RELATIONS)[number];

/** What the two recordings say about one finding. */
export const CHANGE_CELLS = ["gone", "kept", "new", "never"] as const;
export type ChangeCell = (typeof CHANGE_CELLS)[number];

/** Forms of the question about one finding; the answer "yes" belongs to another cell in each. */
export const CHANGE_FORMS = ["eliminated", "still-present", "newly-present", "still-absent"] as const;
export type ChangeForm = (typeof CHANGE_FORMS)[number];

/** The cell that each form asks for. */
export const ASKED_CELL: Readonly<Record<ChangeForm, ChangeCell>> = {
  eliminated: "gone",
  "still-present": "kept",
  "newly-present": "new",
  "still-absent": "never",
};

const CONSECUTIVE: Readonly<Record<ChangeForm, readonly string[]>> = {
  eliminated: [
    "{has} {finding} been eliminated in the recent tracing in comparison to the previous one?",
    "{is} {finding} no longer seen in the second ECG as compared to the first ECG of the same patient?",
    "Compared with the earlier recording of this patient, {has} {finding} disappeared in the later one?",
    "{has} {finding} resolved between the previous and the latest tracing?",
  ],
  "still-present": [
    "Does the second ECG still indicate the presence of {finding} as compared to the first ECG?",
    "{is} {finding} still seen in the latest tracing when compared to the previous tracing?",
    "{does} {finding} persist in the recent tracing of this patient?",
    "When the later recording is compared with the earlier one, {is} {finding} still there?",
  ],
  "newly-present": [
    "{has} {finding} newly appeared in the recent tracing in comparison to the previous one?",
    "Does the second ECG show {finding} that the first ECG of the same patient did not show?",
    "{is} {finding} new in the latest tracing when compared to the previous tracing?",
    "Compared with the earlier recording of this patient, {has} {finding} developed?",
  ],
  "still-absent": [
    "{is} {finding} still not detected in the recent tracing when compared to the previous one?",
    "Does the second ECG still show the absence of {finding} when compared to the first ECG?",
    "As in the previous tracing, {is} {finding} absent in the latest one?",
    "{does} {finding} remain absent in the later recording of this patient?",
  ],
};

const IRRELEVANT: Readonly<Record<ChangeForm, readonly string[]>> = {
  eliminated: [
    "{is} {finding} seen in the first ECG but not in the second one, from another patient?",
    "Does the first ECG show {finding} that the second ECG does not show?",
    "Comparing two patients, {is} {finding} present in the first recording only?",
    "Unlike the first ECG, is the second ECG free of {finding}?",
  ],
  "still-present": [
    "Do both ECGs, from two patients, show {finding}?",
    "Like the first ECG, does the second ECG show {finding}?",
    "{is} {finding} common to the two recordings?",
    "Comparing two patients, {is} {finding} present in both recordings?",
  ],
  "newly-present": [
    "{is} {finding} seen in the second ECG but not in the first one, from another patient?",
    "Does the second ECG show {finding} that the first ECG does not show?",
    "Comparing two patients, {is} {finding} present in the second recording only?",
    "Unlike the first ECG, does the second ECG show {finding}?",
  ],
  "still-absent": [
    "Are both ECGs, from two patients, free of {finding}?",
    "Like the first ECG, does the second ECG lack {finding}?",
    "{is} {finding} absent from both recordings?",
    "Comparing two patients, {is} {finding} absent in each recording?",
  ],
};

/** Wordings about one finding; slots {finding} and the verbs {is}, {has}, {does} that agree with it. */
export const CHANGE_QUESTIONS: Readonly<Record<Relation, Readonly<Record<ChangeForm, readonly Template[]>>>> =
  {
    consecutive: numberForms("change-consecutive", CONSECUTIVE),
    irrelevant: numberForms("change-irrelevant", IRRELEVANT),
  };

/** What each cell says about the finding, without yes or no. */
export const CELL_TEXTS: Readonly<Record<Relation, Readonly<Record<ChangeCell, readonly string[]>>>> = {
  consecutive: {
    gone: ["present before, no longer seen", "seen in the first ECG only"],
    kept: ["still present", "seen in both ECGs"],
    new: ["newly present", "seen in the second ECG only"],
    never: ["absent in both ECGs", "not seen before and not seen now"],
  },
  irrelevant: {
    gone: ["seen in the first ECG only", "present in the first, absent in the second"],
    kept: ["seen in both ECGs", "present in the first and in the second"],
    new: ["seen in the second ECG only", "absent in the first, present in the second"],
    never: ["seen in neither ECG", "absent in the first and in the second"],
  },
};

/** Which finding distinguishes, or joins, the two recordings. */
export const WHICH_FORMS = ["which-new", "which-gone", "which-kept"] as const;
export type WhichForm = (typeof WHICH_FORMS)[number];

export const WHICH_QUESTIONS: Readonly<Record<Relation, Readonly<Record<WhichForm, readonly Template[]>>>> = {
  consecutive: {
    "which-new": numbered("which-new-consecutive", [
      "Which finding has newly appeared in the second ECG compared with the first ECG of the same patient?",
      "Compared with the previous tracing, what is new in the latest one?",
      "Which of these findings developed between the earlier and the later recording?",
      "What does the recent tracing show that the previous one did not?",
    ]),
    "which-gone": numbered("which-gone-consecutive", [
      "Which finding of the first ECG is no longer seen in the second ECG of the same patient?",
      "Compared with the previous tracing, what has disappeared in the latest one?",
      "Which of these findings resolved between the earlier and the later recording?",
      "What did the previous tracing show that the recent one does not?",
    ]),
    "which-kept": numbered("which-kept-consecutive", [
      "Which finding persists from the first to the second ECG of the same patient?",
      "Compared with the previous tracing, what is still present in the latest one?",
      "Which of these findings is seen in the earlier and in the later recording?",
      "What do the previous and the recent tracing both show?",
    ]),
  },
  irrelevant: {
    "which-new": numbered("which-new-irrelevant", [
      "Which finding is seen in the second ECG but not in the first one, from another patient?",
      "Comparing two patients, what does the second recording show that the first does not?",
      "Which of these findings belongs to the second ECG only?",
      "What sets the second ECG apart from the first?",
    ]),
    "which-gone": numbered("which-gone-irrelevant", [
      "Which finding is seen in the first ECG but not in the second one, from another patient?",
      "Comparing two patients, what does the first recording show that the second does not?",
      "Which of these findings belongs to the first ECG only?",
      "What sets the first ECG apart from the second?",
    ]),
    "which-kept": numbered("which-kept-irrelevant", [
      "Which finding do the two ECGs, from two patients, have in common?",
      "Comparing two patients, what do both recordings show?",
      "Which of these findings is shared by the first and the second ECG?",
      "What is seen in both ECGs?",
    ]),
  },
};

function numberForms(
  family: string,
  forms: Readonly<Record<ChangeForm, readonly string[]>>,
): Readonly<Record<ChangeForm, readonly Template[]>> {
  return {
    eliminated: numbered(`${family}-eliminated`, forms.eliminated),
    "still-present": numbered(`${family}-still-present`, forms["still-present"]),
    "newly-present": numbered(`${family}-newly-present`, forms["newly-present"]),
    "still-absent": numbered(`${family}-still-absent`, forms["still-absent"]),
  };
}
