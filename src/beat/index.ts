// Beat, the discrete ECG tokenizer: recordings to code pairs and back, forecasts, scores.
export {
  BEAT_CARD_FILE,
  BEAT_CONFIG_FILE,
  BEAT_MODEL_FILE,
  encodeBeat,
  readBeat,
} from "./beat-checkpoint.ts";
export { type BeatCodes, type CodeWindow, parseBeatCodes } from "./beat-codes.ts";
export { BEAT_PRESETS, type BeatConfig, parseBeatConfig } from "./beat-config.ts";
export {
  type BeatForward,
  compileBeatForward,
  type ForwardOptions,
  type ForwardResult,
} from "./beat-forward.ts";
export { exportBeatDecoder, exportBeatEncoder } from "./beat-programs.ts";
export { buildBeat, buildBeatDecoder, buildBeatEncoder } from "./build-beat.ts";
export {
  type BeatEvaluation,
  type EvaluatedRecording,
  type EvaluateOptions,
  evaluateBeat,
} from "./evaluate-beat.ts";
export { type EvaluationWindow, listWindows, windowStarts } from "./evaluation-windows.ts";
export { findLastCycle, forecastPersistence, forecastZero, repeatLastCycle } from "./forecast-baselines.ts";
export { prepareRecording } from "./prepare-recording.ts";
export { scoreWindows, type WindowScores } from "./score-windows.ts";
export { type BeatSegment, createSegment, fillSegment, toStandardLeads } from "./segment.ts";
export {
  type BeatTokenizer,
  createBeatTokenizer,
  type DecodedSignal,
  type EncodedSegment,
  type EncodeOptions,
  loadBeat,
} from "./tokenizer.ts";
