// A record as Beat is trained on it: twelve leads in canonical order, 250 Hz, cleaned once.

import type { EcgRecord } from "../record/ecg-record.ts";
import { type LeadMatrix, leadSamples, sliceSamples, stackLeads } from "../record/lead-matrix.ts";
import { cleanLead } from "../signal/clean-lead.ts";
import { resamplePoly } from "../signal/resample-poly.ts";
import { resamplingRatio } from "../signal/resample-record.ts";
import { toStandardLeads } from "./segment.ts";

/**
 * Resample to `toHz` and clean as `cleanRecord` does, without its peaks and quality, which nobody asks for here.
 * z-scores were band-passed before they were scaled: they are resampled only. Shape: (leads, samples) -> (12, samples).
 */
export function prepareRecording(record: EcgRecord, toHz: number): LeadMatrix {
  const { up, down } = resamplingRatio(record.samplingRateHz, toHz);
  const zScored = record.provenance.amplitudeUnit === "z";
  const standard = toStandardLeads(trimConstantEnds(record.signal), record.leads);
  const leads = Array.from({ length: standard.leadCount }, (_, lead) => {
    const samples = leadSamples(standard, lead);
    if (samples.every(Number.isNaN))
      return new Float32Array(Math.ceil((samples.length * up) / down)).fill(Number.NaN);
    const resampled = resamplePoly(samples, up, down);
    return zScored ? resampled : cleanLead(resampled, toHz);
  });
  return stackLeads(leads);
}

/** Leads of a matrix that hold at least one sample which is not missing. */
export function countPresentLeads(signal: LeadMatrix): number {
  let present = 0;
  for (let lead = 0; lead < signal.leadCount; lead++) {
    if (!leadSamples(signal, lead).every(Number.isNaN)) present++;
  }
  return present;
}

/** Without a beginning or end at which no lead changes: some archives pad recordings to a length of their own. */
export function trimConstantEnds(signal: LeadMatrix): LeadMatrix {
  const { leadCount, sampleCount } = signal;
  const changesAt = (t: number): boolean => {
    for (let lead = 0; lead < leadCount; lead++) {
      const at = lead * sampleCount + t;
      const [before, now] = [signal.data[at - 1]!, signal.data[at]!];
      if (before !== now && !(Number.isNaN(before) && Number.isNaN(now))) return true;
    }
    return false;
  };
  let start = 1;
  while (start < sampleCount && !changesAt(start)) start++;
  let end = sampleCount - 1;
  while (end > start && !changesAt(end)) end--;
  if (start >= sampleCount || (start === 1 && end === sampleCount - 1)) return signal;
  return sliceSamples(signal, start - 1, end + 1);
}
