// A reading of the recording by textbook rules on its measurements.
import type { Patient } from "../../record/ecg-record.ts";
import type { Measurements } from "./measurements.ts";
import { readConduction } from "./read-conduction.ts";
import { readHypertrophy } from "./read-hypertrophy.ts";
import { readInfarction } from "./read-infarction.ts";
import { readRepolarisation } from "./read-repolarisation.ts";
import { readRhythm } from "./read-rhythm.ts";
import type { Reading } from "./reading.ts";

export type { Reading } from "./reading.ts";

/** Findings below this confidence do not stand in the way of "normal ECG". */
const COUNTS_AS_ABNORMAL = 0.45;
/** Findings that a normal ECG may have. */
const COMPATIBLE_WITH_NORMAL: ReadonlySet<string> = new Set([
  "scp:SR",
  "scp:SBRAD",
  "scp:STACH",
  "scp:SARRH",
  "scp:PAC",
  "scp:PVC",
  "scp:LVOLT",
  "heartcare:normal-heart-axis",
  "heartcare:leftward-axis",
  "heartcare:rightward-axis",
  "heartcare:ventricular-extrasystoles",
  "heartcare:supraventricular-extrasystoles",
]);

/**
 * Rule-based reading: rhythm, conduction, axis, hypertrophy, voltage, infarction, ST-T and QT, surest first.
 *
 * The rules are those of textbooks and of the AHA/ACCF/HRS recommendations, cited where they stand; none was fitted to labels.
 * Age and sex sharpen the voltage, ST and QT limits when they are known. Empty when nothing was measured;
 * `scp:NORM` only with twelve leads and no abnormal finding. How well it agrees with PTB-XL, the Challenge and LUDB: `docs/delineation.md`.
 */
export function interpretMeasurements(measured: Measurements, patient: Patient = {}): Reading[] {
  const rhythm = readRhythm(measured);
  const isPaced = rhythm.some(({ key }) => key === "scp:PACE");
  const conduction = readConduction(measured, isPaced);
  const has = (key: Reading["key"]): boolean => conduction.some((reading) => reading.key === key);
  const isWide = isPaced || has("scp:CLBBB") || has("scp:CRBBB") || has("scp:IVCD") || has("scp:WPW");
  const hidesQ = isPaced || has("scp:CLBBB") || has("scp:WPW");
  const findings = [
    ...rhythm,
    ...conduction,
    ...readHypertrophy(measured, patient, { isWide }),
    ...readInfarction(measured, { hidesQ }),
    ...readRepolarisation(measured, patient, { isWide }),
  ];
  return [...findings, ...readNormal(measured, findings)].sort((a, b) => b.confidence - a.confidence);
}

function readNormal(measured: Measurements, findings: readonly Reading[]): Reading[] {
  const leads = Object.keys(measured.leads).length;
  const sinus = findings.some(
    ({ key }) => key === "scp:SR" || key === "scp:SBRAD" || key === "scp:STACH" || key === "scp:SARRH",
  );
  if (leads < 12 || !sinus) return [];
  const abnormal = findings.filter(
    ({ key, confidence }) => confidence >= COUNTS_AS_ABNORMAL && !COMPATIBLE_WITH_NORMAL.has(key),
  );
  if (abnormal.length > 0) return [];
  return [{ key: "scp:NORM", confidence: 0.8, because: "sinus rhythm and no abnormal finding" }];
}
