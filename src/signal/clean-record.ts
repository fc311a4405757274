// A whole recording: resampled, cleaned, its R peaks and its quality.
import type { EcgRecord } from "../record/ecg-record.ts";
import { type LeadMatrix, leadSamples, stackLeads } from "../record/lead-matrix.ts";
import { tryAssessQuality } from "./assess-quality.ts";
import { cleanLead, type MainsHz } from "./clean-lead.ts";
import { detectRPeaks } from "./detect-r-peaks.ts";
import { resamplePoly } from "./resample-poly.ts";
import { resamplingRatio } from "./resample-record.ts";

export type CleanOptions = {
  /** Sampling rate of everything in the result. */
  readonly toHz: number;
  /** Frequency of the power line where the recording was made. Default 50. */
  readonly mainsHz?: MainsHz;
};

/** Why a lead has no quality (its row is NaN). */
export type LeadFailure = { readonly leadIndex: number; readonly lead: string; readonly reason: string };

export type CleanResult = {
  /** As the device wrote it, at `toHz`; missing samples are NaN. */
  readonly resampled: EcgRecord;
  /** Without baseline wander and mains; gaps are filled, leads without a single sample are NaN. */
  readonly cleaned: EcgRecord;
  /** (leads, samples), 0-1; a lead whose quality cannot be told is NaN throughout. */
  readonly quality: LeadMatrix;
  /** R peaks of each lead, as samples of `cleaned`. */
  readonly peaks: readonly Int32Array[];
  /** The leads without a quality, in lead order. Empty for an ordinary recording. */
  readonly failures: readonly LeadFailure[];
};

/**
 * Resample, clean, find R peaks and assess quality, each lead by itself.
 *
 * Never throws for what a signal holds (flat, missing, short, no peaks): such a lead is in `failures`. Each lead
 * passes through the steps in float64 and is rounded to float32 once for each output, so outputs are within
 * 1e-5 mV of a float64 computation for |signal| < 50 mV; an offset beyond that costs digits already in the
 * float32 samples of the record itself.
 * @throws EcgError INVALID_OPTION for a rate that is not above 1 Hz.
 * Source: scipy `resample_poly`, then NeuroKit2 `ecg_clean`, `ecg_peaks`, `ecg_quality` at their defaults.
 */
export function cleanRecord(record: EcgRecord, options: CleanOptions): CleanResult {
  const { toHz, mainsHz = 50 } = options;
  const { up, down } = resamplingRatio(record.samplingRateHz, toHz);
  const leads = record.leads.map((_, lead) => leadSamples(record.signal, lead));
  const resampled = leads.map((lead) => resamplePoly(lead, up, down));
  const cleaned = resampled.map((lead) => cleanLead(lead, toHz, { mainsHz }));
  const peaks = cleaned.map((lead) => detectRPeaks(lead, toHz));
  const assessed = cleaned.map((lead, index) => tryAssessQuality(lead, peaks[index]!, toHz));
  return {
    resampled: { ...record, samplingRateHz: toHz, signal: stackLeads(resampled) },
    cleaned: { ...record, samplingRateHz: toHz, signal: stackLeads(cleaned) },
    quality: stackLeads(assessed.map((lead) => lead.quality)),
    peaks,
    failures: assessed.flatMap(({ failure }, leadIndex) => {
      if (failure === null) return [];
      const lead = record.leads[leadIndex]!;
      return [{ leadIndex, lead, reason: failure + describeLead(leads[leadIndex]!) }];
    }),
  };
}

/** What is wrong with the samples themselves, where that explains the failure. */
function describeLead(samples: Float32Array): string {
  const first = samples.find(Number.isFinite);
  if (first === undefined) return " (no sample is present)";
  return samples.every((value) => value === first || !Number.isFinite(value)) ? " (the lead is flat)" : "";
}
