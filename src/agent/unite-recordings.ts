// One recording, one entry: files of the same identity (PTB-XL and the Challenge's HR records) are united.
import type { DatasetRecord } from "../dataset/dataset-record.ts";

/** A file of a recording that another file already stands for. */
export type SameRecording = { readonly recordingId: string; readonly kept: string; readonly left: string };

export type United = {
  /** By recording id, in natural order. */
  readonly records: readonly DatasetRecord[];
  readonly same: readonly SameRecording[];
};

/**
 * Keep the first file of each identity (the order of the sources on the command line) and sort by id.
 * Where a later file knows the patient or the fold and the kept one does not, the identity of the later is taken.
 */
export function uniteRecordings(records: readonly DatasetRecord[]): United {
  const kept = new Map<string, DatasetRecord>();
  const same: SameRecording[] = [];
  for (const record of records) {
    const { recordingId } = record.identity;
    const first = kept.get(recordingId);
    if (first === undefined) {
      kept.set(recordingId, record);
      continue;
    }
    same.push({ recordingId, kept: first.original.path, left: record.original.path });
    const better = !first.identity.patientKnown && record.identity.patientKnown;
    if (better) kept.set(recordingId, { ...first, identity: record.identity, split: record.split });
  }
  const byId = (a: DatasetRecord, b: DatasetRecord): number =>
    a.identity.recordingId.localeCompare(b.identity.recordingId, "en", { numeric: true });
  return { records: [...kept.values()].sort(byId), same };
}
