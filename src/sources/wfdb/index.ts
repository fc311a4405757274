// The public names of the WFDB reader and writer.
export { annotationCode, annotationSymbol } from "./annotation-codes.ts";
export { ecgRecordToWfdb } from "./ecg-record-to-wfdb.ts";
export { isWritableFormat, WRITABLE_FORMATS, type WritableFormat } from "./encode-samples.ts";
export { listRecords } from "./list-records.ts";
export { millivoltsPerUnit } from "./millivolts-per-unit.ts";
export { parseWfdbAnnotations, type WfdbAnnotations } from "./parse-wfdb-annotations.ts";
export { parseWfdbHeader } from "./parse-wfdb-header.ts";
export { readWfdbAnnotations } from "./read-wfdb-annotations.ts";
export { type FoundHeader, readWfdbHeader } from "./read-wfdb-header.ts";
export { readWfdbRecord } from "./read-wfdb-record.ts";
export { READABLE_FORMATS } from "./signal-formats.ts";
export { type EcgRecordInfo, toEcgRecord } from "./to-ecg-record.ts";
export type { WfdbAnnotation } from "./wfdb-annotation.ts";
export type { WfdbHeader, WfdbSegment, WfdbSignal } from "./wfdb-header.ts";
export type { ReadWfdbOptions, WfdbChannel, WfdbRecord } from "./wfdb-record.ts";
export { openWfdbSource } from "./wfdb-source.ts";
export {
  type AnnotationToWrite,
  type WriteAnnotationsOptions,
  writeWfdbAnnotations,
} from "./write-wfdb-annotations.ts";
export {
  type ChannelToWrite,
  chooseGain,
  type RecordToWrite,
  type WfdbFiles,
  type WriteWfdbOptions,
  writeWfdbRecord,
} from "./write-wfdb-record.ts";
