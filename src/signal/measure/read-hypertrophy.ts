// Hypertrophy, atrial enlargement and voltage from amplitudes.
import type { Patient } from "../../record/ecg-record.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import type { Measurements } from "./measurements.ts";
import { graded, leadsWhere, type Reading, shapeOf, size } from "./reading.ts";

/** Sokolow & Lyon 1949: S in V1 + R in V5 or V6. */
const SOKOLOW_LYON_MV = 3.5;
/** Casale et al. 1985 (Cornell): R in aVL + S in V3, by sex. */
const CORNELL_MV = { male: 2.8, female: 2 } as const;
/** Rautaharju et al.; AHA/ACCF/HRS part V (Hancock et al. 2009). */
const R_AVL_MV = 1.1;
/** Low voltage: less than 0.5 mV from top to bottom in every limb lead, less than 1 mV in every chest lead. */
const LOW_LIMB_MV = 0.5;
const LOW_CHEST_MV = 1;

/** Voltage criteria; none in bundle branch block or pacing, where they do not hold. */
export function readHypertrophy(
  measured: Measurements,
  patient: Patient,
  options: { readonly isWide: boolean },
): Reading[] {
  const out = [...readAtria(measured), ...readLowVoltage(measured)];
  if (options.isWide) return out;
  const left = readLeftVentricle(measured, patient);
  const right = readRightVentricle(measured);
  return [...out, ...left, ...right];
}

function readLeftVentricle(measured: Measurements, { ageYears, sex }: Patient): Reading[] {
  const at = (lead: string): ReturnType<typeof shapeOf> => shapeOf(measured, lead);
  const sokolow = downward(at("V1")) + Math.max(size(at("V5")?.rAmplitudeMv), size(at("V6")?.rAmplitudeMv));
  const cornell = size(at("aVL")?.rAmplitudeMv) + downward(at("V3"));
  const cornellLimit = CORNELL_MV[sex ?? "male"];
  const excess = Math.max(
    sokolow / SOKOLOW_LYON_MV,
    cornell / cornellLimit,
    size(at("aVL")?.rAmplitudeMv) / R_AVL_MV,
  );
  if (excess <= 1) return [];
  const because = `S V1 + R V5/6 ${sokolow.toFixed(2)} mV, R aVL + S V3 ${cornell.toFixed(2)} mV`;
  const strain = leadsWhere(
    measured,
    ["I", "aVL", "V5", "V6"],
    ({ stLevelMv, tAmplitudeMv }) => stLevelMv < -0.03 && (tAmplitudeMv ?? 0) < 0,
  );
  // high voltages are usual in the young (Hancock et al. 2009: no voltage criteria under 35 years)
  const young = ageYears !== undefined && ageYears < 35 ? 0.25 : 0;
  const sure = graded(excess - 1, 0.4, [0.45, 0.75]) + (strain.length >= 2 ? 0.15 : 0) - young;
  return [
    { key: "scp:LVH", confidence: sure, because },
    { key: "scp:VCLVH", confidence: 0.4, because },
    ...(excess > 1.15 ? [{ key: "scp:HVOLT", confidence: 0.2, because } as const] : []),
  ];
}

function downward(shape: ReturnType<typeof shapeOf>): number {
  return Math.max(size(shape?.sAmplitudeMv), size(shape?.qAmplitudeMv));
}

/** R above S in V1 with R of 0.7 mV and the axis to the right (Hancock et al. 2009). */
function readRightVentricle(measured: Measurements): Reading[] {
  const v1 = shapeOf(measured, "V1");
  const axis = measured.axisDegrees.qrs;
  if (!v1 || axis === null || axis < 90) return [];
  const r = Math.max(size(v1.rAmplitudeMv), size(v1.rPrimeAmplitudeMv));
  if (r < 0.7 || r <= downward(v1)) return [];
  return [
    {
      key: "scp:RVH",
      confidence: 0.65,
      because: `R V1 ${r.toFixed(2)} mV above S, axis ${axis.toFixed(0)} degrees`,
    },
  ];
}

/** P over 120 ms with 0.1 mV downward at its end in V1 (Morris et al. 1964), or very long; P above 0.25 mV in II. */
function readAtria(measured: Measurements): Reading[] {
  const out: Reading[] = [];
  const { pDurationMs } = measured;
  const two = shapeOf(measured, "II");
  const v1 = shapeOf(measured, "V1");
  const terminal = size(v1?.pTerminalMv);
  if (pDurationMs !== null && (pDurationMs >= 140 || (terminal >= 0.1 && pDurationMs >= 120))) {
    const because = `P ${pDurationMs.toFixed(0)} ms, ${terminal.toFixed(2)} mV downward at its end in V1`;
    out.push({ key: "scp:LAO/LAE", confidence: terminal >= 0.1 ? 0.5 : 0.3, because });
  }
  const tall = two?.pAmplitudeMv ?? 0;
  if (tall >= 0.25) {
    out.push({ key: "scp:RAO/RAE", confidence: 0.6, because: `P II ${tall.toFixed(2)} mV >= 0.25 mV` });
  }
  return out;
}

function readLowVoltage(measured: Measurements): Reading[] {
  const limb = STANDARD_LEADS.slice(0, 6);
  const chest = STANDARD_LEADS.slice(6);
  const range = (lead: string): number => {
    const shape = shapeOf(measured, lead);
    if (!shape) return Number.NaN;
    return Math.max(size(shape.rAmplitudeMv), size(shape.rPrimeAmplitudeMv)) + downward(shape);
  };
  const highestLimb = Math.max(...limb.map(range));
  const highestChest = Math.max(...chest.map(range));
  if (highestLimb < LOW_LIMB_MV) {
    const because = `limb leads up to ${highestLimb.toFixed(2)} mV, chest leads up to ${highestChest.toFixed(2)} mV`;
    return [{ key: "scp:LVOLT", confidence: highestChest < LOW_CHEST_MV ? 0.8 : 0.6, because }];
  }
  return [];
}
