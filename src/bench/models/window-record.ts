// windowRecord: what a question shows of a signal as a record of its own; nothing else of the recording is known.
import type { EcgRecord } from "../../record/ecg-record.ts";
import type { BenchInput } from "../bench-model.ts";

/** Cleaned samples of the window, (leads, samples) at the rate of the dataset. @throws EcgError as `readWindow`. */
export async function windowRecord({
  record,
  readWindow,
}: Pick<BenchInput, "record" | "readWindow">): Promise<EcgRecord> {
  const { id, samplingRateHz, leads, amplitudeUnit } = record;
  return {
    id,
    samplingRateHz,
    leads,
    signal: await readWindow(),
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: id, patientId: id, patientKnown: false },
    provenance: {
      format: "window",
      path: "",
      sha256: "",
      ...(amplitudeUnit === "z" ? { amplitudeUnit } : {}),
    },
  };
}
