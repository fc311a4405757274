// PTB-XL recordings kept as z-scores: shardNN.npy at 100 Hz with labels.csv, golden500/<ecg_id>.npy at 500 Hz.
import { baseName, directoryOf, type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { type CsvRecord, parseCsvTable } from "../csv/parse-csv.ts";
import { findTable } from "../find-table.ts";
import { readNpyHeader } from "../npy/read-npy-row.ts";
import { readNpySignals } from "../npy/read-npy-signals.ts";
import { toPatient } from "../parse-demographics.ts";
import {
  loadPtbxlIdentities,
  placesOfTables,
  ptbxlIdentity,
  wholeNumber,
} from "../ptbxl/ptbxl-identity-table.ts";
import type { RawRecording } from "../raw-recording.ts";
import { recordOfRecording } from "../record-of-recording.ts";
import type { RecordReference, RecordSource } from "../source.ts";
import { labelsOfSubclassRow, NO_LABELS } from "../source-labels.ts";

/** Columns of labels.csv by which such a folder is known. */
export const ZSCORE_COLUMNS = [
  "file",
  "row",
  "ecg_id",
  "patient_id",
  "strat_fold",
  "sub_class",
  "rhythm",
  "form",
] as const;

const SHARD_HZ = 100;
const GOLDEN_HZ = 500;
const GOLDEN_FOLDER = "golden500";
/** Shards keep z-scores as integers, 1000 to a standard deviation. */
const SHARD_UNITS_PER_Z = 1000;

/**
 * Open a folder of z-scored PTB-XL recordings, or one of its .npy files.
 *
 * Amplitudes in mV are lost: records say `provenance.amplitudeUnit: "z"`. Each is the PTB-XL recording of its
 * ecg_id, with patient and fold from labels.csv; the recordings of golden500/ take theirs from there or from a
 * PTB-XL folder beside it, and have no statements of their own.
 * @throws EcgError NOT_FOUND without labels.csv of the right columns, INVALID_FILE when it is broken.
 */
export async function openZscoreSource(store: FileStore, path: string): Promise<RecordSource> {
  const folder = await folderOf(store, path);
  const tablePath = await findTable(store, folder, ZSCORE_COLUMNS, "labels.csv");
  if (tablePath === undefined) {
    throw new EcgError(
      "NOT_FOUND",
      `${path}: expected labels.csv with ${ZSCORE_COLUMNS.join(", ")}, found none`,
    );
  }
  const table = parseCsvTable(await readText(store, tablePath), {
    where: tablePath,
    required: ZSCORE_COLUMNS,
  });
  const rows = new Map(table.rows.map((row) => [String(wholeNumber(row, "ecg_id", tablePath)), row]));
  const identities = await loadPtbxlIdentities(store, placesOfTables(folder));
  const references = [
    ...shardReferences(rows, folder, tablePath),
    ...(await goldenReferences(store, folder)),
  ];
  return {
    format: "zscore-shards",
    path,
    list: async () =>
      path === folder ? references : references.filter((reference) => reference.path === path),
    async read(reference, readOptions) {
      const ecgId = ecgIdOf(reference);
      const row = reference.row === undefined ? undefined : rows.get(String(ecgId));
      const identity = ptbxlIdentity(ecgId, identities.find(ecgId));
      const info = {
        id: reference.id,
        format: "zscore-shards",
        path: reference.path,
        patient: toPatient(row?.values["patient_id"], undefined, undefined),
        identity,
        ...(row ? labelsOfSubclassRow(row.values) : NO_LABELS),
      };
      return recordOfRecording(await readZscores(store, reference), info, readOptions);
    },
  };
}

/** The channels of a shard's row or a golden file, unit `z`, each at the rate of its kind. */
export async function readZscores(store: FileStore, reference: RecordReference): Promise<RawRecording> {
  const { row } = reference;
  if (row === undefined)
    return readNpySignals(store, reference.path, { samplingRateHz: GOLDEN_HZ, unit: "z" });
  const recording = await readNpySignals(store, reference.path, { samplingRateHz: SHARD_HZ, unit: "z", row });
  const { type } = await readNpyHeader(store, reference.path);
  if (!/^[<>|=]?i/.test(type)) return recording;
  return {
    ...recording,
    channels: recording.channels.map((channel) => ({
      ...channel,
      samples: channel.samples.map((value) => value / SHARD_UNITS_PER_Z),
    })),
  };
}

async function folderOf(store: FileStore, path: string): Promise<string> {
  if (await store.isDirectory(path)) return path;
  const inside = directoryOf(path);
  return baseName(inside) === GOLDEN_FOLDER ? directoryOf(inside) || "." : inside || ".";
}

function shardReferences(
  rows: ReadonlyMap<string, CsvRecord>,
  folder: string,
  tablePath: string,
): RecordReference[] {
  return [...rows].map(([id, row]) => ({
    id,
    path: joinPath(folder, (row.values["file"] ?? "").trim()),
    row: wholeNumber(row, "row", tablePath),
  }));
}

async function goldenReferences(store: FileStore, folder: string): Promise<RecordReference[]> {
  const golden = joinPath(folder, GOLDEN_FOLDER);
  if (!(await store.isDirectory(golden))) return [];
  return (await store.list(golden))
    .filter((name) => /^\d+\.npy$/.test(name))
    .map((name) => ({ id: `${GOLDEN_FOLDER}/${name.replace(".npy", "")}`, path: joinPath(golden, name) }))
    .sort((a, b) => ecgIdOf(a) - ecgIdOf(b));
}

function ecgIdOf(reference: RecordReference): number {
  return Number(baseName(reference.id));
}
