import { describe, expect, it } from "vitest";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { drawBatch, NO_AUGMENTATION, type TrainingRecording } from "../../src/training/draw-segments.ts";
import { beatingSignal, TINY_BEAT } from "../beat/tiny-beat.ts";

const { inputSamples, predictionSamples, leadCount } = TINY_BEAT;
const RECORDINGS: TrainingRecording[] = [40, 45, 50].map((cycle, index) => ({
  id: `r${index}`,
  patientId: `p${index}`,
  signal: beatingSignal(500, { cycle, seed: index }),
}));
const draw = (step: number, augmentation = NO_AUGMENTATION, seed = 7) =>
  drawBatch(RECORDINGS, step, { config: TINY_BEAT, batch: 4, seed, augmentation });

describe("drawBatch", () => {
  it("is a function of seed and step alone", () => {
    const augmentation = {
      ...NO_AUGMENTATION,
      timeStretch: 0.2,
      noise: 0.05,
      leadDropout: 0.2,
      leadMixing: 0.2,
    };
    draw(3, augmentation);
    expect(draw(8, augmentation)).toEqual(draw(8, augmentation));
    expect(draw(9, augmentation).signal).not.toEqual(draw(8, augmentation).signal);
    expect(draw(8, augmentation, 6).signal).not.toEqual(draw(8, augmentation).signal);
  });

  it("z-scores every lead of every segment", () => {
    const { signal, leadWeights } = draw(1);
    for (let row = 0; row < 4 * leadCount; row++) {
      const lead = signal.subarray(row * inputSamples, (row + 1) * inputSamples);
      const mean = lead.reduce((sum, x) => sum + x, 0) / inputSamples;
      const variance = lead.reduce((sum, x) => sum + x * x, 0) / inputSamples - mean * mean;
      expect(Math.abs(mean)).toBeLessThan(1e-5);
      expect(Math.abs(variance - 1)).toBeLessThan(1e-4);
    }
    expect(leadWeights.every((weight) => weight === 1)).toBe(true);
  });

  it("cuts segments out of recordings as they are: input and future go on into each other", () => {
    const { signal, future } = draw(2);
    const own = signal.subarray(0, inputSamples);
    const next = future.subarray(0, predictionSamples);
    // Some recording holds these samples in a row, up to scale and offset.
    const found = RECORDINGS.some(({ signal: whole }) => {
      const samples = leadSamples(whole, 0);
      for (let start = 0; start + 300 <= samples.length; start++) {
        const window = samples.subarray(start, start + inputSamples);
        const mean = window.reduce((sum, x) => sum + x, 0) / inputSamples;
        const deviation = Math.sqrt(window.reduce((sum, x) => sum + (x - mean) ** 2, 0) / inputSamples);
        const z = (t: number): number => (samples[start + t]! - mean) / deviation;
        if (Math.abs(z(3) - own[3]!) > 1e-4 || Math.abs(z(77) - own[77]!) > 1e-4) continue;
        return Math.abs(z(inputSamples + 40) - next[40]!) < 1e-3;
      }
      return false;
    });
    expect(found).toBe(true);
  });

  it("read at hardly stretched times is what it was: interpolation adds nothing of its own", () => {
    const length = inputSamples + predictionSamples;
    const recording = [{ id: "a", patientId: "a", signal: beatingSignal(length) }]; // one start only
    const options = { config: TINY_BEAT, batch: 2, seed: 1 };
    const augmentation = { ...NO_AUGMENTATION, timeStretch: 1e-7 };
    const stretched = drawBatch(recording, 0, { ...options, augmentation });
    const plain = drawBatch(recording, 0, { ...options, augmentation: NO_AUGMENTATION });
    expect(stretched.signal).toBeAllClose(plain.signal, { atol: 1e-4 });
    expect(stretched.future).toBeAllClose(plain.future, { atol: 1e-4 });
  });

  it("stretches time: the cycle of a periodic signal comes out longer or shorter, within bounds", () => {
    const recording = [RECORDINGS[0]!];
    const cycles = Array.from({ length: 12 }, (_, step) => {
      const augmentation = { ...NO_AUGMENTATION, timeStretch: 0.25 };
      const { signal } = drawBatch(recording, step, { config: TINY_BEAT, batch: 1, seed: 1, augmentation });
      return cycleOf(signal.subarray(0, inputSamples));
    });
    expect(Math.min(...cycles)).toBeGreaterThanOrEqual(40 / 1.25 - 1);
    expect(Math.max(...cycles)).toBeLessThanOrEqual(40 * 1.25 + 1);
    expect(Math.max(...cycles) - Math.min(...cycles)).toBeGreaterThan(4);
  });

  it("drops leads: zero, and out of the errors", () => {
    const { signal, future, leadWeights } = draw(1, { ...NO_AUGMENTATION, leadDropout: 0.5 });
    const dropped = leadWeights.indexOf(0);
    expect(dropped).toBeGreaterThanOrEqual(0);
    expect(signal.subarray(dropped * inputSamples, (dropped + 1) * inputSamples).every((x) => x === 0)).toBe(
      true,
    );
    const after = future.subarray(dropped * predictionSamples, (dropped + 1) * predictionSamples);
    expect(after.every((x) => x === 0)).toBe(true);
  });

  it("adds noise to the input, not to what is to be predicted", () => {
    const noisy = draw(4, { ...NO_AUGMENTATION, noise: 0.1 });
    const clean = draw(4);
    const error = rms(noisy.signal, clean.signal);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.1);
    expect(rms(noisy.future, clean.future)).toBe(0);
  });
});

function rms(a: Float32Array, b: Float32Array): number {
  // Rows after the first draw from a generator that noise has advanced: compare the first row.
  const count = a.length / 4;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / count);
}

/** Lag of the highest autocorrelation between 25 and 60 samples. */
function cycleOf(samples: Float32Array): number {
  let best = { lag: 0, product: Number.NEGATIVE_INFINITY };
  for (let lag = 25; lag <= 60; lag++) {
    let product = 0;
    for (let t = lag; t < samples.length; t++) product += samples[t]! * samples[t - lag]!;
    if (product / (samples.length - lag) > best.product)
      best = { lag, product: product / (samples.length - lag) };
  }
  return best.lag;
}
