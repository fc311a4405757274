// What question building knows of a recording: labels, patient, window; never the signal itself.
import type { EcgRecord, Sex } from "../record/ecg-record.ts";
import type { Statement, StatementKey } from "../record/statement.ts";
import type { Measurements } from "../signal/measure/measurements.ts";

/** Intervals measured on the signal; undefined where the method had no result. */
export type QaMeasurements = {
  readonly heartRateBpm?: number | undefined;
  readonly prMs?: number | undefined;
  readonly qrsMs?: number | undefined;
  readonly qtMs?: number | undefined;
  /** Corrected by Bazett. */
  readonly qtcMs?: number | undefined;
  /** Frontal QRS axis, -180 to 180 degrees. */
  readonly axisDegrees?: number | undefined;
};

/** One recording as plain JSON: enough to write its items, in another thread or another run. */
export type QaRecord = {
  /** Identity of the recording, e.g. `ptbxl:44`. */
  readonly recordId: string;
  readonly patientId: string;
  readonly patient: { readonly ageYears?: number | undefined; readonly sex?: Sex | undefined };
  /** ISO 8601; orders the recordings of one patient. */
  readonly acquiredAt?: string | undefined;
  readonly statements: readonly Statement[];
  readonly labelScope: readonly StatementKey[];
  /** Samples at 250 Hz that the questions show, end exclusive. */
  readonly window: { readonly startSample: number; readonly endSample: number };
  readonly leadCount: number;
  /** Dataset of origin: `ptbxl`, `ludb`, `challenge`, `synthetic`, ... */
  readonly source: string;
  readonly measurements?: QaMeasurements | undefined;
  /** `train`, `val`, `test`: recordings of different splits are never paired. */
  readonly split?: string | undefined;
};

export type QaRecordDetails = {
  readonly window: QaRecord["window"];
  readonly measurements?: QaMeasurements;
  readonly split?: string;
  /** Default: the record's `provenance.format`. */
  readonly source?: string;
};

/** The labels, patient and identity of a record, without its signal. */
export function toQaRecord(record: EcgRecord, details: QaRecordDetails): QaRecord {
  const { ageYears, sex } = record.patient;
  return {
    recordId: record.identity.recordingId,
    patientId: record.identity.patientId,
    patient: { ageYears, sex },
    acquiredAt: record.acquiredAt,
    statements: record.statements,
    labelScope: record.labelScope,
    window: details.window,
    leadCount: record.leads.length,
    source: details.source ?? record.provenance.format,
    measurements: details.measurements,
    split: details.split,
  };
}

/** What questions and reports say of measurements; what was not measured is left out. */
export function toQaMeasurements(measured: Measurements): QaMeasurements {
  return {
    heartRateBpm: measured.heartRateBpm ?? undefined,
    prMs: measured.prMs ?? undefined,
    qrsMs: measured.qrsMs ?? undefined,
    qtMs: measured.qtMs ?? undefined,
    qtcMs: measured.qtc?.bazettMs,
    axisDegrees: measured.axisDegrees.qrs ?? undefined,
  };
}
