// PTB-XL as a source: ptbxl_database.csv with records500/ and records100/ (Wagner et al., Scientific Data 2020).
import type { Patient } from "../../record/ecg-record.ts";
import { baseName, directoryOf, type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { type CsvRecord, parseCsvTable } from "../csv/parse-csv.ts";
import { findTable } from "../find-table.ts";
import { findHeader } from "../list-headers.ts";
import { parseAgeYears, toPatient } from "../parse-demographics.ts";
import type { RecordReference, RecordSource } from "../source.ts";
import { labelsOfPtbxlRow } from "../source-labels.ts";
import { readWfdbRecord } from "../wfdb/read-wfdb-record.ts";
import { toEcgRecord } from "../wfdb/to-ecg-record.ts";
import { ptbxlIdentity, wholeNumber } from "./ptbxl-identity-table.ts";

/** Columns by which the table is known, whatever its file is called. */
export const PTBXL_COLUMNS = [
  "ecg_id",
  "patient_id",
  "scp_codes",
  "strat_fold",
  "filename_lr",
  "filename_hr",
] as const;

export type PtbxlOptions = {
  /** Which of the two rates is read where both files are there (default 500). */
  readonly preferHz?: 100 | 500;
};

/** Folders between the table and a record: `records500/00000/00001_hr.hea`. */
const MOST_FOLDERS_BELOW_TABLE = 3;

/**
 * Open PTB-XL, a folder of its records, or one of them.
 *
 * Every row of the table is listed, in its order: at 500 Hz where that header is there, else at 100 Hz; a row with
 * neither is listed too, so that reading it says what is missing. A path below the table's folder lists the rows
 * whose headers lie there. Ages of 300 (over 89) are 90, see `TOP_CODED_AGE_YEARS`. Statements with likelihood 0
 * count as present with likelihood null (design 4.2).
 *
 * @param path the folder of the table, the table, or a folder or header below it.
 * @throws EcgError NOT_FOUND without a table of PTB-XL's columns or without rows, INVALID_FILE when it is broken.
 */
export async function openPtbxlSource(
  store: FileStore,
  path: string,
  options: PtbxlOptions = {},
): Promise<RecordSource> {
  const tablePath = await findPtbxlTable(store, path);
  if (tablePath === undefined) {
    throw new EcgError("NOT_FOUND", `${path}: expected ptbxl_database.csv, found no table of its columns`, {
      hint: `the columns are ${PTBXL_COLUMNS.join(", ")}`,
    });
  }
  const folder = directoryOf(tablePath);
  const below = path === tablePath || samePath(path, folder) ? "" : ((await findHeader(store, path)) ?? path);
  const { rows } = parseCsvTable(await readText(store, tablePath), {
    where: tablePath,
    required: PTBXL_COLUMNS,
  });
  const rowById = new Map(rows.map((row) => [String(wholeNumber(row, "ecg_id", tablePath)), row]));
  return {
    format: "ptbxl",
    path,
    list: () => listRows(store, { folder, below, rows: rowById, preferHz: options.preferHz ?? 500 }),
    async read(reference, readOptions) {
      const row = rowById.get(reference.id);
      if (!row) {
        throw new EcgError(
          "NOT_FOUND",
          `${tablePath}: expected a row with ecg_id ${reference.id}, found none`,
        );
      }
      const info = infoOfRow(row, tablePath);
      const recording = await readWfdbRecord(store, reference.path, readOptions);
      return toEcgRecord(recording, { ...info, id: reference.id, format: "ptbxl", path: reference.path });
    },
  };
}

/** PTB-XL's table for a path: in it, or in one of the folders above a record. */
export async function findPtbxlTable(store: FileStore, path: string): Promise<string | undefined> {
  const start = (await store.isDirectory(path)) || path.endsWith(".csv") ? path : directoryOf(path) || ".";
  const places = [start];
  for (let up = 0; up < MOST_FOLDERS_BELOW_TABLE; up++) places.push(parentOf(places.at(-1) ?? ""));
  for (const place of new Set(places)) {
    if (!(await store.exists(place))) continue;
    const table = await findTable(store, place, PTBXL_COLUMNS, "ptbxl_database.csv");
    if (table !== undefined) return table;
  }
  return undefined;
}

function parentOf(path: string): string {
  const bare = path.replace(/\/+$/, "");
  return bare === "" || /(^|\/)\.\.?$/.test(bare) ? joinPath(bare, "..") : directoryOf(bare) || ".";
}

function samePath(a: string, b: string): boolean {
  const bare = (path: string): string => path.replace(/\/+$/, "").replace(/^\.$/, "");
  return bare(a) === bare(b);
}

type Listing = {
  readonly folder: string;
  /** Folder or header that the listed records must lie in; "" for all. */
  readonly below: string;
  readonly rows: ReadonlyMap<string, CsvRecord>;
  readonly preferHz: 100 | 500;
};

/** One look at each folder of records, instead of one a file. */
async function listRows(store: FileStore, listing: Listing): Promise<RecordReference[]> {
  const { folder, below, rows, preferHz } = listing;
  const columns = preferHz === 500 ? ["filename_hr", "filename_lr"] : ["filename_lr", "filename_hr"];
  const listed = new Map<string, ReadonlySet<string>>();
  const isThere = async (path: string): Promise<boolean> => {
    const inside = directoryOf(path);
    const names = listed.get(inside) ?? new Set(await store.list(inside).catch(() => []));
    listed.set(inside, names);
    return names.has(baseName(path));
  };
  const references: RecordReference[] = [];
  for (const [id, row] of rows) {
    const candidates = columns
      .map((column) => joinPath(folder, `${row.values[column]?.trim().replace(/\.hea$/, "")}.hea`))
      .filter((path) => below === "" || path === below || path.startsWith(`${below.replace(/\/+$/, "")}/`));
    const [preferred, other] = candidates;
    if (preferred === undefined) continue;
    const path =
      other !== undefined && !(await isThere(preferred)) && (await isThere(other)) ? other : preferred;
    references.push({ id, path });
  }
  if (references.length > 0) return references;
  throw new EcgError(
    "NOT_FOUND",
    `${below || folder}: expected records of ptbxl_database.csv, found no row of it`,
  );
}

function infoOfRow(row: CsvRecord, where: string) {
  const ecgId = wholeNumber(row, "ecg_id", where);
  const patientId = wholeNumber(row, "patient_id", where);
  const report = row.values["report"]?.trim() ?? "";
  const acquiredAt = row.values["recording_date"]?.trim().replace(" ", "T") ?? "";
  return {
    patient: patientOfRow(row, patientId),
    identity: ptbxlIdentity(ecgId, { patientId, fold: wholeNumber(row, "strat_fold", where) }),
    ...labelsOfPtbxlRow(row, where),
    ...(report !== "" && { reportText: report }),
    ...(acquiredAt !== "" && { acquiredAt }),
  };
}

/** PTB-XL writes 0 for male and 1 for female. */
function patientOfRow(row: CsvRecord, patientId: number): Patient {
  const code = Number.parseFloat(row.values["sex"] ?? "");
  const sex = code === 0 ? "male" : code === 1 ? "female" : undefined;
  return toPatient(String(patientId), parseAgeYears(row.values["age"] ?? ""), sex);
}
