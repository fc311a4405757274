// Signal processing: resample, clean, R peaks, quality, best window, normalisation.
export { assessQuality } from "./assess-quality.ts";
export { type CleanLeadOptions, cleanLead } from "./clean-lead.ts";
export { type CleanOptions, type CleanResult, cleanRecord, type LeadFailure } from "./clean-record.ts";
export { detectRPeaks } from "./detect-r-peaks.ts";
export { denormaliseSegment, type NormalisedSegment, normaliseSegment } from "./normalise-segment.ts";
export { resamplePoly } from "./resample-poly.ts";
export { type ResampleOptions, resampleRecord } from "./resample-record.ts";
export { type SelectedSegment, selectSegment } from "./select-segment.ts";
export { type BestWindow, selectBestWindow } from "./select-window.ts";
