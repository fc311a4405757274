// From events to samples: every wave of every beat is added to the eight independent leads at exact times.
import type { BeatTemplate, LeadWave } from "./compile-beat.ts";
import type { SyntheticAnatomy } from "./draw-anatomy.ts";
import { FLANK_CUT } from "./heart-wave.ts";
import { LEAD_COUNT, projectVector } from "./lead-field.ts";
import type { AtrialOscillation } from "./rhythm-plan.ts";

/** Samples of the eight independent leads, sample-major: lead l of sample t at `[t * 8 + l]`, mV. */
export type EightLeads = {
  readonly data: Float64Array;
  readonly sampleCount: number;
  readonly samplingRateHz: number;
};

/** A buffer of silence. */
export function createEightLeads(sampleCount: number, samplingRateHz: number): EightLeads {
  return { data: new Float64Array(sampleCount * LEAD_COUNT), sampleCount, samplingRateHz };
}

/** Where a set of waves is put: wave times are `originSeconds + time * unitSeconds`; leads are multiplied. */
export type Placement = {
  readonly originSeconds: number;
  readonly unitSeconds: number;
  readonly gains: Float64Array;
};

/** Add waves (P, QRS or ST-T of one beat). */
export function addWaves(out: EightLeads, waves: readonly LeadWave[], placement: Placement): void {
  for (const wave of waves) addWave(out, wave, placement);
}

function addWave(out: EightLeads, wave: LeadWave, placement: Placement): void {
  const { originSeconds, unitSeconds, gains } = placement;
  const { data, sampleCount, samplingRateHz } = out;
  const from = originSeconds + wave.from * unitSeconds;
  const to = originSeconds + wave.to * unitSeconds;
  const before = wave.before * unitSeconds;
  const after = wave.after * unitSeconds;
  const first = Math.max(0, Math.ceil((from - FLANK_CUT * before) * samplingRateHz));
  const last = Math.min(sampleCount - 1, Math.floor((to + FLANK_CUT * after) * samplingRateHz));
  const amplitude = scratch;
  const leadCount = amplitude.length;
  for (let lead = 0; lead < leadCount; lead++) amplitude[lead] = wave.leads[lead]! * gains[lead]!;
  for (let sample = first; sample <= last; sample++) {
    const t = sample / samplingRateHz;
    const z = t < from ? (t - from) / before : t > to ? (t - to) / after : 0;
    const height = Math.exp(-0.5 * z * z);
    const at = sample * leadCount;
    for (let lead = 0; lead < leadCount; lead++) data[at + lead]! += amplitude[lead]! * height;
  }
}

const scratch = new Float64Array(LEAD_COUNT);

/** Gains of the eight leads at a time: breathing moves the heart against the electrodes. */
export function respirationGainsAt(
  anatomy: SyntheticAnatomy,
  atSeconds: number,
  phase: number,
): Float64Array {
  const breath = Math.sin(2 * Math.PI * anatomy.respirationHz * atSeconds + phase);
  return Float64Array.from(anatomy.respirationGains, (gain) => 1 + gain * breath);
}

/** Add a ventricular beat with its ST-T. */
export function addBeat(
  out: EightLeads,
  beat: BeatTemplate,
  at: { readonly onsetSeconds: number; readonly qtSeconds: number; readonly gains: Float64Array },
): void {
  addWaves(out, beat.qrs, { originSeconds: at.onsetSeconds, unitSeconds: 1, gains: at.gains });
  addWaves(out, beat.repolarisation, {
    originSeconds: at.onsetSeconds + beat.qrsSeconds,
    unitSeconds: at.qtSeconds - beat.qrsSeconds,
    gains: at.gains,
  });
}

/** Width of a pacing spike's flank: 2 ms wide at half its height. */
const SPIKE_SECONDS = 0.0009;

/**
 * Add a pacing spike. Its area is the same at every sampling rate; below 500 Hz it is drawn lower and as wide as
 * two samples, as a recorder with an anti-aliasing filter would.
 */
