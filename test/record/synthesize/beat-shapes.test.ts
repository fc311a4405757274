// Shapes of beats: measured on the samples at the places that the truth names, against textbook criteria.
import { describe, expect, it } from "vitest";
import type { StandardLead } from "../../../src/record/lead-names.ts";
import { type SyntheticFinding, synthesizeEcgWithTruth } from "../../../src/record/synthesize-ecg.ts";
import {
  lead,
  mean,
  qrsDurationBySlope,
  qrsExtremes,
  stLevel,
  tHeight,
  wholeBeats,
} from "./measure-samples.ts";

const SEEDS = Array.from({ length: 8 }, (_, seed) => seed + 1);
const LIMB: readonly StandardLead[] = ["I", "II", "III", "aVR", "aVL", "aVF"];
const CHEST: readonly StandardLead[] = ["V1", "V2", "V3", "V4", "V5", "V6"];
const RATE = 500;

/** One recording of a seed with a whole beat of its underlying rhythm and shorthands for it. */
function observe(seed: number, ...findings: SyntheticFinding[]) {
  const { record, truth } = synthesizeEcgWithTruth({
    seed,
    samplingRateHz: RATE,
    durationSeconds: 5,
    findings,
  });
  const beat = wholeBeats(record, truth.beats)[1]!;
  return {
    record,
    truth,
    beat,
    r: (name: StandardLead): number => qrsExtremes(record, name, beat).r,
    s: (name: StandardLead): number => qrsExtremes(record, name, beat).s,
    st: (name: StandardLead): number => stLevel(record, name, beat),
    t: (name: StandardLead): number => tHeight(record, name, beat),
    qrsMs: (1000 * (beat.qrsOffset - beat.qrsOnset)) / RATE,
  };
}

type Observation = ReturnType<typeof observe>;

