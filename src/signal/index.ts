// Signal processing: resample, clean, R peaks, quality, best window, normalisation.
export { assessQuality, type QualityAssessment, tryAssessQuality } from "./assess-quality.ts";
export {
  butterworthHighpass,
  type HighpassOptions,
  type SecondOrderSection,
} from "./butterworth-highpass.ts";
export { type CleanLeadOptions, cleanLead, type MainsHz } from "./clean-lead.ts";
export { type CleanOptions, type CleanResult, cleanRecord, type LeadFailure } from "./clean-record.ts";
export { delineateLead } from "./delineate/delineate-lead.ts";
export {
  type BeatDelineation,
  delineateRecord,
  type RecordDelineation,
} from "./delineate/delineate-record.ts";
export type { WaveBoundaries, WaveBounds } from "./delineate/wave-boundaries.ts";
export { detectRPeaks } from "./detect-r-peaks.ts";
export { correctQt } from "./measure/correct-qt.ts";
export { frontalAxis } from "./measure/frontal-axis.ts";
export { interpretMeasurements, type Reading } from "./measure/interpret-measurements.ts";
export { measureIntervals } from "./measure/measure-intervals.ts";
export type { LeadShape, Measurements } from "./measure/measurements.ts";
export {
  denormaliseSegment,
  FLAT_LEAD_SD_MV,
  type LeadStatistics,
  type NormalisedSegment,
  normaliseSegment,
  normaliseWith,
} from "./normalise-segment.ts";
export { resamplePoly } from "./resample-poly.ts";
export { type ResampleOptions, resampleRecord, resamplingRatio } from "./resample-record.ts";
export { cutWindow, type SegmentOptions, type SelectedSegment, selectSegment } from "./select-segment.ts";
export { type BestWindow, selectBestWindow } from "./select-window.ts";
