// shuffleRecordings: another recording of another patient for each, so that a score without the right recording shows
// what is answered from the question alone.
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { EcgError } from "../shared/errors.ts";
import { hashText } from "../shared/rng.ts";

/**
 * A one-to-one exchange: recording id -> the recording that is shown instead, of another patient, of the same source
 * where it has enough patients (so that no style of a source is missed). Depends on the recordings and the seed alone.
 * @throws EcgError INVALID_OPTION where more than half of the recordings are of one patient.
 */
export function shuffleRecordings(
  records: readonly DatasetRecord[],
  seed: number,
): ReadonlyMap<string, DatasetRecord> {
  const bySource = new Map<string, DatasetRecord[]>();
  for (const record of records) bySource.set(record.source, [...(bySource.get(record.source) ?? []), record]);
  const rest: DatasetRecord[] = [];
  const pools: DatasetRecord[][] = [];
  for (const pool of bySource.values()) {
    if (canExchange(pool)) pools.push(pool);
    else rest.push(...pool);
  }
  // a source of one patient borrows from the largest one
  if (rest.length > 0) {
    const largest = pools.sort((a, b) => b.length - a.length)[0];
    if (largest) largest.push(...rest);
    else pools.push(rest);
  }
  return new Map(pools.flatMap((pool) => exchange(pool, seed)));
}

function canExchange(pool: readonly DatasetRecord[]): boolean {
  return 2 * largestPatient(pool) <= pool.length;
}

function largestPatient(pool: readonly DatasetRecord[]): number {
  const counts = new Map<string, number>();
  for (const { identity } of pool) counts.set(identity.patientId, (counts.get(identity.patientId) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** Patients in drawn order, each with all recordings; everybody gets what stands one largest patient further on. */
function exchange(pool: readonly DatasetRecord[], seed: number): [string, DatasetRecord][] {
  const shift = largestPatient(pool);
  if (!canExchange(pool)) {
    throw new EcgError(
      "INVALID_OPTION",
      `shuffle: expected at most half of ${pool.length} recordings to be of one patient, found ${shift}`,
      { hint: "shuffling needs recordings of several patients in the split" },
    );
  }
  const order = ({ identity }: DatasetRecord): string => {
    const drawn = hashText(`${seed}:${identity.patientId}`).toString(16).padStart(8, "0");
    return `${drawn}|${identity.patientId}|${identity.recordingId}`;
  };
  const sorted = [...pool].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const shown = [...sorted.slice(shift), ...sorted.slice(0, shift)];
  return shown.map((record, index) => [sorted[index]?.identity.recordingId ?? "", record]);
}
