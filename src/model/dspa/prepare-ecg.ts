// prepareEcg: a recording of any rate and length as datasets keep it, so that a model meets what it was trained on.
import { countPresentLeads } from "../../beat/prepare-recording.ts";
import { toStandardLeads } from "../../beat/segment.ts";
import type { DatasetRecord } from "../../dataset/dataset-record.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import type { LeadMatrix } from "../../record/lead-matrix.ts";
import { EcgError } from "../../shared/errors.ts";
import { measureIntervals } from "../../signal/measure/measure-intervals.ts";
import { selectSegment } from "../../signal/select-segment.ts";
import type { PreparedEcg } from "./ecg-input.ts";
import { requireSamples } from "./require-samples.ts";

/** Questions are about at most so many seconds, as in datasets; of longer recordings the best are shown. */
export const SHOWN_SECONDS = 10;

export type PrepareEcgOptions = {
  /** The model's rate: `config.signal.samplingRateHz`. */
  readonly toHz: number;
  /** Frequency of the power line where the recording was made. Default 50. */
  readonly mainsHz?: 50 | 60;
};

/**
 * Resample, clean, choose the best window of up to 10 s, and measure.
 * @throws EcgError INVALID_SIGNAL for less than 1 s or without a sample in any of the twelve standard leads.
 */
export function prepareEcg(record: EcgRecord, { toHz, mainsHz = 50 }: PrepareEcgOptions): PreparedEcg {
  requireSamples(record);
  if (countPresentLeads(toStandardLeads(record.signal, record.leads)) === 0) {
    throw new EcgError(
      "INVALID_SIGNAL",
      `${record.id}: expected samples in at least one of the twelve standard leads, found none in ${record.leads.join(", ")}`,
      { hint: "name the leads I, II, III, aVR, aVL, aVF, V1 to V6" },
    );
  }
  const { window, whole } = selectSegment(record, { toHz, mainsHz, windowSeconds: SHOWN_SECONDS });
  const { ageYears, sex } = record.patient;
  return {
    id: record.id,
    cleaned: whole.cleaned,
    window: { startSample: window.startSample, endSample: window.startSample + window.sampleCount },
    windowQuality: Number.isNaN(window.meanQuality) ? null : window.meanQuality,
    measurements: measureIntervals(whole.resampled),
    patient: { ...(ageYears === undefined ? {} : { ageYears }), ...(sex ? { sex } : {}) },
    startSeconds: (record.provenance.window?.startSample ?? 0) / record.samplingRateHz,
    original: {
      format: record.provenance.format,
      samplingRateHz: record.samplingRateHz,
      path: record.provenance.path,
    },
  };
}

/** The same of a dataset folder's recording and its stored signal, see `readSignal`. */
export function preparedOfDataset(row: DatasetRecord, signal: LeadMatrix): PreparedEcg {
  const { identity, patient, original } = row;
  const { ageYears, sex } = patient;
  return {
    id: identity.recordingId,
    cleaned: {
      id: identity.recordingId,
      samplingRateHz: row.samplingRateHz,
      leads: row.leads,
      signal,
      patient,
      statements: row.statements,
      sourceLabels: row.sourceLabels,
      labelScope: row.labelScope,
      identity,
      provenance: {
        format: row.source,
        path: row.files.signal,
        sha256: original.sha256,
        ...(row.amplitudeUnit === "z" ? { amplitudeUnit: "z" as const } : {}),
      },
    },
    window: row.window,
    windowQuality: row.windowQuality,
    measurements: row.measurements,
    patient: { ...(ageYears === undefined ? {} : { ageYears }), ...(sex ? { sex } : {}) },
    startSeconds: 0,
    original: { format: original.format, samplingRateHz: original.samplingRateHz, path: original.path },
  };
}
