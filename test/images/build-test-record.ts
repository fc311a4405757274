// A record of known shape for the tests of this room: one triangular R wave at known times, own height per lead.
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { createLeadMatrix, leadSamples } from "../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { createRng } from "../../src/shared/rng.ts";

export type TestRecordOptions = {
  readonly samplingRateHz: number;
  readonly seconds: number;
  readonly leads?: readonly string[];
  /** Height of the R wave of a lead in mV; default {@link peakMv}. */
  readonly peak?: (lead: string) => number;
  readonly noiseMv?: number;
};

/** R waves stand at 0.5 s, 1.5 s, 2.5 s ... */
export const FIRST_PEAK_SECONDS = 0.5;

/** A height of its own for each lead: I 0.5 mV, II 0.6 mV, ..., V6 1.6 mV; aVR is negative. */
export function peakMv(lead: string): number {
  const index = (STANDARD_LEADS as readonly string[]).indexOf(lead);
  return (0.5 + Math.max(0, index) * 0.1) * (lead === "aVR" ? -1 : 1);
}

export function buildTestRecord(options: TestRecordOptions): EcgRecord {
  const { samplingRateHz, seconds, leads = STANDARD_LEADS, peak = peakMv, noiseMv = 0 } = options;
  const sampleCount = Math.round(samplingRateHz * seconds);
  const signal = createLeadMatrix(leads.length, sampleCount, 0);
  const rng = createRng("images");
  for (const [index, lead] of leads.entries()) {
    const samples = leadSamples(signal, index);
    for (let i = 0; i < sampleCount; i++) {
      const fromPeak = Math.abs(((i / samplingRateHz + 1 - FIRST_PEAK_SECONDS) % 1) - 0);
      const distance = Math.min(fromPeak, 1 - fromPeak);
      samples[i] =
        peak(lead) * Math.max(0, 1 - distance / 0.04) + (noiseMv === 0 ? 0 : noiseMv * rng.normal());
    }
  }
  return {
    id: "test-record",
    samplingRateHz,
    leads,
    signal,
    patient: { id: "P-4711", ageYears: 56, sex: "female" },
    acquiredAt: "1984-11-09T09:17:34",
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: "test:1", patientId: "test:P-4711", patientKnown: true },
    provenance: { format: "synthetic", path: "", sha256: "" },
  };
}
