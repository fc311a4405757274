// Pairs for comparison questions: consecutive recordings of one patient, and recordings of two strangers.
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { createRng } from "../shared/rng.ts";

export type PairModalities = "S-S" | "I-I" | "S-I";

export type RecordingPair = {
  readonly first: DatasetRecord;
  readonly second: DatasetRecord;
  readonly relation: "consecutive" | "irrelevant";
  readonly modalities: PairModalities;
};

const MODALITIES: readonly PairModalities[] = ["S-S", "I-I", "S-I"];

/**
 * Every pair of neighbouring recordings of a patient, in order of time (or of id, where no time is known), in all
 * three combinations of modalities; and for every recording one stranger of the same split, drawn by the seed, in
 * one combination. Both sides of a pair are of one split, as all recordings of a patient are.
 */
export function pairRecordings(records: readonly DatasetRecord[], seed: number): RecordingPair[] {
  return [...pairConsecutive(records), ...pairStrangers(records, seed)];
}

function pairConsecutive(records: readonly DatasetRecord[]): RecordingPair[] {
  const byPatient = new Map<string, DatasetRecord[]>();
  for (const record of records) {
    if (!record.identity.patientKnown) continue;
    byPatient.set(record.identity.patientId, [...(byPatient.get(record.identity.patientId) ?? []), record]);
  }
  return [...byPatient.values()].flatMap((group) => {
    const ordered = [...group].sort(byTime);
    return ordered.slice(1).flatMap((second, index) => {
      const first = ordered[index] as DatasetRecord;
      return MODALITIES.map((modalities) => ({
        first,
        second,
        relation: "consecutive" as const,
        modalities,
      }));
    });
  });
}

function byTime(a: DatasetRecord, b: DatasetRecord): number {
  const [first, second] = [a.acquiredAt ?? "", b.acquiredAt ?? ""];
  if (first !== second && first !== "" && second !== "") return first < second ? -1 : 1;
  return a.identity.recordingId.localeCompare(b.identity.recordingId, "en", { numeric: true });
}

function pairStrangers(records: readonly DatasetRecord[], seed: number): RecordingPair[] {
  const bySplit = new Map<string, DatasetRecord[]>();
  for (const record of records) bySplit.set(record.split, [...(bySplit.get(record.split) ?? []), record]);
  return records.flatMap((first) => {
    const others = bySplit.get(first.split) ?? [];
    const rng = createRng(`${seed}/pair/${first.identity.recordingId}`);
    // A few draws find a stranger unless the split is one patient's.
    for (let attempt = 0; attempt < 8; attempt++) {
      const second = rng.pick(others);
      if (second.identity.patientId === first.identity.patientId) continue;
      return [{ first, second, relation: "irrelevant" as const, modalities: rng.pick(MODALITIES) }];
    }
    return [];
  });
}
