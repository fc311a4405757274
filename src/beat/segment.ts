// One segment as Beat sees it: z-scored leads of the input window, the future on the same scale.

import { createLeadMatrix, type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";
import { canonicalLead, STANDARD_LEADS } from "../record/lead-names.ts";
import { momentsOf } from "../signal/moments.ts";
import type { BeatConfig } from "./beat-config.ts";

/** A lead whose input window varies less than this (mV, or z) is flat: it goes in as zero and out of the errors. */
export const FLAT_LEAD_SD = 1e-4;

/** Numbers of one segment, lead-major. */
export type BeatSegment = {
  /** (leads, inputSamples), z-scored by mean and SD of these samples. */
  readonly signal: Float32Array;
  /** (leads, predictionSamples) on the same scale. */
  readonly future: Float32Array;
  /** 1, or 0 where a lead is missing or flat. */
  readonly leadWeights: Float32Array;
  /** NaN for a lead that is missing throughout. */
  readonly leadMeanMv: Float32Array;
  /** 0 for a missing or flat lead. */
  readonly leadSdMv: Float32Array;
};

/** An empty segment to be filled by {@link fillSegment}. */
export function createSegment(config: BeatConfig): BeatSegment {
  const { leadCount } = config;
  return {
    signal: new Float32Array(leadCount * config.inputSamples),
    future: new Float32Array(leadCount * config.predictionSamples),
    leadWeights: new Float32Array(leadCount),
    leadMeanMv: new Float32Array(leadCount),
    leadSdMv: new Float32Array(leadCount),
  };
}

/**
 * Rows of a matrix in canonical lead order; a missing lead is NaN throughout.
 * Shape: (any leads, samples) -> (12, samples).
 */
export function toStandardLeads(signal: LeadMatrix, leadNames: readonly string[]): LeadMatrix {
  const names = leadNames.map((name) => canonicalLead(name));
  if (
    signal.leadCount === STANDARD_LEADS.length &&
    STANDARD_LEADS.every((lead, index) => names[index] === lead)
  ) {
    return signal;
  }
  const out = createLeadMatrix(STANDARD_LEADS.length, signal.sampleCount);
  for (const [index, lead] of STANDARD_LEADS.entries()) {
    const from = names.indexOf(lead);
    if (from >= 0) leadSamples(out, index).set(leadSamples(signal, from));
  }
  return out;
}

/**
 * Fill a segment from samples [start, start + input + prediction) of twelve leads at the model's rate. Samples
 * before 0 or past the end are zero after scaling (left padding, an unknown future); missing samples too.
 */
export function fillSegment(
  segment: BeatSegment,
  signal: LeadMatrix,
  start: number,
  config: BeatConfig,
): void {
  for (let lead = 0; lead < config.leadCount; lead++) {
    const samples = leadSamples(signal, lead);
    const { mean, sd } = momentsOf(samples, start, start + config.inputSamples);
    const flat = !(sd >= FLAT_LEAD_SD);
    segment.leadWeights[lead] = flat ? 0 : 1;
    segment.leadMeanMv[lead] = mean;
    segment.leadSdMv[lead] = flat ? 0 : sd;
    const scale = { mean, factor: flat ? 0 : 1 / sd };
    copyScaled(
      samples,
      start,
      segment.signal.subarray(lead * config.inputSamples, (lead + 1) * config.inputSamples),
      scale,
    );
    copyScaled(
      samples,
      start + config.inputSamples,
      segment.future.subarray(lead * config.predictionSamples, (lead + 1) * config.predictionSamples),
      scale,
    );
  }
}

function copyScaled(
  samples: Float32Array,
  start: number,
  out: Float32Array,
  scale: { readonly mean: number; readonly factor: number },
): void {
  for (let i = 0; i < out.length; i++) {
    const value = samples[start + i];
    out[i] = value === undefined || Number.isNaN(value) ? 0 : (value - scale.mean) * scale.factor;
  }
}
