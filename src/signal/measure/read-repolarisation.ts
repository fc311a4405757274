// ST segments, T waves and QT.
import type { Patient } from "../../record/ecg-record.ts";
import type { LeadShape, Measurements } from "./measurements.ts";
import { graded, leadsWhere, type Reading, size, WALLS, type WallName } from "./reading.ts";

/** ST elevation at J in two neighbouring leads (4th universal definition of infarction, 2018), mV. */
const ELEVATION_MV = 0.1;
const ELEVATION_V2_V3_MV = { female: 0.15, maleFrom40: 0.2, maleUnder40: 0.25 } as const;
const DEPRESSION_MV = -0.05;
const INVERSION_MV = -0.1;
/** Long QT (Rautaharju et al. 2009, AHA/ACCF/HRS part IV), ms by Bazett. */
const LONG_QTC_MS = { male: 450, female: 460 } as const;

const ISCHAEMIA: Readonly<Record<WallName, Reading["key"]>> = {
  inferior: "scp:ISCIN",
  septal: "scp:ISCAS",
  anterior: "scp:ISCAN",
  lateral: "scp:ISCLA",
};

/** ST-T statements hold only where depolarisation is normal: not in block or pacing. */
export function readRepolarisation(
  measured: Measurements,
  patient: Patient,
  options: { readonly isWide: boolean },
): Reading[] {
  const out = readQt(measured, patient);
  if (options.isWide) return out;
  return keepSurest([
    ...out,
    ...readElevation(measured, patient),
    ...readDepression(measured),
    ...readTWaves(measured),
  ]);
}

function readQt({ qtc, heartRateBpm, rhythm }: Measurements, { sex }: Patient): Reading[] {
  if (qtc === null || heartRateBpm === null) return [];
  // Bazett overcorrects fast rates: both formulas must agree
  const shortest = Math.min(qtc.bazettMs, qtc.fridericiaMs + 10);
  const limit = LONG_QTC_MS[sex ?? "female"];
  if (shortest <= limit) return [];
  const irregular = (rhythm.rrVariation ?? 0) > 0.1 ? 0.2 : 0;
  const because = `QTc ${qtc.bazettMs.toFixed(0)} ms (Bazett), ${qtc.fridericiaMs.toFixed(0)} ms (Fridericia)`;
  return [{ key: "scp:LNGQT", confidence: graded(shortest - limit, 50, [0.15, 0.8]) - irregular, because }];
}

function readElevation(measured: Measurements, { ageYears, sex }: Patient): Reading[] {
  const { female, maleFrom40, maleUnder40 } = ELEVATION_V2_V3_MV;
  const inV2V3 = sex === "female" ? female : (ageYears ?? 60) >= 40 ? maleFrom40 : maleUnder40;
  const raised = (shape: LeadShape, lead: string): boolean =>
    shape.stJMv >= (lead === "V2" || lead === "V3" ? inV2V3 : ELEVATION_MV) && shape.stLevelMv >= 0.05;
  const groups = Object.values(WALLS).map((leads) => leadsWhere(measured, leads, raised));
  const found = groups.filter((leads) => leads.length >= 2);
  if (found.length === 0) return [];
  const leads = [...new Set(found.flat())];
  return [{ key: "scp:STE_", confidence: 0.5, because: `ST raised in ${leads.join(", ")}` }];
}

function readDepression(measured: Measurements): Reading[] {
  const out: Reading[] = [];
  for (const [wall, leads] of Object.entries(WALLS) as [WallName, readonly string[]][]) {
    const found = leadsWhere(measured, leads, ({ stLevelMv }) => stLevelMv <= DEPRESSION_MV);
    if (found.length < 2 || wall === "septal") continue;
    const depth = Math.min(...found.map((lead) => measured.leads[lead]?.stLevelMv ?? 0));
    const because = `ST lowered in ${found.join(", ")} by up to ${(-depth).toFixed(2)} mV`;
    out.push({ key: "scp:STD_", confidence: graded(DEPRESSION_MV - depth, 0.1, [0.45, 0.75]), because });
    if (depth <= -0.1) out.push({ key: ISCHAEMIA[wall], confidence: 0.35, because });
  }
  return out;
}

/** Leads whose T wave should be upright: those with an upward QRS, without aVR, III and V1. */
const UPRIGHT_T = ["I", "II", "aVL", "aVF", "V3", "V4", "V5", "V6"] as const;

function readTWaves(measured: Measurements): Reading[] {
  const out: Reading[] = [];
  const expected = leadsWhere(
    measured,
    UPRIGHT_T,
    ({ qrsAreaMvMs }, lead) => qrsAreaMvMs > 0 || lead.startsWith("V"),
  );
  const inverted = expected.filter((lead) => (measured.leads[lead]?.tAmplitudeMv ?? 0) <= INVERSION_MV);
  const flat = expected.filter((lead) => {
    const shape = measured.leads[lead];
    const r = size(shape?.rAmplitudeMv);
    const t = shape?.tAmplitudeMv;
    return t !== null && t !== undefined && r >= 0.5 && t > INVERSION_MV && t < 0.1 * r;
  });
  if (inverted.length >= 2) {
    const because = `T inverted in ${inverted.join(", ")}`;
    out.push({ key: "scp:INVT", confidence: graded(inverted.length - 2, 3, [0.5, 0.7]), because });
    for (const [wall, leads] of Object.entries(WALLS) as [WallName, readonly string[]][]) {
      const here = leads.filter((lead) => inverted.includes(lead));
      const deepest = Math.min(0, ...here.map((lead) => measured.leads[lead]?.tAmplitudeMv ?? 0));
      if (here.length >= 2 && deepest <= -0.2 && wall !== "septal") {
        out.push({ key: ISCHAEMIA[wall], confidence: 0.4, because: `T inverted in ${here.join(", ")}` });
      }
    }
  }
  if (flat.length >= 2 || (flat.length >= 1 && inverted.length === 1)) {
    const because = `T low or slightly inverted in ${[...flat, ...inverted].join(", ")}`;
    out.push({ key: "scp:NDT", confidence: graded(flat.length - 1, 4, [0.4, 0.65]), because });
    out.push({ key: "scp:LOWT", confidence: 0.35, because }, { key: "scp:NT_", confidence: 0.3, because });
  }
  return out;
}

/** One reading a key. */
function keepSurest(readings: readonly Reading[]): Reading[] {
  const best = new Map<string, Reading>();
  for (const reading of readings) {
    const known = best.get(reading.key);
    if (!known || known.confidence < reading.confidence) best.set(reading.key, reading);
  }
  return [...best.values()];
}
