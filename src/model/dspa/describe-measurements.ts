// describeMeasurements: what was measured on a signal, and what textbook rules read from it, as text for a prompt.
import { statementPhrase } from "../../qa/templates/statement-wording.ts";
import type { Patient } from "../../record/ecg-record.ts";
import { interpretMeasurements } from "../../signal/measure/interpret-measurements.ts";
import type { Measurements } from "../../signal/measure/measurements.ts";

/** A reading of this confidence is said; below it, it is said to be possible; below the second not at all. */
const SAID = 0.45;
const POSSIBLE = 0.3;

/**
 * "Measured: heart rate 72 bpm, PR 160 ms, QRS 96 ms, QTc 420 ms, axis 45 degrees. Rules read: sinus rhythm;
 * possible left atrial overload." Empty when nothing was measured. Never sees a label.
 */
export function describeMeasurements(
  measured: Measurements | null | undefined,
  patient: Omit<Patient, "id">,
): string {
  if (!measured || measured.heartRateBpm === null) return "";
  const values: readonly (readonly [string, number | null | undefined, string])[] = [
    ["heart rate", measured.heartRateBpm, "bpm"],
    ["PR", measured.prMs, "ms"],
    ["QRS", measured.qrsMs, "ms"],
    ["QTc", measured.qtc?.bazettMs, "ms"],
    ["axis", measured.axisDegrees.qrs, "degrees"],
  ];
  const said = values.flatMap(([name, value, unit]) =>
    value === null || value === undefined ? [] : [`${name} ${Math.round(value)} ${unit}`],
  );
  const readings = interpretMeasurements(measured, patient).filter(
    ({ confidence }) => confidence >= POSSIBLE,
  );
  const phrases = readings.map(({ key, confidence }) =>
    confidence >= SAID ? statementPhrase(key) : `possible ${statementPhrase(key)}`,
  );
  return `Measured: ${said.join(", ")}.${phrases.length > 0 ? ` Rules read: ${phrases.join("; ")}.` : ""}`;
}
