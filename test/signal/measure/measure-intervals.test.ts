// Intervals, axes, lead shapes and rhythm of hand-made recordings with known answers.
import { describe, expect, it } from "vitest";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { createRng } from "../../../src/shared/rng.ts";
import { measureIntervals } from "../../../src/signal/measure/measure-intervals.ts";
import { makeRecord } from "../delineate/make-record.ts";
import { type MadeBeat, makeLead, NORMAL_BEAT, regularTimes } from "../delineate/synthetic-beats.ts";

const TIMES = regularTimes(0.6, 0.8, 10);

/** Twelve leads of a frontal vector at `axisDegrees` and a chest series from negative V1 to positive V6. */
function gainsAt(axisDegrees: number): Record<string, number> {
  const angle = (axisDegrees * Math.PI) / 180;
  const one = Math.cos(angle);
  const two = Math.cos(angle - Math.PI / 3);
  const limbs = [one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2];
  const all = [...limbs, -0.6, -0.3, 0.4, 1.1, 1.2, 1];
  return Object.fromEntries(STANDARD_LEADS.map((lead, i) => [lead, all[i]!]));
}

function record(
  beats: readonly { at: number; beat: MadeBeat }[],
  { axisDegrees = 50, samplingRateHz = 500, noiseMv = 0.01, provenance = {} } = {},
) {
  const rng = createRng("measure");
  const leads = Object.entries(gainsAt(axisDegrees)).map(([name, gain]): [string, Float64Array] => [
    name,
    makeLead(beats, { samplingRateHz, seconds: 10, gain }).map((value) => value + noiseMv * rng.normal()),
  ]);
  return makeRecord(Object.fromEntries(leads), samplingRateHz, provenance);
}

const normal = TIMES.map((at) => ({ at, beat: NORMAL_BEAT }));

describe("measureIntervals on regular beats", () => {
  it.each([500, 250, 100])("reads the known intervals at %i Hz", (samplingRateHz) => {
    const found = measureIntervals(record(normal, { samplingRateHz }));
    expect(found.heartRateBpm).toBeCloseTo(75, 0);
    expect(found.rr!.sdMs).toBeLessThan(6);
    expect(Math.abs(found.prMs! - 130)).toBeLessThan(20);
    expect(Math.abs(found.pDurationMs! - 100)).toBeLessThan(25);
    expect(Math.abs(found.qrsMs! - 90)).toBeLessThan(18);
    expect(Math.abs(found.qtMs! - 400)).toBeLessThan(25);
    expect(found.qtc!.bazettMs).toBeCloseTo(found.qtMs! / Math.sqrt(found.rr!.meanMs / 1000), 6);
    expect(found.notes).toEqual([]);
  });

  it.each([-60, -10, 40, 75, 110, 170])("reads an axis of %i degrees", (axisDegrees) => {
    const { axisDegrees: found } = measureIntervals(record(normal, { axisDegrees }));
    const off = (value: number | null): number => Math.abs(((value! - axisDegrees + 540) % 360) - 180);
    expect(off(found.qrs)).toBeLessThan(4);
    expect(off(found.t)).toBeLessThan(6);
    expect(off(found.p)).toBeLessThan(10);
  });

  it("derives aVF from I and II where it is not there", () => {
    const full = record(normal, { axisDegrees: 30 });
    const two = makeRecord(
      { I: full.signal.data.slice(0, 5000), II: full.signal.data.slice(5000, 10000) },
      500,
    );
    expect(Math.abs(measureIntervals(two).axisDegrees.qrs! - 30)).toBeLessThan(4);
  });

  it("reads amplitudes against the level before QRS", () => {
    const { leads } = measureIntervals(record(normal, { axisDegrees: 0, noiseMv: 0.003 }));
    const one = leads["I"]!;
    expect(one.rAmplitudeMv).toBeCloseTo(1.2, 1);
    expect(one.qAmplitudeMv).toBeCloseTo(-0.1, 1);
    expect(one.sAmplitudeMv).toBeCloseTo(-0.3, 1);
    expect(one.tAmplitudeMv).toBeCloseTo(0.35, 1);
    expect(one.pAmplitudeMv).toBeCloseTo(0.15, 1);
    expect(Math.abs(one.stLevelMv)).toBeLessThan(0.05);
    expect(one.rPeakTimeMs).toBeGreaterThan(30);
    expect(leads["V1"]!.tAmplitudeMv).toBeLessThan(-0.15);
  });

  it("reads an ST segment that is raised by 0.3 mV", () => {
    const raised: MadeBeat = {
      ...NORMAL_BEAT,
      qrs: [...NORMAL_BEAT.qrs.slice(0, -1), [0.05, 0.3], [0.2, 0.3], [0.3, 0]],
    };
    const { leads } = measureIntervals(
      record(
        TIMES.map((at) => ({ at, beat: raised })),
        { axisDegrees: 0 },
      ),
    );
    expect(leads["I"]!.stLevelMv).toBeGreaterThan(0.22);
    expect(leads["I"]!.stLevelMv).toBeLessThan(0.36);
  });
});