export function addSpike(out: EightLeads, leads: Float64Array, atSeconds: number): void {
  const width = Math.max(SPIKE_SECONDS, 0.45 / out.samplingRateHz);
  const gains = new Float64Array(LEAD_COUNT).fill(SPIKE_SECONDS / width);
  const wave: LeadWave = { from: atSeconds, to: atSeconds, before: width, after: width, leads };
  addWave(out, wave, { originSeconds: 0, unitSeconds: 1, gains });
}

/** Add fibrillatory or flutter waves over the whole recording. `gain` 1 is usual. */
export function addOscillation(
  out: EightLeads,
  oscillation: AtrialOscillation,
  { field, gain }: { readonly field: Float64Array; readonly gain: number },
): void {
  if (oscillation.kind === "flutter") addFlutter(out, oscillation, { field, gain });
  else addFibrillation(out, oscillation, { field, gain });
}

/** Sawtooth: a slow descent and a fast rise in II, III and aVF; in V1 a small wave upwards at the fast rise. */
function addFlutter(
  { data, sampleCount, samplingRateHz }: EightLeads,
  { rateHz, phase }: AtrialOscillation,
  { field, gain }: { readonly field: Float64Array; readonly gain: number },
): void {
  const saw = projectVector(field, [0.01 * gain, 0.1 * gain, 0.01 * gain]);
  const leadCount = saw.length;
  const pulse = projectVector(field, [-0.01 * gain, 0.012 * gain, -0.035 * gain]);
  for (let sample = 0; sample < sampleCount; sample++) {
    const theta = (2 * Math.PI * rateHz * sample) / samplingRateHz + phase;
    const sine = Math.sin(theta);
    const cosine = Math.cos(theta);
    const sine2 = 2 * sine * cosine;
    const cosine2 = 2 * cosine * cosine - 1;
    const sine3 = sine * cosine2 + cosine * sine2;
    const cosine3 = cosine * cosine2 - sine * sine2;
    const sawHeight = sine + 0.46 * sine2 + 0.22 * sine3;
    const pulseHeight = cosine + 0.5 * cosine2 + 0.2 * cosine3;
    const at = sample * leadCount;
    for (let lead = 0; lead < leadCount; lead++) {
      data[at + lead]! += saw[lead]! * sawHeight + pulse[lead]! * pulseHeight;
    }
  }
}

/**
 * Fibrillatory waves: two sawtooth-like oscillations whose rates and sizes drift, pointing forward (V1) and down.
 * After Stridh and Soernmo, IEEE TBME 48 (2001) 105-111.
 */
function addFibrillation(
  { data, sampleCount, samplingRateHz }: EightLeads,
  { rateHz, phase }: AtrialOscillation,
  { field, gain }: { readonly field: Float64Array; readonly gain: number },
): void {
  const forward = projectVector(field, [-0.012 * gain, 0.018 * gain, -0.042 * gain]);
  const leadCount = forward.length;
  const down = projectVector(field, [0.014 * gain, 0.036 * gain, 0.008 * gain]);
  for (let sample = 0; sample < sampleCount; sample++) {
    const t = (2 * Math.PI * sample) / samplingRateHz;
    const first = rateHz * t + 1.9 * Math.sin(0.31 * t + phase) + 0.9 * Math.sin(0.83 * t + 2 * phase);
    const second = 1.13 * rateHz * t + phase + 2.3 * Math.sin(0.23 * t + 3 * phase);
    const swell = 1 + 0.45 * Math.sin(0.42 * t + phase);
    const forwardHeight = swell * (Math.sin(first) + 0.4 * Math.sin(2 * first + 0.6));
    const downHeight = (1.6 - 0.6 * swell) * (Math.sin(second) + 0.3 * Math.sin(2 * second + 0.3));
    const at = sample * leadCount;
    for (let lead = 0; lead < leadCount; lead++) {
      data[at + lead]! += forward[lead]! * forwardHeight + down[lead]! * downHeight;
    }
  }
}
