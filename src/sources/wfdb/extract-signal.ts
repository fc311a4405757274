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

/** A run of frames, counted in the digital samples at hand; of less than 2^30 samples of all signals together. */
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
  if (reachesFar(layout, frames, target)) return extractNear(digital, layout, frames, target);
  if (!(digital instanceof Int16Array)) return extractSamples(digital, layout, frames, target);
  const table = physicalTable(layout, frames.frameCount);
  return table
    ? extractByTable(digital, layout, frames, target, table)
    : extractSamples(digital, layout, frames, target);
}

// Four samples a turn: the loop's own cost is as high as that of the arithmetic (0.65 of the plain loop's time). The
// distances are worked out before it, and `| 0` spares tests for an overflow, which `reachesFar` rules out (0.8).
function extractSamples(
  digital: DigitalSamples,
  layout: SignalLayout,
  frames: FrameRange,
  target: SignalTarget,
): number {
  const { frameSamples: step, gain, baseline, invalid } = layout;
  const { out } = target;
  const end = target.outStart + frames.frameCount;
  const [step2, step3, step4] = [2 * step, 3 * step, 4 * step];
  let t = target.outStart;
  let at = frames.firstFrame * step + layout.slot;
  let sum = 0;
  for (; t + 3 < end; t = (t + 4) | 0, at = (at + step4) | 0) {
    const a = digital[at]!;
    const b = digital[(at + step) | 0]!;
    const c = digital[(at + step2) | 0]!;
    const d = digital[(at + step3) | 0]!;
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

/** The same with the physical values of all samples at hand: no division, no test for invalid samples. */
function extractByTable(
  digital: Int16Array,
  layout: SignalLayout,
  frames: FrameRange,
  { out, outStart }: SignalTarget,
  table: Float64Array,
): number {
  const step = layout.frameSamples;
  const [step2, step3, step4, step5] = [2 * step, 3 * step, 4 * step, 5 * step];
  const [step6, step7, step8] = [6 * step, 7 * step, 8 * step];
  const end = outStart + frames.frameCount;
  let t = outStart;
  let at = frames.firstFrame * step + layout.slot;
  let sum = 0;
  for (; t + 7 < end; t = (t + 8) | 0, at = (at + step8) | 0) {
    const a = digital[at]!;
    const b = digital[(at + step) | 0]!;
    const c = digital[(at + step2) | 0]!;
    const d = digital[(at + step3) | 0]!;
    const e = digital[(at + step4) | 0]!;
    const f = digital[(at + step5) | 0]!;
    const g = digital[(at + step6) | 0]!;
    const h = digital[(at + step7) | 0]!;
    sum = (sum + a + b + c + d + e + f + g + h) | 0;
    out[t] = table[a + 32_768]!;
    out[(t + 1) | 0] = table[b + 32_768]!;
    out[(t + 2) | 0] = table[c + 32_768]!;
    out[(t + 3) | 0] = table[d + 32_768]!;
    out[(t + 4) | 0] = table[e + 32_768]!;
    out[(t + 5) | 0] = table[f + 32_768]!;
    out[(t + 6) | 0] = table[g + 32_768]!;
    out[(t + 7) | 0] = table[h + 32_768]!;
  }
  for (; t < end; t++, at += step) {
    const a = digital[at]!;
    sum = (sum + a) | 0;
    out[t] = table[a + 32_768]!;
  }
  return sum;
}

/** Positions below this are 32-bit integers, those of the turn after the last one included. */
const FAR = 2 ** 30;

function reachesFar({ frameSamples }: SignalLayout, frames: FrameRange, { outStart }: SignalTarget): boolean {
  if (frames.firstFrame === 0 && outStart === 0) return false;
  return (frames.firstFrame + frames.frameCount) * frameSamples > FAR || outStart + frames.frameCount > FAR;
}

/** The same by views that begin with the run: positions count from there. */
function extractNear(
  digital: DigitalSamples,
  layout: SignalLayout,
  { firstFrame, frameCount }: FrameRange,
  { out, outStart }: SignalTarget,
): number {
  const { frameSamples } = layout;
  const run = digital.subarray(firstFrame * frameSamples, (firstFrame + frameCount) * frameSamples);
  const target = { out: out.subarray(outStart, outStart + frameCount), outStart: 0 };
  return extractSignal(run, layout, { firstFrame: 0, frameCount }, target);
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
