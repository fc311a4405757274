// The rules on made-up measurements: each finding from its numbers, and nothing from nothing.
import { describe, expect, it } from "vitest";
import { statementDefinition } from "../../../src/labels/find-statement.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { correctQt } from "../../../src/signal/measure/correct-qt.ts";
import { interpretMeasurements } from "../../../src/signal/measure/interpret-measurements.ts";
import { measureIntervals } from "../../../src/signal/measure/measure-intervals.ts";
import type { BeatMeasurement, LeadShape, Measurements } from "../../../src/signal/measure/measurements.ts";
import { makeRecord } from "../delineate/make-record.ts";

const SHAPE: LeadShape = {
  qAmplitudeMv: null,
  qDurationMs: null,
  rAmplitudeMv: 0.9,
  sAmplitudeMv: -0.2,
  rPrimeAmplitudeMv: null,
  rPeakTimeMs: 40,
  qrsAreaMvMs: 20,
  qrsTerminalMv: -0.01,
  stJMv: 0.02,
  stLevelMv: 0.02,
  tAmplitudeMv: 0.3,
  tNegativeMv: 0,
  pAmplitudeMv: 0.1,
  pTerminalMv: -0.02,
};

/** Upright limb leads, rS in V1, growing R. */
function shapes(changes: Readonly<Record<string, Partial<LeadShape>>> = {}): Record<string, LeadShape> {
  const downward = { rAmplitudeMv: 0.2, sAmplitudeMv: -0.9, qrsAreaMvMs: -20 };
  const usual: Record<string, Partial<LeadShape>> = {
    aVR: { rAmplitudeMv: null, qAmplitudeMv: -0.9, sAmplitudeMv: null, qrsAreaMvMs: -20, tAmplitudeMv: -0.2 },
    V1: { ...downward, qrsTerminalMv: -0.05, tAmplitudeMv: 0.1 },
    V2: { ...downward, rAmplitudeMv: 0.4, tAmplitudeMv: 0.5 },
    V3: { rAmplitudeMv: 0.6, sAmplitudeMv: -0.6, tAmplitudeMv: 0.5 },
  };
  return Object.fromEntries(
    STANDARD_LEADS.map((lead) => [lead, { ...SHAPE, ...usual[lead], ...changes[lead] }]),
  );
}

function beatsOf(intervalsMs: readonly number[], changes: Partial<BeatMeasurement> = {}): BeatMeasurement[] {
  const rows: BeatMeasurement[] = [];
  for (const [i, rrMs] of [null, ...intervalsMs].entries()) {
    const sample = i === 0 ? 100 : rows[i - 1]!.sample + (rrMs ?? 0) / 2;
    rows.push({
      sample,
      rrMs,
      prMs: 160,
      qrsMs: 90,
      dominant: true,
      premature: false,
      wide: false,
      ...changes,
    });
  }
  return rows;
}

type Changes = Partial<Omit<Measurements, "rhythm" | "axisDegrees">> & {
  readonly rhythm?: Partial<Measurements["rhythm"]>;
  readonly axisDegrees?: Partial<Measurements["axisDegrees"]>;
};

/** A normal recording at 72/min, changed. */
function measured(changes: Changes = {}): Measurements {
  const { rhythm, axisDegrees, ...rest } = changes;
  return {
    heartRateBpm: 72,
    rr: { meanMs: 833, sdMs: 12, rmssdMs: 14, minMs: 810, maxMs: 860 },
    pDurationMs: 100,
    prMs: 160,
    qrsMs: 90,
    qtMs: 380,
    qtc: correctQt(380, 833),
    axisDegrees: { p: 50, qrs: 45, t: 40, ...axisDegrees },
    leads: shapes(),
    beats: beatsOf([830, 840, 835, 825, 840, 830, 835, 830]),
    rhythm: {
      rrVariation: 0.015,
      pShare: 1,
      pLikeness: 0.99,
      prSdMs: 3,
      prematureCount: 0,
      prematureWideCount: 0,
      flutter: { regularity: 0.1, ratePerMinute: 260 },
      ...rhythm,
    },
    pacing: { spikeCount: 0, beatShare: 0, likely: false },
    quality: { usableLeadCount: 12, leadCount: 12, beatCount: 9, averagedBeatCount: 8, residualMv: 0.01 },
    notes: [],
    ...rest,
  };
}

