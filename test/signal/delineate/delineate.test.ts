// Delineation of hand-made beats with known boundaries, and of what cannot be delineated.
import { describe, expect, it } from "vitest";
import { createRng } from "../../../src/shared/rng.ts";
import { cleanLead } from "../../../src/signal/clean-lead.ts";
import { delineateLead } from "../../../src/signal/delineate/delineate-lead.ts";
import { delineateRecord } from "../../../src/signal/delineate/delineate-record.ts";
import { makeRecord } from "./make-record.ts";
import { type MadeBeat, makeLead, NORMAL_BEAT, regularTimes } from "./synthetic-beats.ts";

const TIMES = regularTimes(0.6, 0.8, 10);
const GAINS = { I: 0.7, II: 1, III: 0.3, aVF: 0.65, V2: -0.8, V5: 1.2 };

function recordOf(beat: MadeBeat, samplingRateHz: number, noiseMv = 0) {
  const rng = createRng(`noise:${samplingRateHz}`);
  const leads = Object.entries(GAINS).map(([name, gain]): [string, Float64Array] => {
    const clean = makeLead(
      TIMES.map((at) => ({ at, beat })),
      { samplingRateHz, seconds: 10, gain },
    );
    return [name, clean.map((value) => value + noiseMv * rng.normal())];
  });
  return makeRecord(Object.fromEntries(leads), samplingRateHz);
}

/** Mean over the inner beats of (found - known), ms. */
function meanErrorMs(found: readonly number[], knownSeconds: number, samplingRateHz: number): number {
  const errors = found.map((sample, i) => (sample / samplingRateHz - (TIMES[i + 1]! + knownSeconds)) * 1000);
  return errors.reduce((sum, value) => sum + value, 0) / errors.length;
}

describe("delineateRecord on hand-made beats", () => {
  it.each([
    [500, 0],
    [250, 0.01],
    [100, 0.01],
    [360, 0.02],
    [1000, 0.02],
  ])("finds every wave at %i Hz with %f mV of noise", (samplingRateHz, noiseMv) => {
    const { beats, notes } = delineateRecord(recordOf(NORMAL_BEAT, samplingRateHz, noiseMv));
    expect(notes).toEqual([]);
    expect(beats).toHaveLength(TIMES.length);
    const inner = beats.slice(1, -1).map(({ consensus }) => consensus);
    expect(inner.every(({ p, t }) => p !== null && t !== null)).toBe(true);
    const error = (pick: (beat: (typeof inner)[number]) => number, known: number): number =>
      Math.abs(meanErrorMs(inner.map(pick), known, samplingRateHz));
    expect(error(({ p }) => p!.onset, -0.17)).toBeLessThan(18);
    expect(error(({ p }) => p!.peak, -0.12)).toBeLessThan(8);
    expect(error(({ p }) => p!.offset, -0.07)).toBeLessThan(18);
    expect(error(({ qrs }) => qrs.onset, -0.04)).toBeLessThan(9);
    expect(error(({ qrs }) => qrs.offset, 0.05)).toBeLessThan(12);
    expect(error(({ t }) => t!.peak, 0.26)).toBeLessThan(10);
    expect(error(({ t }) => t!.offset, 0.36)).toBeLessThan(25);
  });

  it("orders the boundaries of every lead", () => {
    const { beats } = delineateRecord(recordOf(NORMAL_BEAT, 500, 0.02));
    for (const { leads, consensus } of beats) {
      for (const waves of [...leads, consensus]) {
        const { p, qrs, t } = waves!;
        const order = [
          p?.onset,
          p?.peak,
          p?.offset,
          qrs.onset,
          qrs.peak,
          qrs.offset,
          t?.onset,
          t?.peak,
          t?.offset,
        ];
        const known = order.filter((sample) => sample !== undefined);
        expect(known).toEqual([...known].sort((a, b) => a - b));
      }
    }
  });

  it("does not depend on the size of the signal", () => {
    const one = recordOf(NORMAL_BEAT, 500);
    const big = { ...one, signal: { ...one.signal, data: one.signal.data.map((value) => 3 * value) } };
    const onsets = (record: typeof one): number[] =>
      delineateRecord(record).beats.map(({ consensus }) => consensus.qrs.onset);
    expect(onsets(big)).toBeAllClose(onsets(one), { atol: 1.5 });
  });

  it("moves with the signal", () => {
    const late = makeRecord(
      {
        II: makeLead(
          TIMES.map((at) => ({ at: at + 0.1, beat: NORMAL_BEAT })),
          { samplingRateHz: 500, seconds: 10 },
        ),
      },
      500,
    );
    const early = makeRecord(
      {
        II: makeLead(
          TIMES.map((at) => ({ at, beat: NORMAL_BEAT })),
          { samplingRateHz: 500, seconds: 10 },
        ),
      },
      500,
    );
    const offsets = (record: typeof late): number[] =>
      delineateRecord(record)
        .beats.slice(2, -2)
        .map(({ consensus }) => consensus.t!.offset);
    expect(offsets(late).map((sample) => sample - 50)).toBeAllClose(offsets(early), { atol: 2 });
  });

  it("finds no P waves where there are none", () => {
    const { p: _, ...withoutP } = NORMAL_BEAT;
    const { beats } = delineateRecord(recordOf(withoutP, 500, 0.02));
    const withP = beats.filter(({ consensus }) => consensus.p !== null);
    expect(withP.length).toBeLessThanOrEqual(1);
  });
});