function forEachSeed(findings: SyntheticFinding[], check: (seen: Observation) => void): void {
  for (const seed of SEEDS) {
    const seen = observe(seed, ...findings);
    try {
      check(seen);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Length in ms of the negative start of the QRS. */
function qWaveMs({ record, beat }: Observation, name: StandardLead): number {
  const samples = lead(record, name);
  const level = samples[beat.qrsOnset]!;
  let t = beat.qrsOnset;
  while (t < beat.qrsOffset && samples[t]! - level > -0.02) {
    if (samples[t]! - level > 0.03) return 0;
    t++;
  }
  const start = t;
  while (t < beat.qrsOffset && samples[t]! - level < 0) t++;
  return (1000 * (t - start)) / RATE;
}

describe("a normal heart", () => {
  it("has P waves of 0.04 to 0.25 mV in II, upright in I and II, inverted in aVR", () => {
    forEachSeed([], ({ record, beat }) => {
      const p = (name: StandardLead): number =>
        lead(record, name)[beat.pPeak!]! - lead(record, name)[beat.pOnset!]!;
      expect(p("II")).toBeGreaterThan(0.04);
      expect(p("II")).toBeLessThan(0.25);
      expect(p("I")).toBeGreaterThan(0);
      expect(p("aVR")).toBeLessThan(-0.03);
      expect((beat.pOffset! - beat.pOnset!) / RATE).toBeGreaterThan(0.078);
      expect((beat.pOffset! - beat.pOnset!) / RATE).toBeLessThan(0.12);
    });
  });

  it("has a QRS of 80 to 106 ms, by the truth and by the slope of the leads", () => {
    forEachSeed([], ({ record, beat, qrsMs }) => {
      expect(qrsMs).toBeGreaterThan(77);
      expect(qrsMs).toBeLessThan(109);
      // The slope falls below its limit a little after onset and before offset.
      expect(qrsDurationBySlope(record, beat)).toBeGreaterThan(qrsMs - 24);
      expect(qrsDurationBySlope(record, beat)).toBeLessThan(qrsMs);
    });
  });

  it("has QRS voltages within clinical limits in every lead", () => {
    forEachSeed([], ({ r, s }) => {
      const swing = (name: StandardLead): number => r(name) - s(name);
      expect(Math.max(...LIMB.map(swing))).toBeGreaterThan(0.6);
      expect(Math.max(...LIMB.map(swing))).toBeLessThan(2.6);
      for (const name of CHEST) {
        expect(swing(name)).toBeGreaterThan(0.5);
        expect(swing(name)).toBeLessThan(4.5);
      }
      expect(Math.max(r("V5"), r("V6")) - s("V1")).toBeLessThan(3.5);
      expect(s("aVR")).toBeLessThan(-0.3);
      expect(r("aVR")).toBeLessThan(0.4);
      expect(r("II")).toBeGreaterThan(0.2);
    });
  });

  it("goes from rS in V1 to qRs in V6, in every heart and on average from lead to lead", () => {
    const progression = CHEST.map((): number[] => []);
    forEachSeed([], ({ r, s }) => {
      expect(r("V1")).toBeGreaterThan(0.04);
      expect(-s("V1")).toBeGreaterThan(1.2 * r("V1"));
      expect(-s("V2")).toBeGreaterThan(r("V2"));
      expect(r("V6")).toBeGreaterThan(-2 * s("V6"));
      expect(r("V5")).toBeGreaterThan(r("V2"));
      for (const [index, name] of CHEST.entries()) progression[index]!.push(r(name));
    });
    const [v1, v2, v3, v4, v5, v6] = progression.map(mean) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect([v1 < v2, v2 < v3, v3 < v4, v4 < v5 * 1.15, v6 < v5]).toEqual(Array(5).fill(true));
    expect(v1).toBeCloseTo(0.25, 0.7);
    expect(v5).toBeGreaterThan(0.9);
  });

  it("has T upright where R is, inverted in aVR, and level ST", () => {
    forEachSeed([], ({ t, st }) => {
      for (const name of ["I", "II", "V3", "V4", "V5", "V6"] as const) expect(t(name)).toBeGreaterThan(0.05);
      expect(t("aVR")).toBeLessThan(-0.1);
      for (const name of ["I", "II", "aVF", "V5", "V6"] as const)
        expect(Math.abs(st(name))).toBeLessThan(0.07);
      for (const name of ["V2", "V3"] as const) expect(st(name)).toBeLessThan(0.16);
    });
  });

  it("has voltages that fall with age and differ between patients", () => {
    const voltage = (ageYears: number): number =>
      mean(
        SEEDS.map((seed) => {
          const options = { seed, samplingRateHz: RATE, durationSeconds: 3, patient: { ageYears } };
          const { record, truth } = synthesizeEcgWithTruth(options);
          return qrsExtremes(record, "II", wholeBeats(record, truth.beats)[0]!).r;
        }),
      );
    expect(voltage(22)).toBeGreaterThan(voltage(85) * 1.1);
    const each = SEEDS.map((seed) => observe(seed).r("V5"));
    expect(Math.max(...each) / Math.min(...each)).toBeGreaterThan(1.3);
  });

  it("keeps a patient's beat over recordings, apart from the electrodes", () => {
    const record = (seed: string, patientSeed: string) => {
      const options = {
        seed,
        samplingRateHz: RATE,
        durationSeconds: 3,
        patient: { seed: patientSeed, ageYears: 60 },
      };
      const made = synthesizeEcgWithTruth(options);
      const beat = wholeBeats(made.record, made.truth.beats)[0]!;
      return (["I", "II", "V1", "V2", "V4", "V5"] as const).map(
        (name) => qrsExtremes(made.record, name, beat).r,
      );
    };
    const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((value, i) => value - b[i]!));
    const [first, again, other] = [record("a", "anna"), record("b", "anna"), record("b", "berta")];
    expect(distance(first, again)).toBeGreaterThan(0);
    expect(distance(first, again)).toBeLessThan(0.5 * distance(first, other));
  });
});

describe("conduction", () => {
  it("right bundle: 120 ms and more, rsR' in V1, wide S in I and V6", () => {
    forEachSeed(["CRBBB"], ({ record, beat, r, s, t, qrsMs }) => {
      expect(qrsMs).toBeGreaterThanOrEqual(120);
      expect(qrsDurationBySlope(record, beat)).toBeGreaterThan(108);
      const v1 = lead(record, "V1").subarray(beat.qrsOnset, beat.qrsOffset + 1);
      const half = Math.round(v1.length * 0.45);
      const early = Math.max(...v1.subarray(0, half));
      const late = Math.max(...v1.subarray(half));
      expect(late).toBeGreaterThan(0.4);
      expect(late).toBeGreaterThan(early);
      expect(Math.min(...v1.subarray(0, half))).toBeLessThan(0.2 * late);
      expect(s("I")).toBeLessThan(-0.1);
      expect(s("V6")).toBeLessThan(-0.12);
      expect(r("V6")).toBeGreaterThan(0.3);
      expect(t("V1")).toBeLessThan(-0.03);
    });
  });

  it("left bundle: 120 ms and more, broad R in I and V6 without q, deep V1, T the other way", () => {
    forEachSeed(["CLBBB"], ({ record, beat, r, s, t, qrsMs }) => {
      expect(qrsMs).toBeGreaterThanOrEqual(125);
      expect(qrsDurationBySlope(record, beat, 0.15)).toBeGreaterThan(110);
      expect(s("V1")).toBeLessThan(-0.6);
      expect(r("V1")).toBeLessThan(-0.25 * s("V1"));
      for (const name of ["I", "V6"] as const) {
        expect(r(name)).toBeGreaterThan(0.3);
        // ST depression begins inside the QRS.
        expect(s(name)).toBeGreaterThan(-0.2);
        // Broad: above half its height for 50 ms or more.
        const qrs = lead(record, name).subarray(beat.qrsOnset, beat.qrsOffset);
        expect(qrs.filter((mv) => mv > 0.5 * r(name)).length / RATE).toBeGreaterThan(0.05);
      }
      expect(t("V6")).toBeLessThan(-0.03);
      expect(t("V1")).toBeGreaterThan(0.05);
    });
  });

  it("left anterior fascicle: axis beyond -45 degrees, rS below, qR in aVL, narrow", () => {
    forEachSeed(["LAFB"], ({ truth, r, s, qrsMs }) => {
      expect(truth.intervals.axisDegrees).toBeLessThan(-44);
      expect(truth.intervals.axisDegrees).toBeGreaterThan(-90);
      for (const name of ["II", "III", "aVF"] as const) {
        expect(r(name)).toBeGreaterThan(0.02);
        expect(-s(name)).toBeGreaterThan(r(name));
      }
      expect(r("aVL")).toBeGreaterThan(0.3);
      expect(s("aVL")).toBeLessThan(-0.01);
      expect(qrsMs).toBeLessThan(120);
    });
  });
});

describe("voltage", () => {
  it("hypertrophy: S in V1 + R in V5 or V6 above 3.5 mV; strain turns ST and T", () => {
    for (const finding of ["LVH:voltage", "LVH:strain"] as const) {
      forEachSeed([finding], ({ r, s, st, t }) => {
        expect(Math.max(r("V5"), r("V6")) - s("V1")).toBeGreaterThan(3.5);
        if (finding === "LVH:strain") {
          expect(st("V6")).toBeLessThan(-0.03);
          expect(t("V6")).toBeLessThan(-0.08);
        } else expect(t("V6")).toBeGreaterThan(0.04);
      });
    }
  });

  it("low voltage: below 0.5 mV in every limb lead and 1 mV in every chest lead", () => {
    forEachSeed(["LVOLT"], ({ r, s }) => {
      for (const name of LIMB) expect(r(name) - s(name)).toBeLessThan(0.5);
      for (const name of CHEST) expect(r(name) - s(name)).toBeLessThan(1);
      expect(Math.max(...LIMB.map((name) => r(name) - s(name)))).toBeGreaterThan(0.1);
    });
  });
});

describe("ST, T and Q", () => {
  const cases: readonly [SyntheticFinding, (seen: Observation) => void][] = [
    [
      "STE_:inferior",
      ({ st }) => {
        for (const name of ["II", "III", "aVF"] as const) expect(st(name)).toBeGreaterThan(0.1);
        expect(st("III")).toBeGreaterThan(st("II"));
        for (const name of ["I", "aVL"] as const) expect(st(name)).toBeLessThan(-0.01);
      },
    ],
    [
      "STE_:anterior",
      ({ st, t }) => {
        for (const name of ["V2", "V3"] as const) expect(st(name)).toBeGreaterThan(0.2);
        expect(st("V4")).toBeGreaterThan(0.1);
        expect(st("III")).toBeLessThan(-0.02);
        expect(t("V3")).toBeGreaterThan(0.3);
      },
    ],
    [
      "STD_:inferior",
      ({ st }) => {
        for (const name of ["II", "III", "aVF"] as const) expect(st(name)).toBeLessThan(-0.05);
      },
    ],
    [
      "STD_:anterior",
      ({ st }) => {
        for (const name of ["V2", "V3", "V4"] as const) expect(st(name)).toBeLessThan(-0.05);
      },
    ],
    [
      "STD_:lateral",
      ({ st }) => {
        for (const name of ["I", "V5", "V6"] as const) expect(st(name)).toBeLessThan(-0.04);
      },
    ],
    [
      "QWAVE:inferior",
      (seen) => {
        for (const name of ["III", "aVF"] as const) {
          expect(qWaveMs(seen, name)).toBeGreaterThanOrEqual(30);
          expect(-seen.s(name)).toBeGreaterThan(0.25 * seen.r(name));
        }
      },
    ],
    [
      "QWAVE:anterior",
      (seen) => {
        for (const name of ["V1", "V2", "V3"] as const) {
          expect(qWaveMs(seen, name)).toBeGreaterThanOrEqual(28);
          expect(seen.s(name)).toBeLessThan(-0.2);
        }
        expect(seen.r("V6")).toBeGreaterThan(0.25);
      },
    ],
    [
      "INVT:inferior",
      ({ t }) => {
        for (const name of ["II", "III", "aVF"] as const) expect(t(name)).toBeLessThan(-0.08);
      },
    ],
    [
      "INVT:anterior",
      ({ t }) => {
        for (const name of ["V2", "V3"] as const) expect(t(name)).toBeLessThan(-0.12);
        expect(t("V4")).toBeLessThan(-0.03);
      },
    ],
    [
      "INVT:lateral",
      ({ t }) => {
        for (const name of ["I", "aVL", "V5", "V6"] as const) expect(t(name)).toBeLessThan(-0.06);
      },
    ],
  ];
  it.each(cases)("%s can be measured in its leads", (finding, check) => {
    forEachSeed([finding], check);
  });

  it("long QT: the T wave ends late", () => {
    forEachSeed(["LNGQT"], ({ beat, truth }) => {
      const rr = 60 / truth.intervals.heartRateBpm!;
      expect((beat.tOffset! - beat.qrsOnset) / RATE / Math.sqrt(rr)).toBeGreaterThan(0.47);
    });
  });

  it("keeps findings of one wall when another changes: an old inferior infarction with low anterior T", () => {
    forEachSeed(["QWAVE:inferior", "INVT:anterior"], (seen) => {
      expect(qWaveMs(seen, "III")).toBeGreaterThanOrEqual(30);
      expect(seen.t("V2")).toBeLessThan(-0.12);
    });
  });
});
