// Training: one loop for every stage, and Beat's stage on it. Node only.

export { type OpenBeat, openBeat, resolveBeatFolder } from "../beat/node/open-beat.ts";
export { exportHeartcare } from "../model/dspa/node/export-heartcare.ts";
export { openHeartcare, resolveHeartcareFolder } from "../model/dspa/node/open-heartcare.ts";
export { readPage } from "../model/dspa/node/read-page.ts";
export { writeHeartcareFolder } from "../model/dspa/node/write-heartcare-folder.ts";
export { exportLanguageModel } from "../model/export/node/export-language-model.ts";
export { type Augmentation, drawBatch, NO_AUGMENTATION, type TrainingRecording } from "./draw-segments.ts";
export { type TrainHeartcareOptions, trainHeartcare } from "./heartcare/train-heartcare.ts";
export {
  resolveTrainHeartcareConfig,
  type TrainHeartcareConfig,
  type TrainHeartcareOverrides,
} from "./heartcare/train-heartcare-config.ts";
export { trainHeartcareInWorker } from "./heartcare/train-heartcare-in-worker.ts";
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
