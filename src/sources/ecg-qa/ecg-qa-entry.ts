// One question of ECG-QA as its files have it. Format: Jwoo5/ecg-qa v1.0.2 (Oh et al., NeurIPS 2023).

/** Kinds of question, spelled as in the files. */
export const ECG_QA_QUESTION_TYPES = [
  "single-verify",
  "single-choose",
  "single-query",
  "comparison_consecutive-verify",
  "comparison_consecutive-query",
  "comparison_irrelevant-verify",
  "comparison_irrelevant-query",
] as const;
export type EcgQaQuestionType = (typeof ECG_QA_QUESTION_TYPES)[number];

/** What a question is about. */
export const ECG_QA_ATTRIBUTE_TYPES = [
  "scp_code",
  "noise",
  "stage_of_infarction",
  "extra_systole",
  "heart_axis",
  "numeric_feature",
] as const;
export type EcgQaAttributeType = (typeof ECG_QA_ATTRIBUTE_TYPES)[number];

/** A question about one recording, or about two. */
export type EcgQaEntry = {
  /** 1-42 single, 43-56 two recordings of one patient, 57-70 two patients. */
  readonly templateId: number;
  readonly questionId: number;
  /** Unique in its split; a template question and its paraphrase share it. */
  readonly sampleId: number;
  readonly questionType: EcgQaQuestionType;
  readonly attributeType: EcgQaAttributeType;
  readonly question: string;
  /** A set: order says nothing. `none` when empty, two elements for "both". */
  readonly answers: readonly string[];
  readonly ecgIds: readonly number[];
  /** `ptbxl:<ecg_id>` (or `mimic-iv-ecg:<id>` below a mimic folder) in the question's order: first ECG, second ECG. */
  readonly recordingIds: readonly string[];
  /** What is asked for; absent in questions that name none (numeric comparisons). */
  readonly attributes?: readonly string[];
  /**
   * ECG-QA's own split, from the folder. Never to be used for splitting: PTB-XL's folds win (design 4.1), for
   * 1,293 ECGs of its train split are in the test fold.
   */
  readonly split?: "train" | "valid" | "test";
  /** From the folder: questions of fixed wording, or paraphrased ones. */
  readonly wording?: "template" | "paraphrased";
  /** File and place in it, so that an item can be traced back. */
  readonly origin: { readonly path: string; readonly index: number };
};
