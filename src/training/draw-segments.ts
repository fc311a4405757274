// Training segments: random recordings, random offsets, and changes that a real heart or amplifier could make.
import type { BeatConfig } from "../beat/beat-config.ts";
import { type BeatSegment, createSegment, fillSegment } from "../beat/segment.ts";
import { createLeadMatrix, type LeadMatrix, leadSamples } from "../record/lead-matrix.ts";
import { createRng, type Rng } from "../shared/rng.ts";
import { momentsOf } from "../signal/moments.ts";

export type Augmentation = {
  /** Time is stretched by a factor drawn log-uniformly from 1 / (1 + x) to 1 + x: other heart rates. */
  timeStretch: number;
  /** Standard deviation of white noise, in SDs of the lead. */
  noise: number;
  /** Chance that a lead is dropped (zero, and out of the errors). */
  leadDropout: number;
  /** Leads are turned towards each other: a random 12 x 12 mixing of this size, as a turned heart would give. */
  leadMixing: number;
};

export const NO_AUGMENTATION: Augmentation = { timeStretch: 0, noise: 0, leadDropout: 0, leadMixing: 0 };

/** A recording to draw from: twelve leads at the model's rate, mV or z-scores, NaN where missing. */
export type TrainingRecording = {
  readonly id: string;
  readonly patientId: string;
  readonly signal: LeadMatrix;
};

export type SegmentBatch = {
  /** (batch, leads, inputSamples). */
  readonly signal: Float32Array;
  readonly future: Float32Array;
  /** (batch, leads). */
  readonly leadWeights: Float32Array;
};

export type DrawOptions = {
  readonly config: BeatConfig;
  readonly batch: number;
  readonly seed: number | string;
  readonly augmentation: Augmentation;
};

/**
 * The batch of a training step: a pure function of seed and step, so that a resumed run draws what it would have
 * drawn. Recordings shorter than input + prediction are drawn with a shorter past (left-padded).
 */
export function drawBatch(
  recordings: readonly TrainingRecording[],
  step: number,
  options: DrawOptions,
): SegmentBatch {
  const { config, batch } = options;
  const rng = createRng(`${options.seed}/batch/${step}`);
  const segment = createSegment(config);
  const out: SegmentBatch = {
    signal: new Float32Array(batch * segment.signal.length),
    future: new Float32Array(batch * segment.future.length),
    leadWeights: new Float32Array(batch * config.leadCount),
  };
  for (let row = 0; row < batch; row++) {
    const recording = rng.pick(recordings);
    drawSegment(segment, recording.signal, rng, options);
    out.signal.set(segment.signal, row * segment.signal.length);
    out.future.set(segment.future, row * segment.future.length);
    out.leadWeights.set(segment.leadWeights, row * config.leadCount);
  }
  return out;
}

function drawSegment(segment: BeatSegment, signal: LeadMatrix, rng: Rng, options: DrawOptions): void {
  const { config, augmentation } = options;
  const length = config.inputSamples + config.predictionSamples;
  const limit = Math.log1p(augmentation.timeStretch);
  const stretch = Math.min(Math.exp(rng.uniform(-limit, limit)), Math.max(1, signal.sampleCount / length));
  const start = rng.integer(Math.max(1, Math.floor(signal.sampleCount - length * stretch) + 1));
  const window = stretchWindow(signal, start, { length, stretch });
  if (augmentation.leadMixing > 0) mixLeads(window, rng, augmentation.leadMixing);
  fillSegment(segment, window, 0, config);
  if (augmentation.noise > 0) {
    const level = augmentation.noise * rng.next();
    for (let i = 0; i < segment.signal.length; i++) segment.signal[i]! += level * rng.normal();
  }
  if (augmentation.leadDropout > 0) dropLeads(segment, rng, augmentation.leadDropout, config);
}

/** Samples [start, start + length * stretch) read at `stretch` samples a sample, by cubic interpolation. */
function stretchWindow(
  signal: LeadMatrix,
  start: number,
  { length, stretch }: { readonly length: number; readonly stretch: number },
): LeadMatrix {
  const out = createLeadMatrix(signal.leadCount, length);
  for (let lead = 0; lead < signal.leadCount; lead++) {
    const samples = leadSamples(signal, lead);
    const target = leadSamples(out, lead);
    if (stretch === 1) {
      target.set(samples.subarray(start, start + length));
      continue;
    }
    for (let t = 0; t < length; t++) target[t] = interpolate(samples, start + t * stretch);
  }
  return out;
}

/** Catmull-Rom between the four samples around `place`; the ends repeat. */
function interpolate(samples: Float32Array, place: number): number {
  const at = Math.floor(place);
  const u = place - at;
  const last = samples.length - 1;
  const b = samples[Math.min(at, last)]!;
  const c = samples[Math.min(at + 1, last)]!;
  const a = samples[Math.max(0, at - 1)]!;
  const d = samples[Math.min(at + 2, last)]!;
  return b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
}

function mixLeads(window: LeadMatrix, rng: Rng, size: number): void {
  const { leadCount, sampleCount } = window;
  const deviations = Array.from(
    { length: leadCount },
    (_, lead) => momentsOf(leadSamples(window, lead)).sd || 0,
  );
  const weights = Float64Array.from(
    { length: leadCount * leadCount },
    () => (size * rng.normal()) / Math.sqrt(leadCount),
  );
  const column = new Float64Array(leadCount);
  for (let t = 0; t < sampleCount; t++) {
    for (let lead = 0; lead < leadCount; lead++) {
      const value = window.data[lead * sampleCount + t]!;
      column[lead] = Number.isNaN(value) || deviations[lead]! === 0 ? 0 : value / deviations[lead]!;
    }
    for (let lead = 0; lead < leadCount; lead++) {
      let added = 0;
      for (let other = 0; other < leadCount; other++)
        added += weights[lead * leadCount + other]! * column[other]!;
      window.data[lead * sampleCount + t]! += added * deviations[lead]!;
    }
  }
}

function dropLeads(segment: BeatSegment, rng: Rng, chance: number, config: BeatConfig): void {
  for (let lead = 0; lead < config.leadCount; lead++) {
    if (rng.next() >= chance) continue;
    segment.leadWeights[lead] = 0;
    segment.signal.fill(0, lead * config.inputSamples, (lead + 1) * config.inputSamples);
    segment.future.fill(0, lead * config.predictionSamples, (lead + 1) * config.predictionSamples);
  }
}
