// Takes one signal out of interleaved digital samples: physical units, invalid samples, sums in one pass.
import type { DigitalSamples } from "./decode-samples.ts";
import { physicalTable, type SampleScale } from "./physical-table.ts";

/** Where a signal lies in the frames of its file and what its numbers mean. */
export type SignalLayout = SampleScale & {
  /** Samples of all signals in one frame, and the place of this signal's first one among them. */
  readonly frameSamples: number;
  readonly slot: number;
  readonly samplesPerFrame: number;
};

/** A run of frames, counted in the digital samples at hand. */
export type FrameRange = { readonly firstFrame: number; readonly frameCount: number };

/** Where physical values go: frame `firstFrame` to `out[outStart]`, and so on. */
export type SignalTarget = { readonly out: Float64Array; readonly outStart: number };

/**
 * Write the physical values of a run of frames to `target`.
 *
 * physical = (digital - baseline) / gain; an invalid sample is NaN. Several samples of one frame become their
 * digital mean, cut to an integer towards 0 (as wfdb-python's `smooth_frames` stores it); a frame with an
 * invalid sample is NaN.
 * @returns the sum of the digital samples read, modulo 2^32: compare its low 16 bits with a checksum.
 */
export function extractSignal(
  digital: DigitalSamples,
  layout: SignalLayout,
  frames: FrameRange,
  target: SignalTarget,
): number {
  if (layout.samplesPerFrame > 1) return extractFrames(digital, layout, frames, target);
  if (!(digital instanceof Int16Array)) return extractSamples(digital, layout, frames, target);
  const table = physicalTable(layout, frames.frameCount);
  return table
    ? extractByTable(digital, layout, frames, target, table)
    : extractSamples(digital, layout, frames, target);
}

// Four samples a turn: the loop's own cost is as high as that of the arithmetic (0.65 of the plain loop's time).
function extractSamples(
  digital: DigitalSamples,
  layout: SignalLayout,
  frames: FrameRange,
  target: SignalTarget,
): number {
  const { frameSamples: step, gain, baseline, invalid } = layout;
  const { out } = target;
  const end = target.outStart + frames.frameCount;
  let t = target.outStart;
  let at = frames.firstFrame * step + layout.slot;
  let sum = 0;
  for (; t + 3 < end; t += 4, at += 4 * step) {
    const a = digital[at]!;
    const b = digital[at + step]!;
    const c = digital[at + 2 * step]!;
    const d = digital[at + 3 * step]!;
    sum = (sum + a + b + c + d) | 0;
    out[t] = (a - baseline) / gain;
    out[t + 1] = (b - baseline) / gain;
    out[t + 2] = (c - baseline) / gain;
    out[t + 3] = (d - baseline) / gain;
    if (a === invalid || b === invalid || c === invalid || d === invalid) {
      if (a === invalid) out[t] = Number.NaN;
      if (b === invalid) out[t + 1] = Number.NaN;
      if (c === invalid) out[t + 2] = Number.NaN;
      if (d === invalid) out[t + 3] = Number.NaN;
    }
  }
  for (; t < end; t++, at += step) {
    const a = digital[at]!;
    sum = (sum + a) | 0;
    out[t] = a === invalid ? Number.NaN : (a - baseline) / gain;
  }
  return sum;
}

/** The same with the physical values of all samples at hand: no arithmetic, no test for invalid samples. */
function extractByTable(
  digital: Int16Array,
  layout: SignalLayout,
  frames: FrameRange,
  { out, outStart }: SignalTarget,
  table: Float64Array,
): number {
  const step = layout.frameSamples;
  const end = outStart + frames.frameCount;
  let t = outStart;
  let at = frames.firstFrame * step + layout.slot;
  let sum = 0;
  for (; t + 3 < end; t += 4, at += 4 * step) {
    const a = digital[at]!;
    const b = digital[at + step]!;
    const c = digital[at + 2 * step]!;
    const d = digital[at + 3 * step]!;
    sum = (sum + a + b + c + d) | 0;
    out[t] = table[a + 32_768]!;
    out[t + 1] = table[b + 32_768]!;
    out[t + 2] = table[c + 32_768]!;
    out[t + 3] = table[d + 32_768]!;
  }
  for (; t < end; t++, at += step) {
    const a = digital[at]!;
    sum = (sum + a) | 0;
    out[t] = table[a + 32_768]!;
  }
  return sum;
}

/** The sum of a signal's digital samples in frames [firstFrame, firstFrame + frameCount), modulo 2^32. */
export function sumSignal(digital: DigitalSamples, layout: SignalLayout, frames: FrameRange): number {
  let sum = 0;
  for (let frame = frames.firstFrame; frame < frames.firstFrame + frames.frameCount; frame++) {
    const first = frame * layout.frameSamples + layout.slot;
    for (let s = 0; s < layout.samplesPerFrame; s++) sum = (sum + digital[first + s]!) | 0;
  }
  return sum;
}

function extractFrames(
  digital: DigitalSamples,
  layout: SignalLayout,
  frames: FrameRange,
  target: SignalTarget,
): number {
  const { frameSamples, samplesPerFrame, gain, baseline, invalid } = layout;
  let at = frames.firstFrame * frameSamples + layout.slot;
  let sum = 0;
  for (let t = target.outStart; t < target.outStart + frames.frameCount; t++) {
    let total = 0;
    let valid = true;
    for (let s = 0; s < samplesPerFrame; s++) {
      const sample = digital[at + s]!;
      total += sample;
      if (sample === invalid) valid = false;
    }
    sum = (sum + total) | 0;
    target.out[t] = valid ? (Math.trunc(total / samplesPerFrame) - baseline) / gain : Number.NaN;
    at += frameSamples;
  }
  return sum;
}
