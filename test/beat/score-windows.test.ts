import { describe, expect, it } from "vitest";
import type { BeatConfig } from "../../src/beat/beat-config.ts";
import { BEAT_PRESETS } from "../../src/beat/beat-config.ts";
import type { BeatForward } from "../../src/beat/beat-forward.ts";
import { evaluateBeat } from "../../src/beat/evaluate-beat.ts";
import { listWindows, windowStarts } from "../../src/beat/evaluation-windows.ts";
import { halfSeconds, scoreWindows } from "../../src/beat/score-windows.ts";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { beatingSignal, TINY_BEAT } from "./tiny-beat.ts";

const config: BeatConfig = { ...TINY_BEAT, dimension: 2, queryCount: 2, codebookSize: 4 };
const { leadCount, inputSamples, predictionSamples } = config;
const CORE = Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1);

/** Reconstructs everything 0.5 too high, predicts zero, and always answers the given codes and queries. */
function fakeForward(batch: number): BeatForward {
  return {
    config,
    batch,
    codebook: (name) => (name === "core" ? CORE : Float32Array.of(0, 0, 0.5, 0.5, 0, 0, 0, 0)),
    run: async (signal) => ({
      reconstruction: signal.map((x) => x + 0.5),
      prediction: new Float32Array(batch * leadCount * predictionSamples),
      // Query 0 is (1, 0.5): core code 1 leaves (0, 0.5), residual code 1 leaves (-0.5, 0). Query 1 is code 2 exactly.
      queries: Float32Array.from({ length: batch * 4 }, (_, index) => [1, 0.5, 0, 1][index % 4]!),
      codes: [
        Int32Array.from({ length: batch * 2 }, (_, row) => (row % 2 === 0 ? 1 : 2)),
        Int32Array.from({ length: batch * 2 }, (_, row) => (row % 2 === 0 ? 1 : 0)),
      ],
    }),
    dispose: async () => undefined,
  };
}

describe("windowStarts", () => {
  it("are 0, 500 and 1000 in ten seconds at 250 Hz, 0 alone in six, none in less", () => {
    const { base } = BEAT_PRESETS;
    expect(windowStarts(2500, base)).toEqual([0, 500, 1000]);
    expect(windowStarts(1500, base)).toEqual([0]);
    expect(windowStarts(1499, base)).toEqual([]);
  });

  it("are thinned at equal distances over all recordings", () => {
    const windows = listWindows([400, 400, 250, 400], config, 3);
    expect(windows).toEqual([
      { recording: 0, start: 0 },
      { recording: 1, start: 0 },
      { recording: 3, start: 0 },
    ]);
  });
});

describe("scoreWindows", () => {
  const recordings = [{ signal: beatingSignal(400) }, { signal: beatingSignal(300, { seed: 2 }) }];
  const windows = listWindows([400, 300], config);

  it("gives the errors that a hand computation gives", async () => {
    expect(windows).toHaveLength(3);
    const scores = await scoreWindows(fakeForward(2), recordings, windows); // the last batch is half empty
    expect(scores.segments).toBe(3);
    expect(scores.mse).toBeCloseTo(0.25, 6);
    expect(scores.lRecon).toBe(scores.mse);
    expect(scores.prdPercent).toBeCloseTo(50, 3); // z-scores have energy 1 a sample: 100 sqrt(0.25)
    expect(scores.snrDb).toBeCloseTo(10 * Math.log10(4), 3);
    // core leaves (0, 0.5) and (0, 0); residual leaves (-0.5, 0) and (0, 0); 1.25 (0.25 + 0.25) / 4 elements.
    expect(scores.lVq).toBeCloseTo(0.15625, 6);
    expect(scores.lTotal).toBeCloseTo(scores.lRecon + 0.5 * scores.lPred + 0.25 * scores.lVq, 9);
    expect(scores.codeUse).toEqual([0.5, 0.5]);
    expect(scores.deadCodes).toEqual([2, 2]);
    expect(scores.perplexity[0]).toBeCloseTo(2, 9);
  });

  it("scores the prediction by half second, and the parts make up the whole", async () => {
    const scores = await scoreWindows(fakeForward(2), recordings, windows);
    expect(halfSeconds(config)).toHaveLength(4);
    const mean = scores.forecastMsePerHalfSecond.reduce((sum, part) => sum + part, 0) / 4;
    expect(mean).toBeCloseTo(scores.lPred, 9);
  });

  it("leaves flat and missing leads out of every error", async () => {
    const signal = beatingSignal(300);
    leadSamples(signal, 4).fill(Number.NaN);
    leadSamples(signal, 5).fill(1);
    const [first] = listWindows([300], config);
    let leads = 0;
    const onWindow = (errors: { leads: number }): void => {
      leads = errors.leads;
    };
    const scores = await scoreWindows(fakeForward(1), [{ signal }], [first!], { onWindow });
    expect(leads).toBe(10);
    expect(scores.mse).toBeCloseTo(0.25, 6); // a zero lead put 0.5 too high would count as 0.25, too: see lPred
    const whole = await scoreWindows(fakeForward(1), [{ signal: beatingSignal(300) }], [first!]);
    expect(scores.lPred).not.toBeCloseTo((whole.lPred * 10) / 12, 3);
  });
});

describe("evaluateBeat", () => {
  it("compares a forecast of zero with the baselines on the same samples, by patient", async () => {
    const recordings = Array.from({ length: 6 }, (_, index) => ({
      patientId: `p${Math.floor(index / 2)}`,
      sampleCount: 400,
      signal: beatingSignal(400, { cycle: 40, seed: index }),
    }));
    const found = await evaluateBeat(fakeForward(4), recordings);
    expect([found.recordings, found.patients, found.segments]).toEqual([6, 3, 12]);
    // A forecast of zero is the zero baseline; a signal that repeats is forecast well by repeating it.
    expect(found.forecastMse).toBeCloseTo(found.zeroMse, 6);
    expect(found.forecastMinus.zero).toMatchObject({ patients: 3, items: 12 });
    expect(Math.abs(found.forecastMinus.zero.mean)).toBeLessThan(1e-6);
    expect(found.persistenceMse).toBeLessThan(0.1);
    expect(found.forecastMinus.persistence.low).toBeGreaterThan(0.5);
    expect(found.codeUse).toEqual({ core: 0.5, residual: 0.5 });
    expect(found.typicalWindow.recording).toBeGreaterThanOrEqual(0);
  });

  it("takes no more windows than asked for", async () => {
    const recording = { patientId: "a", sampleCount: 2000, signal: beatingSignal(2000) };
    expect((await evaluateBeat(fakeForward(4), [recording], { limit: 5 })).segments).toBe(5);
  });

  it("scores each input sample once: energy is the number of samples", async () => {
    let energy = 0;
    const onWindow = (errors: { energy: number }): void => {
      energy = errors.energy;
    };
    await scoreWindows(fakeForward(1), [{ signal: beatingSignal(300) }], listWindows([300], config), {
      onWindow,
    });
    expect(energy).toBeCloseTo(leadCount * inputSamples, 0);
  });
});
