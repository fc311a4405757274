// What questions may know of a recording of a dataset folder.
import { type QaRecord, toQaMeasurements } from "../qa/qa-record.ts";
import type { DatasetRecord } from "./dataset-record.ts";

/** Labels, patient, window and intervals of a dataset's recording, without its signal. */
export function qaRecordOf(record: DatasetRecord): QaRecord {
  return {
    recordId: record.identity.recordingId,
    patientId: record.identity.patientId,
    patient: record.patient,
    acquiredAt: record.acquiredAt,
    statements: record.statements,
    labelScope: record.labelScope,
    window: record.window,
    leadCount: record.leads.length,
    source: record.source,
    measurements: record.measurements ? toQaMeasurements(record.measurements) : undefined,
    split: record.split,
  };
}
