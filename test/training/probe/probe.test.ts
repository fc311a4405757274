import { describe, expect, it } from "vitest";
import { createBeatTokenizer } from "../../../src/beat/tokenizer.ts";
import { SUPERCLASSES, type Superclass } from "../../../src/labels/statement-definition.ts";
import { createRng } from "../../../src/shared/rng.ts";
import {
  type LoadedRecording,
  packRecording,
  toLoadedRecording,
} from "../../../src/training/packed-recording.ts";
import { compareReconstruction, countMatches } from "../../../src/training/probe/compare-reconstruction.ts";
import { fitLogistic, predictLogistic } from "../../../src/training/probe/fit-logistic.ts";
import { auroc, bootstrapAuroc, macroAuroc } from "../../../src/training/probe/macro-auroc.ts";
import { fitComponents, projectRows } from "../../../src/training/probe/principal-components.ts";
import { probeBeat } from "../../../src/training/probe/probe-beat.ts";
import { trainSmallResnet } from "../../../src/training/probe/small-resnet.ts";
import { superclassesOf } from "../../../src/training/superclasses.ts";
import { beatingSignal, type recordOf, TINY_BEAT, tinyStore } from "../../beat/tiny-beat.ts";
import { testRuntime } from "../../graph/gradient-check.ts";

describe("auroc", () => {
  it("counts pairs in the right order, ties half", () => {
    // positives 0.8, 0.4; negatives 0.4, 0.1: 0.8 beats both, 0.4 ties one and beats one: 3.5 of 4.
    expect(auroc([0.8, 0.4, 0.4, 0.1], [1, 1, 0, 0])).toBe(0.875);
    expect(auroc([1, 2, 3], [0, 0, 1])).toBe(1);
    expect(auroc([1, 2, 3], [1, 1, 1])).toBeNaN();
  });

  it("counts rows as often as their weights say", () => {
    const repeated = auroc([0.9, 0.2, 0.2, 0.5, 0.5, 0.1], [1, 1, 1, 0, 0, 0]);
    expect(auroc([0.9, 0.2, 0.5, 0.1], [1, 1, 0, 0], [1, 2, 2, 1])).toBeCloseTo(repeated, 12);
  });

  it("of several labels is the mean of those that can be told", () => {
    const scores = Float64Array.of(1, 0, 0, 0, 2, 0, 3, 0);
    const labels = Float64Array.of(0, 1, 0, 1, 1, 1, 1, 1);
    expect(macroAuroc({ scores, labels, labelCount: 2, patientIds: ["a", "b", "c", "d"] })).toBe(1);
  });
});

describe("bootstrapAuroc", () => {
  it("gives an interval around the value, and none of nothing between equal methods", () => {
    const rng = createRng(4);
    const labels = Float64Array.from({ length: 300 }, (_, i) => i % 2);
    const scored = (noise: number) => ({
      scores: labels.map((label) => label + noise * rng.normal()),
      labels,
      labelCount: 1,
      patientIds: Array.from({ length: 300 }, (_, i) => `p${i >> 1}`),
    });
    const good = scored(1);
    const { macro, firstMinus } = bootstrapAuroc(
      { good, same: good, bad: scored(6) },
      { seed: 1, replicates: 300 },
    );
    const { mean, low, high } = macro["good"]!;
    expect(low).toBeLessThan(mean);
    expect(mean).toBeLessThan(high);
    expect(firstMinus["same"]).toEqual({ mean: 0, low: 0, high: 0 });
    expect(firstMinus["bad"]!.low).toBeGreaterThan(0);
  });
});

