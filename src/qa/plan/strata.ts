// Groups of recordings that a blind reader could tell apart from the wording: source, age and sex.
import { hashText } from "../../shared/rng.ts";
import type { QaRecord } from "../qa-record.ts";

/** From coarse to fine; questions with the same options come from alike recordings as far as there are any. */
export function strataOf(record: Pick<QaRecord, "source" | "patient" | "labelScope">): readonly string[] {
  const origin = originOf(record);
  const band = ageBand(record.patient.ageYears);
  return [band, `${band}|${record.patient.sex ?? "?"}`, `${origin}|${band}|${record.patient.sex ?? "?"}`];
}

/** Source and label scope: recordings of one origin can be asked the same things. */
export function originOf(record: Pick<QaRecord, "source" | "labelScope">): string {
  return `${record.source}/${record.labelScope.length}`;
}

function ageBand(ageYears: number | undefined): string {
  if (ageYears === undefined || !Number.isFinite(ageYears)) return "?";
  if (ageYears < 40) return "<40";
  if (ageYears < 60) return "40-59";
  return ageYears < 75 ? "60-74" : "75+";
}

/** A seeded order of texts that does not depend on which others are there. */
export function seededOrder(seed: number, id: string): number {
  return hashText(id, hashText(String(seed)));
}

/** Sort by {@link seededOrder}, then by id where hashes tie. Returns a new array. */
export function inSeededOrder<T>(values: readonly T[], seed: number, id: (value: T) => string): T[] {
  return values
    .map((value) => ({ value, id: id(value) }))
    .map((entry) => ({ ...entry, order: seededOrder(seed, entry.id) }))
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map((entry) => entry.value);
}
