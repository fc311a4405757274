// Parts that items of every task share: identity, context, labels, seed.
import { type Dimension, statementKey } from "../../record/statement.ts";
import { createRng, hashText, type Rng } from "../../shared/rng.ts";
import type { Modality } from "../plan/closed-question.ts";
import type { QaItem, QaItemLabel, QaItemRecord, Task } from "../qa-item.ts";
import type { QaMeasurements, QaRecord } from "../qa-record.ts";
import type { RecordFacts } from "../record-facts.ts";
import { demographics } from "../templates/patient-wording.ts";

export type ItemOptions = {
  readonly seed: number;
  /** Put measured intervals into the context. Default false. */
  readonly measuredContext?: boolean;
};

/** A record with its facts, worked out once for all its items. */
export type Subject = { readonly record: QaRecord; readonly facts: RecordFacts };

/** Id, seed and generator of an item, from what it asks and nothing else. */
export function itemIdentity(
  task: Task,
  shown: readonly { readonly recordId: string; readonly modality: Modality }[],
  fact: string,
  seed: number,
): { readonly id: string; readonly seed: number; readonly rng: Rng } {
  const who = shown.map((part) => `${part.recordId}@${part.modality}`).join("+");
  const id = `${who}/${task}/${fact}`;
  return { id, seed: hashText(id, hashText(String(seed))), rng: createRng(`${seed}|${id}`) };
}

export function itemRecord(record: QaRecord, modality: Modality): QaItemRecord {
  return {
    recordId: record.recordId,
    patientId: record.patientId,
    modality,
    window: { startSample: record.window.startSample, endSample: record.window.endSample },
  };
}

/** "12-lead ECG signal, 10 s, 250 Hz. Patient: 65-year-old male. Measured: ..." */
export function itemContext(record: QaRecord, modality: Modality, options: ItemOptions): string {
  const seconds = round((record.window.endSample - record.window.startSample) / 250, 1);
  const shown = modality === "signal" ? `ECG signal, ${seconds} s, 250 Hz` : `ECG image, ${seconds} s`;
  const measured = options.measuredContext === true ? measurementText(record.measurements) : "";
  const parts = [`${record.leadCount}-lead ${shown}`, `Patient: ${demographics(record.patient)}`];
  if (measured !== "") parts.push(`Measured: ${measured}`);
  return `${parts.join(". ")}.`;
}

/** "heart rate 72 bpm, PR 160 ms, QRS 96 ms, QT 400 ms, QTc 420 ms, axis 45 degrees"; empty when nothing is known. */
export function measurementText(measurements: QaMeasurements | undefined): string {
  if (measurements === undefined) return "";
  const parts: readonly (readonly [string, number | undefined, string])[] = [
    ["heart rate", measurements.heartRateBpm, "bpm"],
    ["PR", measurements.prMs, "ms"],
    ["QRS", measurements.qrsMs, "ms"],
    ["QT", measurements.qtMs, "ms"],
    ["QTc", measurements.qtcMs, "ms"],
    ["axis", measurements.axisDegrees, "degrees"],
  ];
  return parts
    .flatMap(([name, value, unit]) =>
      value === undefined || !Number.isFinite(value) ? [] : [`${name} ${Math.round(value)} ${unit}`],
    )
    .join(", ");
}

/** The record's statements of a dimension (all of them without one), likelihoods included. */
export function itemLabels(subject: Subject, dimension?: Dimension): QaItemLabel[] {
  return subject.record.statements
    .filter((statement) => dimension === undefined || statement.dimensions.includes(dimension))
    .map((statement) => ({
      key: statementKey(statement.code),
      name: statement.name,
      likelihood: statement.likelihood,
    }));
}

/** S for a signal, I for an image. */
export function subsetOf(modality: Modality): QaItem["subset"] {
  return modality === "signal" ? "S" : "I";
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
