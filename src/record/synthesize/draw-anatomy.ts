// A synthetic patient: torso, heart position, voltages and intervals that depend on age and sex. The norms follow
// Mason et al., J. Electrocardiol. 40 (2007) 228-234 (79,743 ECGs), and Rijnbeek et al., ibid. 47 (2014) 914-921.
import type { Rng } from "../../shared/rng.ts";
import type { Sex } from "../ecg-record.ts";
import { type BodyTransform, compileBeat, scaleBeat } from "./compile-beat.ts";
import type { HeartVector } from "./heart-wave.ts";
import { createLeadField, LEAD_COUNT, type LeadField } from "./lead-field.ts";
import { type BeatShape, measureBeatShape } from "./measure-beat-shape.ts";
import { NORMAL_BEAT } from "./ventricular-recipes.ts";

/** Everything about a patient that two recordings share, and the electrode placement of this one. */
export type SyntheticAnatomy = {
  readonly ageYears: number;
  readonly sex: Sex;
  readonly body: BodyTransform;
  readonly pSeconds: number;
  readonly prSeconds: number;
  readonly qrsSeconds: number;
  /** QT at a heart rate of 60/min; QT = qtc * RR^(1/3) (Fridericia). */
  readonly qtcSeconds: number;
  readonly respirationHz: number;
  /** How much a breath changes each of the eight leads: a fraction, of either sign. */
  readonly respirationGains: readonly number[];
  /** Respiratory sinus arrhythmia, slow (0.1 Hz) and 1/f variation of RR, as fractions of RR. */
  readonly variability: { readonly respiratory: number; readonly slow: number; readonly drift: number };
};

export type PatientRequest = { readonly ageYears?: number | undefined; readonly sex?: Sex | undefined };

/** How far a patient may be from the mean: the first that leaves the normal beat normal. */
const SPREADS = [1, 0.85, 0.7, 0.5, 0.3, 0.1, 0];
const PLACEMENT_SPREADS = [1, 0.5, 0.2];
const NORMAL_QRS_SECONDS = 0.094;

/**
 * Draw a patient. `patientRng` decides what stays with the patient, `recordingRng` the electrode placement.
 *
 * The normal beat of every patient is normal by the criteria of {@link isNormalShape}, so that what a record is
 * not labelled with is absent; an anatomy that misses them is moved towards the mean until it does not.
 */
export function drawAnatomy(patient: PatientRequest, patientRng: Rng, recordingRng: Rng): SyntheticAnatomy {
  const rng = patientRng.fork("person");
  const sex = patient.sex ?? (rng.next() < 0.5 ? "female" : "male");
  const drawnAge = Math.round(clamp(58 + 18 * rng.normal(), 18, 92));
  const ageYears = patient.ageYears ?? drawnAge;
  const body = drawNormalBody({ ageYears, sex }, patientRng, recordingRng);
  const female = sex === "female";
  return {
    ageYears,
    sex,
    body,
    pSeconds: drawClamped(rng, 0.104 + 0.00015 * (ageYears - 40), 0.007, [0.084, 0.118]),
    prSeconds: drawClamped(rng, 0.152 + 0.00025 * (ageYears - 40), 0.015, [0.124, 0.192]),
    qrsSeconds: drawClamped(rng, female ? 0.09 : 0.096, 0.006, [0.08, 0.106]),
    qtcSeconds: drawClamped(
      rng,
      (female ? 0.412 : 0.402) + 0.00012 * (ageYears - 40),
      0.012,
      female ? [0.375, 0.445] : [0.365, 0.435],
    ),
    respirationHz: drawClamped(rng, 0.25, 0.04, [0.17, 0.36]),
    respirationGains: Array.from({ length: LEAD_COUNT }, () => 0.035 * rng.normal()),
    variability: drawVariability(ageYears, rng),
  };
}

/** Limits within which a normally conducted beat carries none of the labelled findings (mV, ms, degrees). */
export function isNormalShape(shape: BeatShape): boolean {
  const { leads } = shape;
  const chest = [leads.V1, leads.V2, leads.V3, leads.V4, leads.V5, leads.V6];
  const all = Object.values(leads);
  const uprightT = [leads.I, leads.II, leads.aVF, leads.V2, leads.V3, leads.V4, leads.V5, leads.V6];
  return (
    shape.axisDegrees > -25 &&
    shape.axisDegrees < 85 &&
    leads.V1.rMv > 0.06 &&
    leads.V1.rMv < -leads.V1.sMv * 0.8 &&
    leads.V2.rMv > 0.12 &&
    -leads.V6.sMv < 0.5 * leads.V6.rMv &&
    leads.V4.rMv > leads.V2.rMv &&
    leads.V6.rMv > 0.5 &&
    [leads.I, leads.II, leads.aVF, leads.aVL, ...chest].every(
      (lead) => lead.qMs < 30 || lead.qMv < 0.04 || lead.rMv < 0.12,
    ) &&
    [leads.V2, leads.V3].every((lead) => lead.qMv < 0.05) &&
    [leads.II, leads.aVF, leads.I, leads.V5, leads.V6].every((lead) => lead.qMv < 0.25 * lead.rMv) &&
    uprightT.every((lead) => lead.tMv > 0.04) &&
    leads.II.tMv > 0.12 &&
    leads.V4.tMv > 0.15 &&
    leads.V1.tMv > -0.22 &&
    leads.aVL.tMv > -0.05 &&
    leads.III.tMv > -0.06 &&
    all.every((lead) => lead.stMv > -0.035) &&
    [leads.I, leads.II, leads.III, leads.aVL, leads.aVF, leads.V4, leads.V5, leads.V6].every(
      (lead) => lead.stMv < 0.07,
    ) &&
    [leads.V1, leads.V2, leads.V3].every((lead) => lead.stMv < 0.15)
  );
}

