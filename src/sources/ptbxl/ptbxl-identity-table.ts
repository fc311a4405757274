// Who a PTB-XL recording is: patient and fold by ecg_id, for every source that carries PTB-XL recordings.
import type { RecordIdentity } from "../../record/ecg-record.ts";
import { directoryOf, type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { type CsvRecord, parseCsvTable } from "../csv/parse-csv.ts";
import { tableColumns } from "../find-table.ts";

/** Patient and stratified fold of an ecg_id. */
export type PtbxlIdentity = { readonly patientId: number; readonly fold: number };

/** What identity tables say, by ecg_id. */
export type PtbxlIdentities = {
  /** Paths of the tables that were read. */
  readonly tables: readonly string[];
  readonly size: number;
  find(ecgId: number): PtbxlIdentity | undefined;
};

/** Tables that say it, best first: the data set's own, then label tables derived from it. */
const TABLE_NAMES = ["ptbxl_database.csv", "labels_all_dev.csv", "labels.csv"] as const;
const COLUMNS = ["ecg_id", "patient_id", "strat_fold"] as const;

/** No table at all: every recording keeps its ecg_id, its patient is unknown. */
export const NO_PTBXL_IDENTITIES: PtbxlIdentities = { tables: [], size: 0, find: () => undefined };

/**
 * Read every identity table in `places`: a CSV file, or a folder that holds `ptbxl_database.csv`,
 * `labels_all_dev.csv` or a `labels.csv` with the columns ecg_id, patient_id, strat_fold.
 *
 * The data set's own table wins over derived ones, then the earlier place. Places without a table count for nothing.
 * @throws EcgError INVALID_FILE when a table is broken.
 */
export async function loadPtbxlIdentities(
  store: FileStore,
  places: readonly string[],
): Promise<PtbxlIdentities> {
  const tables = await findTables(store, places);
  const byId = new Map<number, PtbxlIdentity>();
  for (const path of tables) {
    for (const [ecgId, identity] of identitiesOf(await readText(store, path), path)) {
      if (!byId.has(ecgId)) byId.set(ecgId, identity);
    }
  }
  return { tables, size: byId.size, find: (ecgId) => byId.get(ecgId) };
}

/** Where tables may lie without being named: in `folder`, or in a folder `ptb-xl` or `ptbxl` beside it. */
export function placesOfTables(folder: string): string[] {
  const bare = folder.replace(/\/+$/, "");
  // A folder such as "." or ".." has its siblings above itself, not beside its last name.
  const parent = bare === "" || /(^|\/)\.\.?$/.test(bare) ? joinPath(bare, "..") : directoryOf(bare);
  return [bare === "" ? "." : bare, joinPath(parent, "ptb-xl"), joinPath(parent, "ptbxl")];
}

/** The identity of a PTB-XL recording; without a table row its patient is made up from the record. */
export function ptbxlIdentity(ecgId: number, known: PtbxlIdentity | undefined): RecordIdentity {
  const recordingId = `ptbxl:${ecgId}`;
  // Patient ids and ecg_ids overlap as numbers, so a made-up patient must not look like `ptbxl:<patient_id>`.
  if (!known) return { recordingId, patientId: `ptbxl:ecg-${ecgId}`, patientKnown: false };
  return { recordingId, patientId: `ptbxl:${known.patientId}`, patientKnown: true, fold: known.fold };
}

/**
 * A whole number of a PTB-XL table, where pandas wrote ids as `15709.0`.
 * @throws EcgError INVALID_FILE for anything else.
 */
export function wholeNumber(row: CsvRecord, column: string, where: string): number {
  const text = (row.values[column] ?? "").trim();
  if (/^\d+(\.0*)?$/.test(text)) return Number(text);
  throw new EcgError(
    "INVALID_FILE",
    `${where} line ${row.line}, ${column}: expected a whole number, found ${JSON.stringify(text)}`,
    { details: { line: row.line, column } },
  );
}

function* identitiesOf(text: string, path: string): Generator<[number, PtbxlIdentity]> {
  for (const row of parseCsvTable(text, { where: path, required: COLUMNS }).rows) {
    const fold = wholeNumber(row, "strat_fold", path);
    if (fold < 1 || fold > 10) {
      throw new EcgError(
        "INVALID_FILE",
        `${path} line ${row.line}, strat_fold: expected 1 to 10, found ${fold}`,
      );
    }
    yield [wholeNumber(row, "ecg_id", path), { patientId: wholeNumber(row, "patient_id", path), fold }];
  }
}

async function findTables(store: FileStore, places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    if (!(await store.exists(place))) continue;
    if (!(await store.isDirectory(place))) {
      found.push(place);
      continue;
    }
    for (const name of TABLE_NAMES) {
      const path = joinPath(place, name);
      if (await isIdentityTable(store, path)) found.push(path);
    }
  }
  const own = found.filter((path) => path.endsWith(TABLE_NAMES[0]));
  return [...new Set([...own, ...found])];
}

/** A `labels.csv` may be anything: its columns say. */
async function isIdentityTable(store: FileStore, path: string): Promise<boolean> {
  if (!(await store.exists(path))) return false;
  const columns = await tableColumns(store, path);
  return COLUMNS.every((column) => columns.includes(column));
}
