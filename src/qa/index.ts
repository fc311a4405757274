// qa/: labels to question-answer items of the five tasks, from templates, offline and deterministic.

export {
  type BuildOptions,
  buildComparisonItems,
  buildRecordItems,
  type ItemPair,
} from "./build-items.ts";
export { assertSoundItem, checkItem, optionKey } from "./check-item.ts";
export { findFindings } from "./find-findings.ts";
export { type EcgQaItemOptions, type EcgQaQuestion, itemFromEcgQa } from "./from-ecg-qa.ts";
export { type ParsedOptions, parseAnswerPlace, parseOptions } from "./parse-options.ts";
export type { ClosedQuestion, Modality } from "./plan/closed-question.ts";
export type { ComparisonQuestion, PairModalities, PlannedPair } from "./plan/comparison-question.ts";
export {
  type ClosedPlan,
  type ClosedPlanOptions,
  type DimensionBalance,
  draftClosedQuestions,
  planClosedQuestions,
} from "./plan/plan-closed-questions.ts";
export { type ComparisonPlan, type ComparisonPlanOptions, planComparisons } from "./plan/plan-comparisons.ts";
export { type QaItem, qaItemSchema, SUBSETS, type Subset, TASKS, type Task } from "./qa-item.ts";
export { type QaMeasurements, type QaRecord, type QaRecordDetails, toQaRecord } from "./qa-record.ts";
export { type Likelihood, type OfferedQuestion, rateOptions } from "./rate-options.ts";
export { type RecordFacts, recordFacts } from "./record-facts.ts";
export {
  PREDICTION_ANSWER,
  PREDICTION_HORIZON_SAMPLES,
  PREDICTION_INPUT_SAMPLES,
} from "./tasks/prediction.ts";
export { optionAnswer, withOptions } from "./write-options.ts";