/** Voltage limits between low voltage and hypertrophy (mV). */
const NORMAL_VOLTAGE = { sokolow: 3.3, limbLow: 0.75, limbHigh: 2.4, chestLow: 1.3, aVL: 1.0 };

function drawNormalBody(
  who: { readonly ageYears: number; readonly sex: Sex },
  patientRng: Rng,
  recordingRng: Rng,
): BodyTransform {
  let body = drawBody(who, { patientRng, recordingRng, spread: 0, placementSpread: 0 });
  for (const spread of SPREADS) {
    const still = drawBody(who, { patientRng, recordingRng, spread, placementSpread: 0 });
    const beat = compileBeat(NORMAL_BEAT, still, NORMAL_QRS_SECONDS);
    const gain = voltageGain(measureBeatShape(beat));
    body = { ...still, qrsGain: still.qrsGain * gain };
    // The patient is settled before the electrodes are placed, so that every recording finds the same one.
    if (!isNormalShape(measureBeatShape(scaleBeat(beat, gain, 1)))) continue;
    for (const placementSpread of PLACEMENT_SPREADS) {
      const drawn = drawBody(who, { patientRng, recordingRng, spread, placementSpread });
      const placed = { ...drawn, qrsGain: body.qrsGain };
      const shape = measureBeatShape(compileBeat(NORMAL_BEAT, placed, NORMAL_QRS_SECONDS));
      if (isNormalShape(shape)) return placed;
    }
    break;
  }
  return body;
}

/** Factor that brings QRS voltages inside the normal limits. */
function voltageGain(shape: BeatShape): number {
  const high = Math.min(
    NORMAL_VOLTAGE.sokolow / shape.sokolowMv,
    NORMAL_VOLTAGE.limbHigh / shape.limbMv,
    NORMAL_VOLTAGE.aVL / Math.max(0.01, shape.leads.aVL.rMv),
  );
  const low = Math.max(NORMAL_VOLTAGE.limbLow / shape.limbMv, NORMAL_VOLTAGE.chestLow / shape.chestMv);
  return Math.min(high, Math.max(low, 1));
}

type BodyChance = {
  readonly patientRng: Rng;
  readonly recordingRng: Rng;
  readonly spread: number;
  readonly placementSpread: number;
};

function drawBody(
  { ageYears, sex }: { readonly ageYears: number; readonly sex: Sex },
  { patientRng, recordingRng, spread, placementSpread }: BodyChance,
): BodyTransform {
  const rng = patientRng.fork("body");
  const placement = recordingRng.fork("electrodes");
  const normal = (sd: number): number => spread * sd * clamp(rng.normal(), -2.2, 2.2);
  const placed = (sd: number): number => placementSpread * sd * clamp(placement.normal(), -2.2, 2.2);
  const shift = (draw: (sd: number) => number, sd: number): HeartVector => [draw(sd), draw(sd), draw(sd)];
  const field: LeadField = createLeadField({
    heartShiftCm: shift(normal, 0.45),
    electrodeShiftCm: Array.from({ length: 6 }, () => shift(placed, 0.25)),
    leadGains: Array.from({ length: LEAD_COUNT }, () => 1 + normal(0.07)),
  });
  const young = clamp((60 - ageYears) / 40, -0.7, 1);
  return {
    field,
    frontalTurnDegrees: -2 + 12 * young + normal(19),
    horizontalTurnDegrees: normal(10),
    qrsGain: (sex === "female" ? 0.93 : 1.03) * (1 + 0.1 * young) * Math.exp(normal(0.24)),
    repolarisationGain: (sex === "female" ? 0.88 : 1.05) * (1 + 0.15 * young) * Math.exp(normal(0.28)),
    pGain: Math.exp(normal(0.14)),
    uFraction: Math.max(0, 0.05 * (0.4 + young) + normal(0.03)),
    jitter: rng.fork("jitter"),
    jitterSize: spread,
  };
}

function drawVariability(ageYears: number, rng: Rng): SyntheticAnatomy["variability"] {
  const youth = clamp(1.25 - ageYears / 90, 0.2, 1);
  return {
    respiratory: 0.026 * youth * Math.exp(0.3 * rng.normal()),
    slow: 0.014 * youth * Math.exp(0.3 * rng.normal()),
    drift: 0.01 * youth * Math.exp(0.3 * rng.normal()),
  };
}

function drawClamped(rng: Rng, mean: number, sd: number, limits: readonly [number, number]): number {
  return clamp(mean + sd * rng.normal(), limits[0], limits[1]);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
