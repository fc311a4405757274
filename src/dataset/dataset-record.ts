// One recording inside a dataset folder: everything but its samples, which lie in `files.signal`.
import type { Patient, RecordIdentity } from "../record/ecg-record.ts";
import type { SourceLabel, Statement, StatementKey } from "../record/statement.ts";
import type { Measurements } from "../signal/measure/measurements.ts";
import type { Split } from "./assign-split.ts";

/** A rendered page of the recording. */
export type DatasetImage = {
  /** Relative to the dataset folder. */
  readonly path: string;
  readonly layout: string;
  readonly dpi: number;
  readonly paperSpeedMmPerSecond: number;
  /** mm a standard deviation where the record's `amplitudeUnit` is `z`. */
  readonly gainMmPerMv: number;
  /** SHA-256 of the file (hex). */
  readonly sha256: string;
};

/** A line of `records.jsonl`. */
export type DatasetRecord = {
  readonly identity: RecordIdentity;
  readonly split: Split;
  /** `ptbxl`, `ludb`, `challenge`, ... */
  readonly source: string;
  readonly patient: Patient;
  readonly acquiredAt?: string | undefined;
  readonly statements: readonly Statement[];
  readonly sourceLabels: readonly SourceLabel[];
  readonly labelScope: readonly StatementKey[];
  readonly reportText?: string | undefined;
  /** Labels of the source that no table knows, e.g. a Dx code. */
  readonly unknownLabels: readonly string[];
  /** `z` where the source keeps z-scores: voltages are lost. */
  readonly amplitudeUnit: "mV" | "z";
  /** Row order of the signal file. */
  readonly leads: readonly string[];
  /** Rate of the stored, cleaned signal. */
  readonly samplingRateHz: number;
  readonly sampleCount: number;
  /** Best-quality window of the stored signal and its mean quality (null: no lead could be rated). */
  readonly window: { readonly startSample: number; readonly endSample: number };
  readonly windowQuality: number | null;
  readonly measurements: Measurements | null;
  readonly files: {
    /** `signals/<id>.npy`: float32 (leads, samples), mV, cleaned, relative to the dataset folder. */
    readonly signal: string;
    readonly images: readonly DatasetImage[];
  };
  /** The file that it was read from. */
  readonly original: {
    readonly format: string;
    readonly path: string;
    readonly sha256: string;
    readonly samplingRateHz: number;
    readonly sampleCount: number;
  };
};

/** A recording's identity as a file name: letters, digits and dashes only. */
export function fileStem(recordingId: string): string {
  return recordingId.replace(/[^A-Za-z0-9]+/g, "-");
}
