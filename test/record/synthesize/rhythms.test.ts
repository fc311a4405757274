// Rhythms: measured on the truth and on the samples.
import { describe, expect, it } from "vitest";
import { type SyntheticFinding, synthesizeEcgWithTruth } from "../../../src/record/synthesize-ecg.ts";
import { differences, lead, mean, qrsExtremes, variation } from "./measure-samples.ts";

const SEEDS = [1, 2, 3, 4, 5];
const RATE = 250;

function make(seed: number, ...findings: SyntheticFinding[]): ReturnType<typeof synthesizeEcgWithTruth> {
  return synthesizeEcgWithTruth({ seed, samplingRateHz: RATE, durationSeconds: 10, findings });
}

function rrSeconds(truth: ReturnType<typeof make>["truth"]): number[] {
  return differences(truth.beats.map((beat) => beat.rPeakSample / RATE));
}

const swing = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

describe("sinus rhythm", () => {
  it("has a P before every QRS and RR intervals that swing by less than 0.12 s", () => {
    for (const seed of SEEDS) {
      const { truth } = make(seed, "SR");
      expect(truth.beats.every((beat) => beat.kind === "sinus")).toBe(true);
      expect(truth.intervals.prMs).toBeGreaterThan(119);
      expect(truth.intervals.prMs).toBeLessThan(200);
      expect(swing(rrSeconds(truth))).toBeLessThan(0.12);
    }
  });

  it("breathes by more than 0.12 s in sinus arrhythmia", () => {
    for (const seed of SEEDS) expect(swing(rrSeconds(make(seed, "SARRH").truth))).toBeGreaterThan(0.12);
  });

  it("has QT that follows the rate, and a long QT when asked", () => {
    const qtAt = (heartRateBpm: number, findings: SyntheticFinding[] = []): number =>
      synthesizeEcgWithTruth({ seed: 5, samplingRateHz: RATE, durationSeconds: 10, findings, heartRateBpm })
        .truth.intervals.qtMs;
    expect(qtAt(50)).toBeGreaterThan(qtAt(75) + 30);
    expect(qtAt(75)).toBeGreaterThan(qtAt(120) + 30);
    for (const seed of SEEDS) {
      const usual = make(seed).truth.intervals.qtcFridericiaMs!;
      expect(usual).toBeGreaterThan(360);
      expect(usual).toBeLessThan(450);
      expect(make(seed, "LNGQT").truth.intervals.qtcBazettMs).toBeGreaterThan(480);
    }
  });
});

describe("premature beats", () => {
  it("PAC: early, another P, narrow QRS, and no full compensatory pause", () => {
    for (const seed of SEEDS) {
      const { truth } = make(seed, "PAC");
      const index = truth.beats.findIndex((beat) => beat.kind === "atrial-ectopic");
      expect(index).toBeGreaterThan(0);
      const rr = rrSeconds(truth);
      const usual = mean(rr.filter((_, i) => i < index - 1 || i > index + 1));
      expect(rr[index - 1]).toBeLessThan(0.82 * usual);
      if (rr[index] !== undefined) expect(rr[index - 1]! + rr[index]!).toBeLessThan(1.95 * usual);
      const beat = truth.beats[index]!;
      expect(beat.pOnset).not.toBeNull();
      expect((beat.qrsOffset - beat.qrsOnset) / RATE).toBeLessThan(0.12);
      expect(truth.pWaves.filter((p) => p.kind === "ectopic").length).toBeGreaterThan(0);
    }
  });

  it("PVC: early, no P, wide, T against QRS, and a full compensatory pause", () => {
    for (const seed of SEEDS) {
      const { record, truth } = make(seed, "PVC");
      const index = truth.beats.findIndex((beat) => beat.kind === "ventricular-ectopic");
      expect(index).toBeGreaterThanOrEqual(0);
      const beat = truth.beats[index]!;
      expect(beat.pOnset).toBeNull();
      expect((beat.qrsOffset - beat.qrsOnset) / RATE).toBeGreaterThan(0.12);
      const rr = rrSeconds(truth);
      const usual = 60 / truth.intervals.heartRateBpm!;
      if (index > 0 && rr[index] !== undefined) {
        expect(rr[index - 1]).toBeLessThan(0.85 * usual);
        expect(Math.abs(rr[index - 1]! + rr[index]! - 2 * usual)).toBeLessThan(0.12);
      }
      const discordant = (["I", "II", "III", "aVL", "aVF", "V1", "V2"] as const).filter((name) => {
        const { r, s } = qrsExtremes(record, name, beat);
        const samples = lead(record, name);
        const t = samples[beat.tPeak!]! - samples[beat.qrsOnset]!;
        return Math.max(r, -s) > 0.5 && Math.sign(t) !== Math.sign(r + s);
      });
      expect(discordant.length, `seed ${seed}`).toBeGreaterThanOrEqual(2);
    }
  });

  it("bigeminy: every second beat", () => {
    for (const seed of SEEDS) {
      const kinds = make(seed, "BIGU").truth.beats.map((beat) => beat.kind);
      const odd = kinds.indexOf("ventricular-ectopic") % 2;
      expect(kinds.map((_, i) => (i % 2 === odd ? "ventricular-ectopic" : "sinus"))).toEqual(kinds);
    }
  });
});

