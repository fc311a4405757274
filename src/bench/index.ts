// bench/: Heartcare-Bench. Tasks, metrics, runner, rule-based and text-only baselines, scores, comparisons, report.

export {
  type BootstrapOptions,
  bootstrapMean,
  type Estimate,
  type ScoredItem,
} from "../shared/patient-bootstrap.ts";
export { type LoggedAnswer, readAnswerLog } from "./answer-log.ts";
export { trainBlindText } from "./baselines/blind-text.ts";
export { forecastBaselines } from "./baselines/forecast-baselines.ts";
export { trainMajority } from "./baselines/majority.ts";
export { BASELINE_NAMES, type BaselineName, makeBaseline } from "./baselines/make-baseline.ts";
export { measuredBaseline } from "./baselines/measured.ts";
export type {
  BenchAnswer,
  BenchInput,
  BenchModel,
  BenchQuestion,
  BenchRecord,
} from "./bench-model.ts";
export { type CellDifference, compareRuns, type RunComparison } from "./compare-runs.ts";
export { createFakeModel, type FakeModel, type FakeModelOptions } from "./fake-model.ts";
export { forecastMse } from "./metrics/forecast-mse.ts";
export { type ParsedChoice, parseChoice } from "./metrics/parse-choice.ts";
export { type RougeScore, rougeL, tokenise, tokeniseCjk } from "./metrics/rouge-l.ts";
export { beatForecaster } from "./models/beat-forecaster.ts";
export { BENCH_VARIANTS, type BenchVariant } from "./models/bench-variants.ts";
export { type HeartcareBenchOptions, heartcareBench } from "./models/heartcare-bench.ts";
export { type ListedModel, listBenchModels } from "./models/list-bench-models.ts";
export { type OpenBenchModel, openBenchModel } from "./models/open-bench-model.ts";
export { type OpenBench, openBench } from "./open-bench.ts";
export {
  HEARTCARE_GPT_38B,
  type ReferenceModel,
  type ReferenceScore,
  referenceScore,
} from "./reference-scores.ts";
export { writeBenchReport } from "./report/write-bench-report.ts";
export { type RunOptions, type RunSummary, runBench } from "./run-bench.ts";
export { type RunDescription, readRun } from "./run-description.ts";
export { type ScoredAnswer, type ScoredRun, scoreItems } from "./score-items.ts";
export { type CellScore, type RunScores, scoreRun } from "./score-run.ts";
export type { BenchSelection } from "./select-items.ts";
export type { AnswerScore, BenchMetric, BenchTask } from "./task.ts";
export { BENCH_TASKS, taskNamed } from "./tasks/index.ts";