describe("fitLogistic", () => {
  it("finds the weights that made the labels", () => {
    const rng = createRng(6);
    const rows = 4000;
    const features = Float64Array.from({ length: rows * 2 }, () => rng.normal());
    const labels = Float64Array.from({ length: rows }, (_, row) => {
      const logit = 2 * features[2 * row]! - features[2 * row + 1]! + 0.5;
      return rng.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    });
    const model = fitLogistic(
      { features, width: 2, labels, labelCount: 1 },
      { penalty: 1e-6, iterations: 300 },
    );
    expect(Math.abs(model.weights[0]! / model.deviations[0]! - 2)).toBeLessThan(0.2);
    expect(Math.abs(model.weights[1]! / model.deviations[1]! + 1)).toBeLessThan(0.15);
    // At the minimum the mean error is 0.
    const logits = predictLogistic(model, features);
    const error =
      logits.reduce((sum, logit, row) => sum + 1 / (1 + Math.exp(-logit)) - labels[row]!, 0) / rows;
    expect(Math.abs(error)).toBeLessThan(1e-4);
  });

  it("shrinks with the penalty, and reads a missing feature as the mean", () => {
    const features = Float64Array.of(1, 2, 3, 4, Number.NaN, 5);
    const data = { features, width: 1, labels: Float64Array.of(0, 0, 0, 1, 1, 1), labelCount: 1 };
    const [weak, strong] = [0.01, 10].map((penalty) => fitLogistic(data, { penalty }).weights[0]!);
    expect(weak).toBeGreaterThan(strong! * 5);
    const model = fitLogistic(data, { penalty: 0.1 });
    const [missing, middle] = predictLogistic(model, Float64Array.of(Number.NaN, 3));
    expect(missing).toBeCloseTo(middle!, 12);
  });
});

describe("fitComponents", () => {
  it("finds the directions of most variance", () => {
    const rng = createRng(2);
    const data = new Float32Array(500 * 6);
    for (let row = 0; row < 500; row++) {
      const [a, b] = [5 * rng.normal(), 2 * rng.normal()];
      for (let i = 0; i < 6; i++) {
        data[row * 6 + i] = (i < 3 ? a : b) / Math.sqrt(3) + 0.01 * rng.normal() + 7;
      }
    }
    const found = fitComponents(data, 6, { count: 2, seed: 1, iterations: 8 });
    const third = 1 / Math.sqrt(3);
    expect(found.vectors.subarray(0, 6).map(Math.abs)).toBeAllClose([third, third, third, 0, 0, 0], {
      atol: 0.05,
    });
    expect(found.vectors.subarray(6).map(Math.abs)).toBeAllClose([0, 0, 0, third, third, third], {
      atol: 0.05,
    });
    const scores = projectRows(found, data);
    const variance = (k: number) => scores.reduce((sum, x, i) => sum + (i % 2 === k ? x * x : 0), 0) / 500;
    expect(variance(0) / variance(1)).toBeGreaterThan(4);
  });
});

describe("trainSmallResnet", () => {
  it("tells fast from slow bumps after forty steps", async () => {
    const rows = 64;
    const [leads, samples] = [2, 120];
    const signals = new Float32Array(rows * leads * samples);
    const labels = new Float64Array(rows);
    const rng = createRng(3);
    for (let row = 0; row < rows; row++) {
      labels[row] = row % 2;
      const period = row % 2 === 0 ? 12 : 25;
      for (let i = 0; i < leads * samples; i++) {
        signals[row * leads * samples + i] =
          Math.sin((2 * Math.PI * (i + row)) / period) + 0.3 * rng.normal();
      }
    }
    const options = { runtime: await testRuntime(), steps: 40, seed: 1, threads: 1 };
    const net = await trainSmallResnet({ signals, labels, leads, samples, labelCount: 1 }, options);
    const logits = await net.predict(signals);
    await net.dispose();
    expect(logits).toHaveLength(rows);
    expect(auroc(logits, labels)).toBeGreaterThan(0.95);
  });
});

