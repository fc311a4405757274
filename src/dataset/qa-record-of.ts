// What questions may know of a recording of a dataset folder.
import type { QaMeasurements, QaRecord } from "../qa/qa-record.ts";
import type { Measurements } from "../signal/measure/measurements.ts";
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

function toQaMeasurements(measured: Measurements): QaMeasurements {
  return {
    heartRateBpm: measured.heartRateBpm ?? undefined,
    prMs: measured.prMs ?? undefined,
    qrsMs: measured.qrsMs ?? undefined,
    qtMs: measured.qtMs ?? undefined,
    qtcMs: measured.qtc?.bazettMs,
    axisDegrees: measured.axisDegrees.qrs ?? undefined,
  };
}
