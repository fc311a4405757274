// A record from plain leads, for tests.
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { stackLeads } from "../../../src/record/lead-matrix.ts";

export function makeRecord(
  leads: Readonly<Record<string, ArrayLike<number>>>,
  samplingRateHz: number,
  provenance: Partial<EcgRecord["provenance"]> = {},
): EcgRecord {
  return {
    id: "made",
    samplingRateHz,
    leads: Object.keys(leads),
    signal: stackLeads(Object.values(leads)),
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: "made:1", patientId: "made:1", patientKnown: false },
    provenance: { format: "synthetic", path: "made", sha256: "", ...provenance },
  };
}