describe("atrioventricular block", () => {
  it("first degree: PR above 200 ms, every P conducted", () => {
    for (const seed of SEEDS) {
      const { truth } = make(seed, "1AVB");
      expect(truth.intervals.prMs).toBeGreaterThan(200);
      for (const beat of truth.beats) {
        if (beat.pOnset !== null) expect((beat.qrsOnset - beat.pOnset) / RATE).toBeGreaterThan(0.2);
      }
      expect(truth.pWaves.every((p) => p.conducted)).toBe(true);
    }
  });

  it("Wenckebach: PR grows within a group, then a P is dropped", () => {
    for (const seed of SEEDS) {
      const { truth } = make(seed, "2AVB:wenckebach");
      const dropped = truth.pWaves.filter((p) => !p.conducted);
      expect(dropped.length).toBeGreaterThanOrEqual(1);
      const pr = truth.beats.flatMap((beat) =>
        beat.pOnset === null
          ? []
          : [{ at: beat.qrsOnset, ms: (1000 * (beat.qrsOnset - beat.pOnset)) / RATE }],
      );
      for (const [index, next] of pr.slice(1).entries()) {
        const before = pr[index]!;
        const isDropBetween = dropped.some((p) => p.onset > before.at && p.onset < next.at);
        if (isDropBetween) expect(next.ms).toBeLessThan(before.ms - 50);
        else expect(next.ms).toBeGreaterThan(before.ms + 10);
      }
    }
  });

  it("Mobitz II: the same PR, single P waves dropped", () => {
    for (const seed of SEEDS) {
      const { truth } = make(seed, "2AVB:mobitz-2");
      const pr = truth.beats.flatMap((beat) => (beat.pOnset === null ? [] : [beat.qrsOnset - beat.pOnset]));
      expect(swing(pr) / RATE).toBeLessThan(0.009);
      expect(truth.pWaves.filter((p) => !p.conducted).length).toBeGreaterThanOrEqual(1);
      const rr = rrSeconds(truth);
      expect(Math.max(...rr) / Math.min(...rr)).toBeGreaterThan(1.8);
    }
  });

  it("third degree: two rates of their own, PR everywhere", () => {
    for (const finding of ["3AVB:junctional", "3AVB:ventricular"] as const) {
      for (const seed of SEEDS) {
        const { truth } = make(seed, finding);
        const { atrialRateBpm, heartRateBpm, prMs } = truth.intervals;
        expect(atrialRateBpm).toBeGreaterThan(70);
        expect(heartRateBpm).toBeLessThan(55);
        expect(prMs).toBeNull();
        expect(variation(rrSeconds(truth))).toBeLessThan(0.03);
        const isWide = truth.intervals.qrsMs > 120;
        expect(isWide).toBe(finding === "3AVB:ventricular");
        const phases = truth.beats.map((beat) => {
          const before = truth.pWaves.filter((p) => p.onset < beat.qrsOnset).at(-1);
          return before ? (beat.qrsOnset - before.onset) / RATE : 0;
        });
        expect(swing(phases)).toBeGreaterThan(0.15);
      }
    }
  });
});

