// Recipes made personal: asked durations are met, shapes keep their proportions, measuring a shape.
import { describe, expect, it } from "vitest";
import { SINUS_P_WAVE } from "../../../src/record/synthesize/atrial-recipes.ts";
import {
  type BodyTransform,
  compileAtrialWave,
  compileBeat,
  scaleBeat,
  sumWaves,
} from "../../../src/record/synthesize/compile-beat.ts";
import { bump } from "../../../src/record/synthesize/heart-wave.ts";
import { createLeadField } from "../../../src/record/synthesize/lead-field.ts";
import { expandLeads, measureBeatShape } from "../../../src/record/synthesize/measure-beat-shape.ts";
import { LEFT_BUNDLE_BEAT, NORMAL_BEAT } from "../../../src/record/synthesize/ventricular-recipes.ts";
import { createRng } from "../../../src/shared/rng.ts";

const BODY: BodyTransform = {
  field: createLeadField({
    heartShiftCm: [0, 0, 0],
    electrodeShiftCm: Array.from({ length: 6 }, () => [0, 0, 0] as const),
    leadGains: Array(8).fill(1),
  }),
  frontalTurnDegrees: 0,
  horizontalTurnDegrees: 0,
  qrsGain: 1,
  repolarisationGain: 1,
  pGain: 1,
  uFraction: 0,
  jitter: createRng("no jitter"),
  jitterSize: 0,
};

/** Largest of the eight leads at a time of the QRS. */
function largest(beat: ReturnType<typeof compileBeat>, at: number): number {
  return Math.max(...sumWaves(beat.qrs, at, new Float64Array(8)).map(Math.abs));
}

describe("compileBeat", () => {
  it.each([0.08, 0.1, 0.15])("begins at 0 and ends at %d s: 0.6% of the peak at both edges", (qrsSeconds) => {
    for (const recipe of [NORMAL_BEAT, LEFT_BUNDLE_BEAT]) {
      const beat = compileBeat(recipe, BODY, qrsSeconds);
      const times = Array.from({ length: 2001 }, (_, i) => (i / 1000 - 0.5) * qrsSeconds * 2);
      const peak = Math.max(...times.map((at) => largest(beat, at)));
      expect(largest(beat, 0) / peak).toBeCloseTo(0.006, 2.7);
      expect(largest(beat, qrsSeconds) / peak).toBeCloseTo(0.006, 2.7);
      expect(largest(beat, -0.02 * qrsSeconds) / peak).toBeLessThan(0.006);
      expect(largest(beat, 1.02 * qrsSeconds) / peak).toBeLessThan(0.006);
    }
  });

  it("stretches time only: voltages do not depend on the duration", () => {
    const [short, long] = [0.08, 0.11].map((seconds) =>
      measureBeatShape(compileBeat(NORMAL_BEAT, BODY, seconds)),
    );
    expect(long!.leads.V5.rMv).toBeCloseTo(short!.leads.V5.rMv, 2);
    expect(long!.axisDegrees).toBeCloseTo(short!.axisDegrees, 0);
  });

  it("puts a single bump's R peak in the middle, at the projected height", () => {
    const recipe = {
      name: "one",
      qrs: [bump(0, 10, [1, 0, 0])],
      repolarisation: [bump(0.7, 0.1, [0.2, 0, 0])],
    };
    const beat = compileBeat(recipe, BODY, 0.1);
    expect(beat.rPeakSeconds).toBeCloseTo(0.05, 4);
    expect(sumWaves(beat.qrs, 0.05, new Float64Array(8))[0]).toBeCloseTo(0.647, 6);
    // A Gaussian falls to 0.6% at 3.2 widths: 0.1 s hold 6.4 of them.
    expect(beat.qrs[0]!.before).toBeCloseTo(0.1 / (2 * Math.sqrt(2 * Math.log(1 / 0.006))), 4);
    // T ends at 3.5% of its height, 2.59 widths after its peak.
    expect(beat.tPeakFraction).toBeCloseTo(0.7 / (0.7 + 0.1 * Math.sqrt(2 * Math.log(1 / 0.035))), 2);
  });

  it("jitters by the patient, the same way every time", () => {
    const jittered = (seed: string): number =>
      measureBeatShape(compileBeat(NORMAL_BEAT, { ...BODY, jitter: createRng(seed), jitterSize: 1 }, 0.09))
        .leads.II.rMv;
    expect(jittered("a")).toBe(jittered("a"));
    expect(jittered("a")).not.toBe(jittered("b"));
  });
});

describe("compileAtrialWave", () => {
  it("lasts as asked, upright in II and biphasic in V1", () => {
    const p = compileAtrialWave(SINUS_P_WAVE, BODY, 0.1);
    const at = (lead: number, seconds: number): number =>
      sumWaves(p.waves, seconds, new Float64Array(8))[lead]!;
    expect(at(1, 0.05)).toBeGreaterThan(0.07);
    expect(at(2, 0.035)).toBeGreaterThan(0.01);
    expect(at(2, 0.072)).toBeLessThan(-0.01);
    expect(Math.abs(at(1, -0.01))).toBeLessThan(0.01);
    expect(Math.abs(at(1, 0.11))).toBeLessThan(0.01);
  });
});

describe("measureBeatShape", () => {
  it("reads voltages, Q, ST, T and axis off a beat built by hand", () => {
    const recipe = {
      name: "by-hand",
      qrs: [bump(-30, 6, [-0.4, 0, 0]), bump(0, 6, [1, 0, 0])],
      repolarisation: [bump(0.2, 0.05, [0.1, 0, 0]), bump(0.75, 0.08, [-0.3, 0, 0])],
    };
    const beat = compileBeat(recipe, BODY, 0.1);
    const shape = measureBeatShape(beat);
    expect(shape.leads.I.rMv).toBeCloseTo(0.647, 2);
    expect(shape.leads.I.qMv).toBeCloseTo(0.4 * 0.647, 2);
    expect(shape.leads.I.qMs).toBeGreaterThan(20);
    expect(shape.leads.I.tMv).toBeCloseTo(-0.3 * 0.647, 2);
    // I = 0.647, II = 0.248, III = -0.399 of one vector: the axis is atan2((II + III) / sqrt 3, I).
    expect(shape.axisDegrees).toBeCloseTo((Math.atan2(-0.151 / Math.sqrt(3), 0.647) * 180) / Math.PI, 1);
    expect(measureBeatShape(scaleBeat(beat, 2, 0.5)).leads.I.rMv).toBeCloseTo(2 * shape.leads.I.rMv, 9);
    expect(measureBeatShape(scaleBeat(beat, 2, 0.5)).leads.I.tMv).toBeCloseTo(0.5 * shape.leads.I.tMv, 9);
  });

  it("derives the limb leads", () => {
    expect([...expandLeads([1, 3, 0, 0, 0, 0, 0, 9], new Float64Array(12))]).toEqual([
      1, 3, 2, -2, -0.5, 2.5, 0, 0, 0, 0, 0, 9,
    ]);
  });
});
