// Finds a table in a folder by its columns, whatever its name is.
import { type FileStore, joinPath } from "../shared/byte-source.ts";
import { parseCsv } from "./csv/parse-csv.ts";

/** Headers of tables are shorter than this. */
const HEADER_BYTES = 8192;
/** A folder of more CSV files holds signals, not tables: only the preferred name is looked at. */
const MOST_TABLES = 20;

/** Column names of the first row of a CSV file; only the beginning of the file is read. */
export async function tableColumns(store: FileStore, path: string): Promise<readonly string[]> {
  const source = await store.open(path);
  const head = new TextDecoder().decode(await source.read(0, Math.min(HEADER_BYTES, source.size)));
  // A quoted field further down may be cut; a header has none that spans lines.
  const [line = ""] = head.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/, 1);
  try {
    return parseCsv(line)[0]?.cells.map((name) => name.trim()) ?? [];
  } catch {
    return [];
  }
}

/**
 * The first CSV file directly in `folder` (or `folder` itself, when it is a file) that has all `columns`;
 * `preferred` is looked at before the others.
 */
export async function findTable(
  store: FileStore,
  folder: string,
  columns: readonly string[],
  preferred: string,
): Promise<string | undefined> {
  if (!(await store.isDirectory(folder))) {
    const isTable = folder.endsWith(".csv") && (await store.exists(folder));
    return isTable && hasAll(await tableColumns(store, folder), columns) ? folder : undefined;
  }
  const names = (await store.list(folder)).filter((name) => name.toLowerCase().endsWith(".csv"));
  const others = names.length > MOST_TABLES ? [] : names.filter((name) => name !== preferred);
  for (const name of names.includes(preferred) ? [preferred, ...others] : others) {
    const path = joinPath(folder, name);
    if (hasAll(await tableColumns(store, path), columns)) return path;
  }
  return undefined;
}

function hasAll(found: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((column) => found.includes(column));
}