const keysOf = (m: Measurements, patient = {}): string[] =>
  interpretMeasurements(m, patient).map(({ key }) => key);

describe("a normal recording", () => {
  it("is sinus rhythm, normal axis, normal ECG and nothing else", () => {
    expect(keysOf(measured()).sort()).toEqual(["heartcare:normal-heart-axis", "scp:NORM", "scp:SR"]);
  });
  it("gives its reasons in numbers, surest first, with keys of the statement table", () => {
    const readings = interpretMeasurements(measured());
    expect(readings[0]!.key).toBe("scp:SR");
    expect(readings[0]!.because).toBe("P waves before 100% of the beats, 72/min");
    const confidences = readings.map(({ confidence }) => confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  });
});

describe("rhythm", () => {
  const none = { pShare: 0, pLikeness: 0.1, prSdMs: null };
  it.each<[string, Changes, string]>([
    ["45/min", { heartRateBpm: 45 }, "scp:SBRAD"],
    ["120/min", { heartRateBpm: 120 }, "scp:STACH"],
    ["irregular without P", { rhythm: { ...none, rrVariation: 0.2 } }, "scp:AFIB"],
    ["regular, 170/min, without P", { heartRateBpm: 170, rhythm: none }, "scp:SVTAC"],
    [
      "waves of 300/min",
      { rhythm: { ...none, flutter: { regularity: 0.8, ratePerMinute: 300 } } },
      "scp:AFLT",
    ],
    ["spikes", { pacing: { spikeCount: 9, beatShare: 1, likely: true } }, "scp:PACE"],
    ["sinus intervals 640 to 1,050", { beats: beatsOf([640, 760, 850, 950, 1050, 900, 800]) }, "scp:SARRH"],
  ])("%s", (_name, changes, key) => {
    const rhythms = [
      "scp:SR",
      "scp:SBRAD",
      "scp:STACH",
      "scp:SARRH",
      "scp:AFIB",
      "scp:AFLT",
      "scp:SVTAC",
      "scp:PACE",
    ];
    expect(keysOf(measured(changes)).filter((each) => rhythms.includes(each))[0]).toBe(key);
  });
  it("55/min is sinus rhythm and perhaps bradycardia", () => {
    expect(keysOf(measured({ heartRateBpm: 55 }))).toEqual(expect.arrayContaining(["scp:SR", "scp:SBRAD"]));
  });
  it("an early wide beat is a ventricular, an early narrow one an atrial extrasystole", () => {
    const at = (change: Partial<BeatMeasurement>): BeatMeasurement[] =>
      beatsOf([830, 840, 500, 1100, 830, 830, 830]).map((beat, i) =>
        i === 3 ? { ...beat, ...change } : beat,
      );
    const ventricular = measured({
      beats: at({ premature: true, wide: true, dominant: false, prMs: null }),
      rhythm: { prematureCount: 1, prematureWideCount: 1 },
    });
    expect(keysOf(ventricular)).toContain("scp:PVC");
    expect(keysOf(ventricular)).not.toContain("scp:PAC");
    const atrial = measured({ beats: at({ premature: true }), rhythm: { prematureCount: 1 } });
    expect(keysOf(atrial)).toContain("scp:PAC");
    expect(keysOf(atrial)).not.toContain("scp:PVC");
  });
  it("every other beat early is bigeminy", () => {
    const beats = beatsOf([500, 1100, 500, 1100, 500, 1100, 500, 1100]).map((beat, i) => ({
      ...beat,
      premature: i % 2 === 1,
    }));
    expect(keysOf(measured({ beats, rhythm: { prematureCount: 4 } }))).toContain("scp:BIGU");
  });
});

describe("conduction and axis", () => {
  const right = shapes({
    V1: {
      rAmplitudeMv: 0.2,
      sAmplitudeMv: -0.3,
      rPrimeAmplitudeMv: 0.8,
      qrsTerminalMv: 0.4,
      qrsAreaMvMs: 15,
    },
    I: { qrsTerminalMv: -0.15 },
    V6: { qrsTerminalMv: -0.15 },
  });
  const left = shapes({
    V1: { rAmplitudeMv: 0.1, sAmplitudeMv: -1.8, qrsAreaMvMs: -120, qrsTerminalMv: 0.06 },
    V6: { qrsAreaMvMs: 90 },
    I: { qrsAreaMvMs: 60 },
  });
  it.each<[string, Changes, string]>([
    ["PR 240 ms", { prMs: 240 }, "scp:1AVB"],
    ["wide, V1 upward at its end", { qrsMs: 150, leads: right }, "scp:CRBBB"],
    ["110 ms with R' in V1", { qrsMs: 110, leads: right }, "scp:IRBBB"],
    ["wide, V1 downward, V6 upward", { qrsMs: 150, leads: left }, "scp:CLBBB"],
    ["wide without either", { qrsMs: 132, leads: shapes({ I: { qAmplitudeMv: -0.2 } }) }, "scp:IVCD"],
    ["axis -50", { axisDegrees: { qrs: -50 } }, "heartcare:left-axis-deviation"],
    ["axis 115", { axisDegrees: { qrs: 115 } }, "heartcare:right-axis-deviation"],
    ["axis -120", { axisDegrees: { qrs: -120 } }, "heartcare:extreme-axis-deviation"],
    [
      "axis -60, aVL upward, III downward",
      {
        axisDegrees: { qrs: -60 },
        leads: shapes({ III: { qrsAreaMvMs: -25 }, aVF: { qrsAreaMvMs: -20 } }),
      },
      "scp:LAFB",
    ],
    [
      "short PR, wide QRS that starts slowly",
      {
        prMs: 95,
        qrsMs: 130,
        leads: shapes(
          Object.fromEntries(["I", "II", "V4", "V5", "V6"].map((lead) => [lead, { rPeakTimeMs: 70 }])),
        ),
      },
      "scp:WPW",
    ],
  ])("%s", (_name, changes, key) => {
    const keys = keysOf(measured(changes));
    expect(keys).toContain(key);
    expect(keys).not.toContain("scp:NORM");
  });
  it("an inverted P far before QRS makes no first degree block", () => {
    expect(keysOf(measured({ prMs: 300, axisDegrees: { p: -120 } }))).not.toContain("scp:1AVB");
  });
});

describe("voltage, infarction, ST-T, QT", () => {
  const each = (leads: readonly string[], change: Partial<LeadShape>): Record<string, LeadShape> =>
    shapes(Object.fromEntries(leads.map((lead) => [lead, change])));
  const q = { qAmplitudeMv: -0.4, qDurationMs: 40 };
  it.each<[string, Changes, string]>([
    [
      "S V1 2.0 + R V5 2.4 mV",
      { leads: shapes({ V1: { sAmplitudeMv: -2 }, V5: { rAmplitudeMv: 2.4 } }) },
      "scp:LVH",
    ],
    ["P II 0.3 mV", { leads: shapes({ II: { pAmplitudeMv: 0.3 } }) }, "scp:RAO/RAE"],
    [
      "P 130 ms, deep end in V1",
      { pDurationMs: 130, leads: shapes({ V1: { pTerminalMv: -0.15 } }) },
      "scp:LAO/LAE",
    ],
    [
      "R above S in V1, axis 120",
      { axisDegrees: { qrs: 120 }, leads: shapes({ V1: { rAmplitudeMv: 1, sAmplitudeMv: -0.2 } }) },
      "scp:RVH",
    ],
    [
      "limb leads under 0.5 mV",
      {
        leads: each(["I", "II", "III", "aVR", "aVL", "aVF"], {
          qAmplitudeMv: null,
          rAmplitudeMv: 0.3,
          sAmplitudeMv: -0.1,
        }),
      },
      "scp:LVOLT",
    ],
    ["Q in II, III, aVF", { leads: each(["II", "III", "aVF"], q) }, "scp:IMI"],
    ["QS in V1 to V3", { leads: each(["V1", "V2", "V3"], { ...q, rAmplitudeMv: null }) }, "scp:ASMI"],
    [
      "ST 0.2 mV up in II, III, aVF",
      { leads: each(["II", "III", "aVF"], { stJMv: 0.2, stLevelMv: 0.2 }) },
      "scp:STE_",
    ],
    ["ST 0.15 mV down in V4 to V6", { leads: each(["V4", "V5", "V6"], { stLevelMv: -0.15 }) }, "scp:STD_"],
    ["T inverted in V4 to V6", { leads: each(["V4", "V5", "V6"], { tAmplitudeMv: -0.3 }) }, "scp:INVT"],
    ["T flat in I, V5, V6", { leads: each(["I", "V5", "V6"], { tAmplitudeMv: 0.03 }) }, "scp:NDT"],
    ["QTc 530 ms", { qtMs: 500, qtc: correctQt(500, 890) }, "scp:LNGQT"],
  ])("%s", (_name, changes, key) => {
    const keys = keysOf(measured(changes));
    expect(keys).toContain(key);
  });
  it("names a wall once where its ST segment is lowered and its T wave inverted, by the surer of both", () => {
    const leads = each(["V5", "V6"], { stLevelMv: -0.15, tAmplitudeMv: -0.3 });
    const lateral = interpretMeasurements(measured({ leads })).filter(({ key }) => key === "scp:ISCLA");
    expect(lateral).toMatchObject([{ confidence: 0.4, because: "T inverted in V5, V6" }]);
  });
  it("the Cornell limit depends on sex", () => {
    const leads = shapes({ V3: { sAmplitudeMv: -1.6 }, aVL: { rAmplitudeMv: 0.8 } });
    expect(keysOf(measured({ leads }), { sex: "female" })).toContain("scp:LVH");
    expect(keysOf(measured({ leads }), { sex: "male" })).not.toContain("scp:LVH");
  });
  it("says nothing of ST-T and hypertrophy in left bundle branch block", () => {
    const leads = shapes({
      V1: { rAmplitudeMv: 0.1, sAmplitudeMv: -2.5, qrsAreaMvMs: -150 },
      V5: { rAmplitudeMv: 2.4, stLevelMv: -0.2, tAmplitudeMv: -0.4 },
      V6: { qrsAreaMvMs: 90, stLevelMv: -0.2, tAmplitudeMv: -0.4 },
    });
    const keys = keysOf(measured({ qrsMs: 160, leads }));
    expect(keys).toContain("scp:CLBBB");
    for (const key of ["scp:LVH", "scp:STD_", "scp:INVT", "scp:NDT"]) expect(keys).not.toContain(key);
  });
});

describe("what nothing is read from", () => {
  it("an empty recording", () => {
    expect(interpretMeasurements(measureIntervals(makeRecord({}, 500)))).toEqual([]);
    expect(interpretMeasurements(measureIntervals(makeRecord({ II: new Float64Array(5000) }, 500)))).toEqual(
      [],
    );
  });
  it("every key that rules can give is in the statement table", () => {
    const all = [
      measured({ prMs: 240, leads: shapes({ II: { pAmplitudeMv: 0.3 } }), axisDegrees: { qrs: -10 } }),
      measured({ axisDegrees: { qrs: 80 }, qtMs: 500, qtc: correctQt(500, 890) }),
    ];
    for (const key of all.flatMap((m) => keysOf(m))) {
      expect(statementDefinition(key as `scp:${string}`).key).toBe(key);
    }
  });
});
