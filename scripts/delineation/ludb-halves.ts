// LUDB split by patient: one half to choose parameters on, the other to report.
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { stackLeads } from "../../src/record/lead-matrix.ts";
import { canonicalLead } from "../../src/record/lead-names.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { hashText } from "../../src/shared/rng.ts";
import { type LeadBoundaries, readLudbBoundaries } from "../../src/sources/ludb/read-ludb-boundaries.ts";
import { readWfdbRecord } from "../../src/sources/wfdb/read-wfdb-record.ts";

export type Half = "tuning" | "reporting";

/** LUDB has one record a patient: the even hashes of `ludb:<record>` choose, the odd ones report. */
export function halfOf(recordNumber: number): Half {
  return hashText(`ludb:${recordNumber}`) % 2 === 0 ? "tuning" : "reporting";
}

export type AnnotatedRecord = {
  readonly recordNumber: number;
  readonly samplingRateHz: number;
  /** The twelve leads in canonical order, mV. */
  readonly leads: readonly { readonly name: string; readonly x: Float64Array }[];
  readonly boundaries: readonly LeadBoundaries[];
  /** Rhythm and diagnoses of the header. */
  readonly comments: readonly string[];
};

/** Numbers of the records in a folder of LUDB's `data`, ascending. */
export async function listLudb(folder: string, half?: Half): Promise<number[]> {
  const files = await diskFileStore.list(folder);
  return files
    .filter((name) => name.endsWith(".hea"))
    .map((name) => Number(name.slice(name.lastIndexOf("/") + 1, -4)))
    .filter((recordNumber) => half === undefined || halfOf(recordNumber) === half)
    .sort((a, b) => a - b);
}

export async function readAnnotatedRecord(folder: string, recordNumber: number): Promise<AnnotatedRecord> {
  const path = `${folder}/${recordNumber}`;
  const record = await readWfdbRecord(diskFileStore, `${path}.hea`);
  return {
    recordNumber,
    samplingRateHz: record.samplingRateHz,
    leads: record.channels.map((channel) => ({
      name: canonicalLead(channel.name) ?? channel.name,
      x: channel.samples,
    })),
    boundaries: await readLudbBoundaries(diskFileStore, path),
    comments: record.comments,
  };
}

/** The recording without its labels, as the library takes it. */
export function toRecord({ recordNumber, samplingRateHz, leads }: AnnotatedRecord): EcgRecord {
  const id = `ludb:${recordNumber}`;
  return {
    id,
    samplingRateHz,
    leads: leads.map(({ name }) => name),
    signal: stackLeads(leads.map(({ x }) => x)),
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: id, patientId: id, patientKnown: true },
    provenance: { format: "ludb", path: String(recordNumber), sha256: "" },
  };
}