/** Strength of a frequency in samples, by correlation with a sine and a cosine. */
function strength(samples: Float32Array, hz: number): number {
  let [real, imaginary] = [0, 0];
  for (const [t, mv] of samples.entries()) {
    real += mv * Math.cos((2 * Math.PI * hz * t) / RATE);
    imaginary += mv * Math.sin((2 * Math.PI * hz * t) / RATE);
  }
  return Math.hypot(real, imaginary) / samples.length;
}

describe("atrial fibrillation and flutter", () => {
  it("fibrillation: no P, RR without order, waves of 4 to 9 per second in V1", () => {
    for (const seed of SEEDS) {
      const { record, truth } = make(seed, "AFIB");
      expect(truth.pWaves).toEqual([]);
      expect(truth.beats.every((beat) => beat.pOnset === null && beat.kind === "fibrillation")).toBe(true);
      expect(variation(rrSeconds(truth))).toBeGreaterThan(0.13);
      // Between T end and the next QRS a sinus recording is still, this one is not.
      const v1 = lead(record, "V1");
      const pauses = truth.beats.slice(1).flatMap((beat, index) => {
        const from = truth.beats[index]!.tOffset;
        return from !== null && beat.qrsOnset - from > 0.15 * RATE
          ? [v1.subarray(from, beat.qrsOnset - 8)]
          : [];
      });
      expect(pauses.length).toBeGreaterThan(0);
      const largest = Math.max(...pauses.map((pause) => swing([...pause])));
      expect(largest).toBeGreaterThan(0.04);
      expect(largest).toBeLessThan(0.5);
    }
  });

  it("flutter: 225 to 345 per minute in II, a whole multiple of the ventricular rate", () => {
    const ratios = { "AFLT:2-to-1": 2, "AFLT:3-to-1": 3, "AFLT:4-to-1": 4 } as const;
    for (const [finding, ratio] of Object.entries(ratios)) {
      for (const seed of SEEDS) {
        const { record, truth } = make(seed, finding as SyntheticFinding);
        const { atrialRateBpm, heartRateBpm } = truth.intervals;
        expect(atrialRateBpm).toBeGreaterThan(225);
        expect(atrialRateBpm).toBeLessThan(345);
        expect(atrialRateBpm! / heartRateBpm!).toBeCloseTo(ratio, 1);
        if (ratio === 4) {
          // In III, away from the harmonics of the beats, the flutter rate stands out.
          const three = lead(record, "III");
          const hz = atrialRateBpm! / 60;
          expect(strength(three, hz)).toBeGreaterThan(3 * strength(three, hz * 1.07));
        }
      }
    }
  });

  it("flutter with variable conduction is irregular by whole flutter cycles", () => {
    for (const seed of SEEDS) {
      const { truth } = make(seed, "AFLT:variable");
      const cycles = rrSeconds(truth).map((rr) => (rr * truth.intervals.atrialRateBpm!) / 60);
      expect(new Set(cycles.map(Math.round)).size).toBeGreaterThan(1);
      for (const count of cycles) expect(Math.abs(count - Math.round(count))).toBeLessThan(0.06);
    }
  });
});

describe("pacing", () => {
  it("has a sharp spike before every wide QRS", () => {
    for (const finding of ["PACE:ventricular", "PACE:dual"] as const) {
      const { record, truth } = synthesizeEcgWithTruth({
        seed: 11,
        samplingRateHz: 1000,
        durationSeconds: 10,
        findings: [finding],
      });
      expect(truth.intervals.qrsMs).toBeGreaterThan(130);
      const two = lead(record, "II");
      for (const beat of truth.beats.filter(({ qrsOnset }) => qrsOnset > 30)) {
        expect(beat.kind).toBe("paced");
        const spike = truth.spikeSamples.filter((at) => at < beat.qrsOnset).at(-1)!;
        expect(beat.qrsOnset - spike).toBeLessThan(20);
        // 2 ms wide: gone 4 ms before and after.
        const height = two[spike]! - (two[spike - 4]! + two[spike + 4]!) / 2;
        expect(Math.abs(height)).toBeGreaterThan(0.2);
        expect(Math.abs(two[spike - 4]! - two[spike - 8]!)).toBeLessThan(0.1 * Math.abs(height));
      }
    }
  });
});