describe("measureIntervals on rhythms", () => {
  const wide: MadeBeat = {
    qrs: [
      [-0.08, 0],
      [-0.02, -1.5],
      [0.05, 0.9],
      [0.1, 0],
    ],
    t: { start: 0.14, end: 0.4, amplitudeMv: -0.5 },
  };

  it("calls one early wide beat premature and wide, and measures without it", () => {
    const beats = [...normal.slice(0, 5), { at: TIMES[5]! - 0.3, beat: wide }, ...normal.slice(6)];
    const found = measureIntervals(record(beats));
    const marked = found.beats.filter(({ premature, wide: isWide }) => premature && isWide);
    expect(marked.map(({ sample }) => Math.abs(sample / 500 - (TIMES[5]! - 0.3)) < 0.06)).toEqual([true]);
    expect(found.rhythm.prematureWideCount).toBe(1);
    expect(Math.abs(found.qrsMs! - 90)).toBeLessThan(18);
  });

  it("finds no P waves and irregular intervals in made-up fibrillation", () => {
    const rng = createRng("af");
    const { p: _, ...withoutP } = NORMAL_BEAT;
    const beats: { at: number; beat: MadeBeat }[] = [];
    for (let at = 0.5; at < 9.5; at += rng.uniform(0.5, 1)) beats.push({ at, beat: withoutP });
    const found = measureIntervals(record(beats, { noiseMv: 0.02 }));
    expect(found.prMs).toBeNull();
    expect(found.pDurationMs).toBeNull();
    expect(found.notes.join()).toContain("no PR interval");
    expect(found.rhythm.pShare).toBeLessThan(0.2);
    expect(found.rhythm.rrVariation).toBeGreaterThan(0.09);
  });

  it("sees spikes before the beats as pacing", () => {
    const paced = record(TIMES.map((at) => ({ at, beat: wide })));
    for (const at of TIMES) {
      for (let l = 0; l < 12; l++) paced.signal.data[l * 5000 + Math.round((at - 0.11) * 500)]! += 1;
    }
    const found = measureIntervals(paced);
    expect(found.pacing.likely).toBe(true);
    expect(found.pacing.beatShare).toBeGreaterThan(0.8);
    expect(measureIntervals(record(normal)).pacing).toEqual({ spikeCount: 0, beatShare: 0, likely: false });
  });

  it("hears a saw-tooth of 300 a minute between the complexes", () => {
    const { p: _, ...withoutP } = NORMAL_BEAT;
    const flutter = record(TIMES.map((at) => ({ at, beat: withoutP })));
    for (let l = 0; l < 12; l++) {
      for (let i = 0; i < 5000; i++) {
        const phase = (i / 100) % 1; // a slow rise and a steep fall
        flutter.signal.data[l * 5000 + i]! += 0.2 * (phase < 0.7 ? phase / 0.7 : (1 - phase) / 0.3);
      }
    }
    const heard = measureIntervals(flutter).rhythm.flutter!;
    expect(heard.regularity).toBeGreaterThan(0.5);
    expect(Math.abs(heard.ratePerMinute - 300)).toBeLessThan(15);
    expect(measureIntervals(record(normal)).rhythm.flutter!.regularity).toBeLessThan(0.5);
  });
});

describe("what cannot be measured", () => {
  const zero = new Float64Array(5000);
  const noise = zero.map(
    (
      (rng) => () =>
        0.1 * rng.normal()
    )(createRng("noise")),
  );
  it.each([
    ["flat", { I: zero, II: zero.map(() => 2) }, 500],
    ["NaN", { II: zero.map(() => Number.NaN) }, 500],
    ["no leads", {}, 500],
    ["no samples", { II: new Float64Array(0) }, 500],
    ["one sample", { II: Float64Array.of(0.3) }, 500],
    ["a slow wave without beats", { II: zero.map((_, i) => Math.sin(i / 2000)) }, 500],
  ])("%s: every result is null and a note says why", (_name, leads, samplingRateHz) => {
    const found = measureIntervals(makeRecord(leads, samplingRateHz));
    expect(found).toMatchObject({
      heartRateBpm: null,
      rr: null,
      pDurationMs: null,
      prMs: null,
      qrsMs: null,
      qtMs: null,
      qtc: null,
      axisDegrees: { p: null, qrs: null, t: null },
      leads: {},
      beats: [],
    });
    expect(found.notes.length).toBeGreaterThan(0);
    expect(found.rhythm.pShare).toBeNull();
  });

  it("gives pure noise, one second and one beat finite numbers or null", () => {
    const second = makeLead([{ at: 0.5, beat: NORMAL_BEAT }], { samplingRateHz: 250, seconds: 1 });
    const one = makeLead([{ at: 1.5, beat: NORMAL_BEAT }], { samplingRateHz: 250, seconds: 3 });
    for (const [signal, rate] of [
      [noise, 500],
      [second, 250],
      [one, 250],
    ] as const) {
      const found = measureIntervals(makeRecord({ II: signal }, rate));
      const numbers = JSON.stringify(found, (_, value: unknown) =>
        typeof value === "number" && !Number.isFinite(value) ? "BAD" : value,
      );
      expect(numbers).not.toContain("BAD");
      expect(found.quality.usableLeadCount).toBe(1);
    }
    const single = measureIntervals(makeRecord({ II: one }, 250));
    expect(single.heartRateBpm).toBeNull();
    expect(single.qtc).toBeNull();
    expect(single.notes.join()).toContain("one beat only");
  });

  it("measures one lead without axes", () => {
    const lead = makeLead(normal, { samplingRateHz: 500, seconds: 10 });
    const found = measureIntervals(makeRecord({ II: lead }, 500));
    expect(found.heartRateBpm).toBeCloseTo(75, 0);
    expect(Math.abs(found.qtMs! - 400)).toBeLessThan(30);
    expect(found.axisDegrees).toEqual({ p: null, qrs: null, t: null });
  });

  it("reads no amplitudes from z-scores", () => {
    const found = measureIntervals(record(normal, { provenance: { amplitudeUnit: "z" } }));
    expect(found.leads).toEqual({});
    expect(found.axisDegrees.qrs).toBeNull();
    expect(found.qrsMs).not.toBeNull();
    expect(found.notes.join()).toContain("z-scores");
  });
});