describe("what cannot be delineated", () => {
  const flat = new Float64Array(5000);
  it.each([
    ["all zero", { I: flat, II: flat }, "flat"],
    ["constant", { II: flat.map(() => 1.3) }, "flat"],
    ["all NaN", { II: flat.map(() => Number.NaN) }, "no samples"],
    ["no samples", { II: new Float64Array(0) }, "no samples"],
    ["infinite", { II: flat.map(() => Number.POSITIVE_INFINITY) }, "no samples"],
    ["no leads", {}, "no QRS"],
    ["one sample", { II: Float64Array.of(1) }, "flat"],
  ])("%s: no beats and a note", (_name, leads, note) => {
    const { beats, notes } = delineateRecord(makeRecord(leads, 500));
    expect(beats).toEqual([]);
    expect(notes.join("; ")).toContain(note);
  });

  it("gives one second of signal a defined result", () => {
    const second = makeLead([{ at: 0.5, beat: NORMAL_BEAT }], { samplingRateHz: 250, seconds: 1 });
    const { beats } = delineateRecord(makeRecord({ II: second }, 250));
    for (const { consensus } of beats) expect(Number.isFinite(consensus.qrs.onset)).toBe(true);
  });

  it("leaves a flat lead out and keeps its row", () => {
    const lead = makeLead(
      TIMES.map((at) => ({ at, beat: NORMAL_BEAT })),
      { samplingRateHz: 500, seconds: 10 },
    );
    const { beats, notes } = delineateRecord(makeRecord({ I: flat, II: lead }, 500));
    expect(notes).toEqual(["lead I: flat (range 0.0000 mV)"]);
    expect(beats[3]!.leads[0]).toBeNull();
    expect(beats[3]!.leads[1]!.qrs.offset).toBeGreaterThan(beats[3]!.leads[1]!.qrs.onset);
  });

  it("bridges a gap of missing samples", () => {
    const lead = makeLead(
      TIMES.map((at) => ({ at, beat: NORMAL_BEAT })),
      { samplingRateHz: 500, seconds: 10 },
    );
    lead.fill(Number.NaN, 2620, 2660);
    const { beats } = delineateRecord(makeRecord({ II: lead }, 500));
    expect(beats).toHaveLength(TIMES.length);
  });
});

describe("delineateLead", () => {
  const lead = makeLead(
    TIMES.map((at) => ({ at, beat: NORMAL_BEAT })),
    { samplingRateHz: 500, seconds: 10 },
  );
  const peaks = TIMES.map((at) => Math.round(at * 500));

  it("gives one entry an R peak, near the known boundaries", () => {
    const waves = delineateLead(cleanLead(lead, 500), Int32Array.from(peaks), 500);
    expect(waves).toHaveLength(peaks.length);
    const onsets = waves.slice(1, -1).map(({ qrs }) => qrs.onset);
    const ends = waves.slice(1, -1).map(({ t }) => t!.offset);
    expect(Math.abs(meanErrorMs(onsets, -0.04, 500))).toBeLessThan(16);
    expect(Math.abs(meanErrorMs(ends, 0.36, 500))).toBeLessThan(30);
  });
  it("gives nothing for a flat lead or without peaks", () => {
    expect(delineateLead(new Float64Array(5000), [400], 500)).toEqual([]);
    expect(delineateLead(lead, [], 500)).toEqual([]);
  });
  it("ignores peaks outside the signal", () => {
    expect(delineateLead(lead, [-5, 1100, 99999], 500)).toHaveLength(1);
  });
});
