// HeartAgent: sources to a dataset folder.
export { type BuildOptions, type BuildResult, buildDataset } from "./build-dataset.ts";
export type { SkippedRecord } from "./process-sources.ts";
