import { describe, expect, it } from "vitest";
import { findLastCycle, forecastPersistence, forecastZero } from "../../src/beat/forecast-baselines.ts";
import { leadSamples, stackLeads } from "../../src/record/lead-matrix.ts";
import { createRng } from "../../src/shared/rng.ts";
import { beatingSignal } from "./tiny-beat.ts";

const samplingRateHz = 50;

describe("forecastZero", () => {
  it("is each lead's mean, without missing samples", () => {
    const input = stackLeads([Float32Array.of(1, 3, Number.NaN), Float32Array.of(2, 2, 5)]);
    expect([...forecastZero(input, 2).data]).toEqual([2, 2, 3, 3]);
  });
});

describe("findLastCycle", () => {
  it("finds the period that all leads share", () => {
    const { lengthSamples, correlation } = findLastCycle(beatingSignal(400, { cycle: 37 }), samplingRateHz);
    expect(lengthSamples % 37).toBe(0);
    expect(correlation).toBeGreaterThan(0.95);
  });

  it("finds little in noise", () => {
    const rng = createRng(1);
    const noise = stackLeads([Float32Array.from({ length: 400 }, () => rng.normal())]);
    expect(findLastCycle(noise, samplingRateHz).correlation).toBeLessThan(0.35);
  });

  it("is the normalised autocorrelation", () => {
    const rng = createRng(9);
    const x = Float64Array.from({ length: 200 }, (_, t) => Math.sin(t / 5) + 0.2 * rng.normal());
    const { lengthSamples: lag, correlation } = findLastCycle(stackLeads([x]), samplingRateHz);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    let [product, energy] = [0, 0];
    for (let t = lag; t < x.length; t++) {
      const [now, before] = [x[t]! - mean, x[t - lag]! - mean];
      product += now * before;
      energy += (now * now + before * before) / 2;
    }
    expect(correlation).toBeCloseTo(product / energy, 5);
  });
});

describe("forecastPersistence", () => {
  it("repeats the last cycle of a periodic signal exactly", () => {
    const sine = (t: number): number => Math.sin((2 * Math.PI * t) / 40);
    const input = stackLeads([Float64Array.from({ length: 200 }, (_, t) => sine(t))]);
    const found = forecastPersistence(input, 100, { samplingRateHz, scaled: false });
    expect(leadSamples(found, 0)).toBeAllClose(
      Float64Array.from({ length: 100 }, (_, t) => sine(200 + t)),
      { atol: 1e-5 },
    );
  });

  it("is shrunk towards the mean by the correlation when scaled", () => {
    const input = beatingSignal(300);
    const plain = forecastPersistence(input, 50, { samplingRateHz, scaled: false });
    const scaled = forecastPersistence(input, 50, { samplingRateHz, scaled: true });
    const { correlation } = findLastCycle(input, samplingRateHz);
    const mean = leadSamples(input, 3).reduce((sum, x) => sum + x, 0) / 300;
    const wanted = leadSamples(plain, 3).map((x) => mean + correlation * (x - mean));
    expect(leadSamples(scaled, 3)).toBeAllClose(wanted, { atol: 1e-5 });
  });
});
