// The noun of the suite: one recording with its leads in mV, its patient and what is said about it.
import type { LeadMatrix } from "./lead-matrix.ts";
import type { SourceLabel, Statement, StatementKey } from "./statement.ts";

export type Sex = "female" | "male";

export type Patient = {
  /** The source's own patient id; namespaced ids live in {@link RecordIdentity}. */
  readonly id?: string;
  readonly ageYears?: number;
  readonly sex?: Sex;
};

/**
 * Who a recording is, before anything is split: the same ECG in another file, format or rate has the same
 * `recordingId` (design 4.1). PTB-XL, Challenge HRnnnnn, z-scored shards and ECG-QA are `ptbxl:<ecg_id>`.
 */
export type RecordIdentity = {
  /** Namespaced, e.g. `ptbxl:44`, `ludb:51`. */
  readonly recordingId: string;
  /** Namespaced, e.g. `ptbxl:15709`; one patient a record (`<recordingId>`) where the source has none. */
  readonly patientId: string;
  /** False where the source names no patient, so that `patientId` is made up from the record. */
  readonly patientKnown: boolean;
  /** PTB-XL's stratified fold 1-10 (1-8 train, 9 validation, 10 test), where it has one. */
  readonly fold?: number;
};

export type Provenance = {
  /** Reader that made the record: `wfdb`, `ptbxl`, `challenge`, `ludb`, `csv`, `npy`, `synthetic`, ... */
  readonly format: string;
  /** Path of the main file as given by the caller. */
  readonly path: string;
  /** SHA-256 of the signal bytes (hex), for the dataset's manifest. */
  readonly sha256: string;
  /** The samples of the file that the record holds, when it is a part of it. */
  readonly window?: { readonly startSample: number; readonly endSample: number };
  /** `z` where the file keeps z-scores per lead, so that voltages are lost; absent = mV. */
  readonly amplitudeUnit?: "z";
  /** Channels of the file that are no voltage leads, or anything else that was left out, by name. */
  readonly leftOut?: readonly string[];
};

/**
 * One ECG recording.
 *
 * `signal` is (leads, samples) in mV, lead-major, NaN where a sample is missing; `leads[l]` names row l
 * (canonical names for the twelve standard leads, the file's own name for any other).
 */
export type EcgRecord = {
  readonly id: string;
  readonly samplingRateHz: number;
  readonly leads: readonly string[];
  readonly signal: LeadMatrix;
  readonly patient: Patient;
  /** ISO 8601 without a zone when the source names none. */
  readonly acquiredAt?: string;
  /** Findings that count as present. Likelihood null = stated without one. */
  readonly statements: readonly Statement[];
  /** What the file said, unmapped. */
  readonly sourceLabels: readonly SourceLabel[];
  /** Statements that the source's annotators looked for: outside it, absence says nothing. */
  readonly labelScope: readonly StatementKey[];
  readonly reportText?: string;
  readonly identity: RecordIdentity;
  readonly provenance: Provenance;
};

/** Duration of a record in seconds. */
export function durationSeconds(record: EcgRecord): number {
  return record.signal.sampleCount / record.samplingRateHz;
}
