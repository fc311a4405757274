// Heartcare-Bench: tasks, metrics, runner, baselines, comparison, report.
export { type LoggedAnswer, readAnswerLog } from "./answer-log.ts";
export { BASELINE_NAMES, type BaselineName, makeBaseline } from "./baselines/make-baseline.ts";
export type { BenchAnswer, BenchInput, BenchModel, BenchQuestion } from "./bench-model.ts";
export { type CellDifference, compareRuns, type RunComparison } from "./compare-runs.ts";
export { type BootstrapOptions, bootstrapMean, type Estimate, type ScoredItem } from "./metrics/bootstrap.ts";
export { forecastMse } from "./metrics/forecast-mse.ts";
export { type ParsedChoice, parseChoice } from "./metrics/parse-choice.ts";
export { type RougeScore, rougeL } from "./metrics/rouge-l.ts";
export { writeBenchReport } from "./report/write-bench-report.ts";
export { type RunOptions, type RunSummary, runBench } from "./run-bench.ts";
export { type CellScore, type RunScores, scoreRun } from "./score-run.ts";
export type { BenchTask } from "./task.ts";
export { BENCH_TASKS, taskNamed } from "./tasks/index.ts";
