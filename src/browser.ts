// What runs in a browser: recordings from bytes, signal processing, pages as SVG, and Beat on onnxruntime-web.
// Nothing here may reach a node: module or native code; test/beat/browser-bundle.test.ts bundles it and looks.
export { type BeatCodes, type CodeWindow, parseBeatCodes } from "./beat/beat-codes.ts";
export { BEAT_PRESETS, type BeatConfig, parseBeatConfig } from "./beat/beat-config.ts";
export { prepareRecording } from "./beat/prepare-recording.ts";
export {
  type BeatTokenizer,
  type DecodedSignal,
  type EncodedSegment,
  type EncodeOptions,
  loadBeat,
} from "./beat/tokenizer.ts";
export { loadWebRuntime, type WebRuntimeOptions } from "./graph/web/load-web-runtime.ts";
export { type Comparison, type ComparisonOptions, comparisonSvg } from "./images/comparison-svg.ts";
export { displayListToSvg } from "./images/to-svg.ts";
export {
  createLeadMatrix,
  durationSeconds,
  type EcgRecord,
  type LeadMatrix,
  leadSamples,
  type Patient,
  type RecordIdentity,
  STANDARD_LEADS,
  sliceSamples,
  stackLeads,
  synthesizeEcg,
} from "./record/index.ts";
export { EcgError, type EcgErrorCode } from "./shared/errors.ts";
export { createMemoryFileStore } from "./shared/memory-file-store.ts";
export { cleanRecord, detectRPeaks, normaliseSegment, resampleRecord } from "./signal/index.ts";
export { openSource } from "./sources/open-source.ts";
export type { RecordReference, RecordSource } from "./sources/source.ts";
