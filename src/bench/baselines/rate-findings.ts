// How likely each statement is, given what the rules read from the measurements of a recording. No labels involved.
import { areRelated, findStatement, withAncestors } from "../../labels/find-statement.ts";
import { type AnswerKey, NO_WAVEFORM } from "../../qa/record-facts.ts";
import type { Patient } from "../../record/ecg-record.ts";
import type { StatementKey } from "../../record/statement.ts";
import { interpretMeasurements, type Reading } from "../../signal/measure/interpret-measurements.ts";
import type { Measurements } from "../../signal/measure/measurements.ts";

/** What was read from a recording, and how likely any statement is in its light. */
export type RatedRecording = {
  /** Surest first; empty when nothing was measured. */
  readonly readings: readonly Reading[];
  /** 0 to 1. Comparable between statements; not calibrated. */
  readonly likelihood: (key: AnswerKey) => number;
};

/** A reading of this confidence counts as a finding when a list of findings is asked for. */
export const STATED_CONFIDENCE = 0.45;

/** Nothing speaks for or against. */
const UNTOLD = 0.5;
/** The rules look for it, had what they need, and did not find it. */
const LOOKED_FOR_NOT_FOUND = 0.25;
/** Another statement that excludes it was read: the rhythm, the axis, the normal ECG are one of several. */
const EXCLUDED = 0.1;
/** A reading of something near: a block where the right bundle branch block was read, an infarction next door. */
const NEAR_SHARE = 0.4;

/** What the rules look for, by what they need for it. */
const LOOKED_FOR: readonly (readonly [needs: keyof Available, keys: readonly StatementKey[]])[] = [
  [
    "rhythm",
    ["scp:SR", "scp:SBRAD", "scp:STACH", "scp:SARRH", "scp:AFIB", "scp:AFLT", "scp:SVTAC", "scp:PACE"],
  ],
  [
    "rhythm",
    [
      "scp:PVC",
      "scp:PAC",
      "scp:BIGU",
      "heartcare:ventricular-extrasystoles",
      "heartcare:supraventricular-extrasystoles",
    ],
  ],
  ["pr", ["scp:1AVB", "scp:LPR"]],
  ["qrs", ["scp:CRBBB", "scp:IRBBB", "scp:CLBBB", "scp:IVCD", "scp:WPW"]],
  [
    "axis",
    [
      "scp:LAFB",
      "scp:LPFB",
      "heartcare:left-axis-deviation",
      "heartcare:right-axis-deviation",
      "heartcare:extreme-axis-deviation",
      "heartcare:normal-heart-axis",
    ],
  ],
  ["qt", ["scp:LNGQT"]],
  ["voltages", ["scp:LVH", "scp:RVH", "scp:VCLVH", "scp:HVOLT", "scp:LVOLT", "scp:RAO/RAE", "scp:LAO/LAE"]],
  ["voltages", ["scp:IMI", "scp:ASMI", "scp:AMI", "scp:LMI", "scp:QWAVE"]],
  [
    "voltages",
    [
      "scp:STE_",
      "scp:STD_",
      "scp:INVT",
      "scp:NDT",
      "scp:LOWT",
      "scp:NT_",
      "scp:ISCIN",
      "scp:ISCAN",
      "scp:ISCLA",
    ],
  ],
];

type Available = Readonly<Record<"rhythm" | "pr" | "qrs" | "axis" | "qt" | "voltages", boolean>>;

/** Read a recording by rule. Null measurements leave everything untold. */
export function rateFindings(measured: Measurements | null, patient: Patient): RatedRecording {
  if (measured === null) return { readings: [], likelihood: () => UNTOLD };
  const readings = interpretMeasurements(measured, patient);
  const lookedFor = lookedForIn(measured);
  const contradicted = contradictedRhythms(measured);
  const abnormalForm = readings.some(
    ({ key, confidence }) =>
      confidence >= STATED_CONFIDENCE && findStatement(key)?.dimensions.includes("waveform"),
  );
  return {
    readings,
    likelihood: (key) => {
      if (key === NO_WAVEFORM) return lookedFor.has("scp:INVT") ? (abnormalForm ? EXCLUDED : 0.8) : UNTOLD;
      const rated = rateStatement(key, readings, lookedFor);
      return contradicted.has(key) ? Math.min(rated, EXCLUDED) : rated;
    },
  };
}

function rateStatement(
  key: StatementKey,
  readings: readonly Reading[],
  lookedFor: ReadonlySet<StatementKey>,
): number {
  const own = Math.max(
    0,
    ...readings.filter((reading) => withAncestors(reading.key).has(key)).map(confidenceOf),
  );
  if (own > 0) return UNTOLD + (1 - UNTOLD) * own;
  if (isExcluded(key, readings)) return EXCLUDED;
  const near = Math.max(0, ...readings.filter((reading) => areRelated(reading.key, key)).map(confidenceOf));
  const base = lookedFor.has(key) ? LOOKED_FOR_NOT_FOUND : UNTOLD;
  return base + (1 - UNTOLD) * NEAR_SHARE * near;
}

/** Of a contrast group one statement holds; a normal ECG has no other diagnosis, and the other way round. */
function isExcluded(key: StatementKey, readings: readonly Reading[]): boolean {
  const row = findStatement(key);
  const surely = readings.filter(({ confidence }) => confidence >= STATED_CONFIDENCE);
  return surely.some((reading) => {
    if (areRelated(reading.key, key)) return false;
    const other = findStatement(reading.key);
    if (key === "scp:NORM") return other?.dimensions.includes("diagnosis") === true;
    if (reading.key === "scp:NORM") return row?.dimensions.includes("diagnosis") === true;
    return row?.contrast !== undefined && row.contrast === other?.contrast;
  });
}

/**
 * Rhythms that rate or regularity rule out by their definition, with a margin; says something as well where no rhythm
 * could be read, as when P hides in T at 130 a minute.
 */
function contradictedRhythms({ heartRateBpm, rhythm }: Measurements): ReadonlySet<AnswerKey> {
  const out = new Set<AnswerKey>();
  if (heartRateBpm !== null) {
    if (heartRateBpm > 65) out.add("scp:SBRAD");
    if (heartRateBpm < 95) out.add("scp:STACH").add("scp:SVTAC");
    if (heartRateBpm < 55 || heartRateBpm > 105) out.add("scp:SR");
  }
  const { rrVariation } = rhythm;
  if (rrVariation !== null && rrVariation < 0.03) out.add("scp:AFIB").add("scp:SARRH");
  return out;
}

function lookedForIn(measured: Measurements): ReadonlySet<StatementKey> {
  const available: Available = {
    rhythm: measured.rhythm.pShare !== null && measured.heartRateBpm !== null,
    pr: measured.prMs !== null,
    qrs: measured.qrsMs !== null && measured.leads["V1"] !== undefined,
    axis: measured.axisDegrees.qrs !== null,
    qt: measured.qtc !== null,
    // z-scored signals keep no voltages, and `leads` is empty for them
    voltages: Object.keys(measured.leads).length >= 12,
  };
  return new Set(LOOKED_FOR.flatMap(([needs, keys]) => (available[needs] ? keys : [])));
}

function confidenceOf({ confidence }: Reading): number {
  return Math.min(1, Math.max(0, confidence));
}
