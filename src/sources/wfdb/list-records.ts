// Which records a folder of WFDB headers holds: those of its RECORDS file, or all that are not parts of others.
import { directoryOf, type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { listHeaders, nameReferences } from "../list-headers.ts";
import type { RecordReference } from "../source.ts";
import { readWfdbHeader } from "./read-wfdb-header.ts";

const LIST_NAME = "RECORDS";

/**
 * References to the records of a path: one header (or record name, or signal file), a RECORDS file, or a folder.
 *
 * A folder with a RECORDS file holds what that lists, in its order; a line that ends in `/` names a folder. Lines
 * whose header is not there are passed over, since copies of a part of a database keep the whole list. Without
 * such a file (or when none of its headers is there) all headers below the folder count, except the segments of
 * multi-segment records.
 * @throws EcgError NOT_FOUND when there is no header.
 */
export async function listRecords(store: FileStore, path: string): Promise<RecordReference[]> {
  const isList = path === LIST_NAME || path.endsWith(`/${LIST_NAME}`);
  const folder = isList ? directoryOf(path) || "." : path;
  if (!isList && !(await store.isDirectory(path))) return listHeaders(store, path);
  const listed = await listedHeaders(store, folder);
  return listed.length > 0 ? nameReferences(listed, folder, ".hea") : listWholeRecords(store, folder);
}

/** Headers that the folder's RECORDS file lists and that are there; none without such a file. */
async function listedHeaders(store: FileStore, folder: string): Promise<string[]> {
  const list = joinPath(folder, LIST_NAME);
  if (!(await store.exists(list)) || (await store.isDirectory(list))) return [];
  const headers: string[] = [];
  for (const raw of (await readText(store, list)).split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    const path = joinPath(folder, line.replace(/\/+$/, ""));
    if (line === "") continue;
    if (line.endsWith("/")) headers.push(...(await headersInside(store, path)));
    else if (await store.exists(`${path.replace(/\.hea$/, "")}.hea`)) {
      headers.push(`${path.replace(/\.hea$/, "")}.hea`);
    }
  }
  return [...new Set(headers)];
}

async function headersInside(store: FileStore, folder: string): Promise<string[]> {
  if (!(await store.isDirectory(folder))) return [];
  const listed = await listedHeaders(store, folder);
  if (listed.length > 0) return listed;
  const names = await store.list(folder);
  return names.filter((name) => name.endsWith(".hea")).map((name) => joinPath(folder, name));
}

async function listWholeRecords(store: FileStore, folder: string): Promise<RecordReference[]> {
  const references = await listHeaders(store, folder);
  const parts = new Set<string>();
  for (const { path } of references) {
    for (const part of await segmentsOf(store, path)) parts.add(part);
  }
  const whole = references.filter(({ path }) => !parts.has(path));
  return nameReferences(
    whole.map(({ path }) => path),
    folder,
    ".hea",
  );
}

/** Headers of the segments of a record; a broken header has none, reading it will say what is wrong. */
async function segmentsOf(store: FileStore, path: string): Promise<string[]> {
  const found = await readWfdbHeader(store, path).catch(() => undefined);
  return (found?.header.segments ?? []).map(
    (segment) => `${joinPath(found?.folder ?? "", segment.name)}.hea`,
  );
}
