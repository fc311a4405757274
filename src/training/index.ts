// Training: one loop for every stage, and Beat's stage on it. Node only.
export { type OpenBeat, openBeat, resolveBeatFolder } from "../beat/node/open-beat.ts";
export { type Augmentation, drawBatch, NO_AUGMENTATION, type TrainingRecording } from "./draw-segments.ts";
export { type LoadedRecordings, type LoadOptions, loadRecordings } from "./load-recordings.ts";
export type { LoadedRecording } from "./packed-recording.ts";
export { type RunOptions, runTraining, type TrainingStage } from "./run-training.ts";
export { type TrainBeatOptions, trainBeat } from "./train-beat.ts";
export {
  resolveTrainBeatConfig,
  TRAIN_BEAT_PRESETS,
  type TrainBeatConfig,
  type TrainBeatOverrides,
} from "./train-beat-config.ts";
export { trainBeatInWorker } from "./train-beat-in-worker.ts";
export type { NamedNumbers, TrainingEvent, TrainingOutcome, TrainingSummary } from "./training-event.ts";
