// Sources: bytes of any supported format -> records, with one identity a recording.
export { assumeMillivolts } from "./assume-millivolts.ts";
export { type ChallengeOrigin, challengeOrigin } from "./challenge/challenge-origin.ts";
export { type ChallengeOptions, openChallengeSource } from "./challenge/challenge-source.ts";
export { type ChallengeComments, parseChallengeComments } from "./challenge/parse-challenge-comments.ts";
export { isSignalText, openCsvSource } from "./csv/csv-source.ts";
export {
  type CsvOptions,
  type CsvRecord,
  type CsvRow,
  type CsvTable,
  type CsvTableOptions,
  parseCsv,
  parseCsvTable,
} from "./csv/parse-csv.ts";
export { readCsvSignals } from "./csv/read-csv-signals.ts";
export { type DetectedSource, detectFormat, SOURCE_FORMATS, type SourceFormat } from "./detect-format.ts";
export {
  ECG_QA_ATTRIBUTE_TYPES,
  ECG_QA_QUESTION_TYPES,
  type EcgQaAttributeType,
  type EcgQaEntry,
  type EcgQaQuestionType,
} from "./ecg-qa/ecg-qa-entry.ts";
export { isEcgQa, listEcgQaFiles, readEcgQa, readEcgQaFile } from "./ecg-qa/read-ecg-qa.ts";
export { KNOWN_DATASETS, type KnownDataset, knownDataset } from "./fetch/known-datasets.ts";
export {
  type InspectedLead,
  type Inspection,
  type InspectOptions,
  inspectRecording,
  VOLTAGE_UNITS,
  type VoltageUnit,
} from "./inspect-recording.ts";
export { groupWaveBoundaries, type WaveBoundary } from "./ludb/group-wave-boundaries.ts";
export { openLudbSource } from "./ludb/ludb-source.ts";
export { type LeadBoundaries, readLudbBoundaries } from "./ludb/read-ludb-boundaries.ts";
export { openNpySource } from "./npy/npy-source.ts";
export { type NpyHeader, readNpyHeader, readNpyRow } from "./npy/read-npy-row.ts";
export { readNpySignals } from "./npy/read-npy-signals.ts";
export { type OpenOptions, openSource } from "./open-source.ts";
export { TOP_CODED_AGE_YEARS } from "./parse-demographics.ts";
export {
  loadPtbxlIdentities,
  type PtbxlIdentities,
  type PtbxlIdentity,
  ptbxlIdentity,
} from "./ptbxl/ptbxl-identity-table.ts";
export { openPtbxlSource, type PtbxlOptions } from "./ptbxl/ptbxl-source.ts";
export type { RawChannel, RawRecording, SignalFileOptions } from "./raw-recording.ts";
export { sha256Hex } from "./sha256-hex.ts";
export type { ReadOptions, RecordReference, RecordSource } from "./source.ts";
export { describeUnknownDx, unknownDxCodes } from "./source-labels.ts";
export { planSyntheticPatients, type SyntheticPlan } from "./synthetic/plan-synthetic-patients.ts";
export {
  openSyntheticSource,
  parseSyntheticPath,
  type SyntheticOptions,
} from "./synthetic/synthetic-source.ts";
export { openZscoreSource } from "./zscore-shards/zscore-source.ts";