describe("superclassesOf", () => {
  const of = (codes: string[], recordingId = "ptbxl:1") =>
    superclassesOf({
      identity: { recordingId, patientId: "p", patientKnown: true },
      statements: [],
      sourceLabels: codes.map((code) => ({ system: "scp" as const, code, likelihood: null })),
    });

  it("takes statements and subclasses, with and without the underscore", () => {
    expect(of(["IMI", "LAFB", "SR"])).toEqual(["MI", "CD"]);
    expect(of(["AVB", "ISC_", "ISCA"])).toEqual(["STTC", "CD"]);
    expect(of(["NDT"])).toEqual(["STTC"]);
    expect(of(["SR"])).toEqual([]);
  });

  it("says nothing of recordings of other sources", () => {
    expect(of(["IMI"], "ludb:1")).toBeNull();
  });
});

describe("countMatches", () => {
  it("pairs each beat once, within reach", () => {
    expect(countMatches([100, 200, 300], [109, 195, 311], 10)).toBe(2);
    expect(countMatches([100, 101], [100], 10)).toBe(1);
    expect(countMatches([], [5], 10)).toBe(0);
  });
});

/** Recordings whose superclass is their beat's rate: 100 Hz, so that measurement has enough samples. */
function labelled(count: number, fold: number, seed: number): LoadedRecording[] {
  return Array.from({ length: count }, (_, index) => {
    const superclass: Superclass = SUPERCLASSES[index % SUPERCLASSES.length]!;
    const signal = beatingSignal(500, { cycle: 30 + 5 * (index % SUPERCLASSES.length), seed: seed + index });
    const id = `ptbxl:${seed + index}`;
    const identity = { recordingId: id, patientId: id, patientKnown: true, fold };
    const facts = { identity, unit: "mV" as const, nativeHz: 50, superclasses: [superclass] };
    return toLoadedRecording(
      packRecording(signal, facts),
      fold === 10 ? "test" : fold === 9 ? "val" : "train",
    );
  });
}

describe("probeBeat", () => {
  it("reads rates off the codes, beside its rivals, and measures before and after", async () => {
    const runtime = await testRuntime();
    const tokenizer = createBeatTokenizer(TINY_BEAT, tinyStore(), { runtime });
    const recordings = { train: labelled(40, 1, 0), val: labelled(10, 9, 100), test: labelled(20, 10, 200) };
    const options = { runtime, seed: 1, threads: 1, resnetSteps: 2 };
    const report = await probeBeat(tokenizer, recordings, options);
    expect(report.recordings).toEqual({ train: 40, val: 10, test: 20 });
    expect(Object.keys(report.methods)).toEqual(["beatWithScale", "beat", "pca", "measured", "resnet"]);
    for (const { macroAuroc: found } of Object.values(report.methods)) {
      expect(found.low).toBeLessThanOrEqual(found.high);
      expect(found.mean).toBeGreaterThan(0);
    }
    expect(report.methods["measured"]!.macroAuroc.mean).toBeGreaterThan(0.9); // the rate is a measurement
    const { reconstruction } = report;
    expect(reconstruction.recordings).toBe(20);
    expect(reconstruction.msePerSuperclass.NORM.n).toBe(4);
    const empty = { ...recordings, test: [] };
    await expect(probeBeat(tokenizer, empty, options)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await tokenizer.dispose();
  });

  it("finds no error where nothing is lost", async () => {
    const recordings = labelled(3, 10, 300);
    const found = await compareReconstruction(
      {
        config: TINY_BEAT,
        encode: async (record) => [{ record } as never],
        decode: async ([codes]) => {
          const { record } = codes as unknown as { record: ReturnType<typeof recordOf> };
          return { samplingRateHz: 50, signal: record.signal, unit: "mV", startSample: 0 };
        },
        forecast: async () => Promise.reject(new Error("not asked for")),
        dispose: async () => undefined,
      },
      recordings,
    );
    expect(found.rPeakF1).toBe(1);
    expect(found.heartRateErrorBpm).toMatchObject({ median: 0, p90: 0 });
    expect(found.msePerSuperclass.MI).toEqual({ mse: 0, n: 1 });
  });
});
