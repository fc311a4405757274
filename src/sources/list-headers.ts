// The WFDB headers that a path means: all of a folder, or the one of a record named in any of the usual ways.
import { baseName, type FileStore } from "../shared/byte-source.ts";
import { EcgError } from "../shared/errors.ts";
import type { RecordReference } from "./source.ts";
import { walkFiles } from "./walk-files.ts";

/** A converted copy beside a record is itself, not the record's signal file. */
const OTHER_FORMAT =
  /\.(csv|tsv|txt|npy|json|xml|pdf|png|jpe?g|svg|edf|bdf|dcm|scp|h5|hdf5|parquet|zip|gz|md)$/i;

/**
 * References to the headers below a folder, or to that of one record (`x/100`, `x/100.hea`, `x/100.dat`, `x/100.mat`).
 * @throws EcgError NOT_FOUND when there is none.
 */
export async function listHeaders(store: FileStore, path: string): Promise<RecordReference[]> {
  if (!(await store.isDirectory(path))) {
    const header = await findHeader(store, path);
    if (header !== undefined) return nameReferences([header], "", ".hea");
    throw new EcgError("NOT_FOUND", `${path}: expected a WFDB header ${headerPathOf(path)}, found none`, {
      hint: "a signal file needs its .hea beside it",
    });
  }
  const headers = await walkFiles(store, path, (name) => name.endsWith(".hea"));
  if (headers.length > 0) return nameReferences(headers, path, ".hea");
  throw new EcgError("NOT_FOUND", `${path}: expected WFDB headers (.hea), found none`);
}

/** The header of a record given by its name, header or signal file; undefined when there is none. */
export async function findHeader(store: FileStore, path: string): Promise<string | undefined> {
  const beside = OTHER_FORMAT.test(path) ? [] : [headerPathOf(path)];
  for (const candidate of [path, `${path}.hea`, ...beside]) {
    if (candidate.endsWith(".hea") && (await store.exists(candidate))) return candidate;
  }
  return undefined;
}

/**
 * References to files: the file's name without its ending is the id where that is unique, else its path inside
 * the folder.
 */
export function nameReferences(
  paths: readonly string[],
  folder: string,
  ending: string | RegExp,
): RecordReference[] {
  const prefix = folder === "" ? "" : `${folder.replace(/\/+$/, "")}/`;
  const short = paths.map((path) => baseName(path).replace(ending, ""));
  const unique = new Set(short).size === paths.length;
  return paths.map((path, index) => {
    const inside = path.startsWith(prefix) ? path.slice(prefix.length) : path;
    return { id: unique ? short[index]! : inside.replace(ending, ""), path };
  });
}

function headerPathOf(path: string): string {
  return path.replace(/(\.[A-Za-z0-9]+)?$/, ".hea");
}
