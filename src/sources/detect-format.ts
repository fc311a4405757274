// Which reader a path needs, decided by what the files hold and not only by their names.
import { baseName, type FileStore, joinPath } from "../shared/byte-source.ts";
import { EcgError } from "../shared/errors.ts";
import { isNpy } from "../shared/npy.ts";
import { isChallengeComments } from "./challenge/parse-challenge-comments.ts";
import { isSignalText } from "./csv/csv-source.ts";
import { isEcgQa } from "./ecg-qa/read-ecg-qa.ts";
import { findTable } from "./find-table.ts";
import { findHeader } from "./list-headers.ts";
import { isLudbComments, LUDB_COLUMNS } from "./ludb/ludb-source.ts";
import { nameFileKind } from "./name-file-kind.ts";
import { findPtbxlTable, PTBXL_COLUMNS } from "./ptbxl/ptbxl-source.ts";
import { listFolders } from "./walk-files.ts";
import { readWfdbHeader } from "./wfdb/read-wfdb-header.ts";
import { ZSCORE_COLUMNS } from "./zscore-shards/zscore-source.ts";

/** Formats that {@link detectFormat} tells apart. `ecg-qa` holds questions, the others recordings. */
export const SOURCE_FORMATS = [
  "ptbxl",
  "challenge",
  "ludb",
  "zscore-shards",
  "wfdb",
  "npy",
  "csv",
  "ecg-qa",
  "synthetic",
] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** A format with the path to open: a folder that only wraps one data set is looked through. */
export type DetectedSource = { readonly format: SourceFormat; readonly path: string };

/** `synthetic:<count>[:<seed>]` names patients that are generated. */
export const SYNTHETIC_PREFIX = "synthetic:";

const LOOKED_FOR =
  "ptbxl_database.csv (PTB-XL), WFDB headers .hea (Challenge, LUDB, any other), .npy arrays, .csv/.tsv/.txt signals, ECG-QA .json";
/** Headers of a folder that are looked at before it counts as plain WFDB. */
const HEADERS_LOOKED_AT = 5;
const MOST_DEPTH = 6;
const ECG_QA_COLUMNS = ["template_id", "classes"] as const;

/**
 * Look at a file or folder.
 *
 * A folder is what its tables and files say; one that holds nothing but folders is what these are, if they agree.
 * @throws EcgError NOT_FOUND for a path that does not exist and for a folder without recordings, UNSUPPORTED_FORMAT
 *   for files of other kinds (names the kind), INVALID_OPTION for a folder of several data sets (names them).
 */
export async function detectFormat(store: FileStore, path: string): Promise<DetectedSource> {
  if (path.startsWith(SYNTHETIC_PREFIX)) return { format: "synthetic", path };
  if (await store.isDirectory(path)) {
    const found = await detectFolder(store, path, 0);
    if (found !== undefined) return found;
    throw await nothingIn(store, path);
  }
  const header = await findHeader(store, path);
  if (header !== undefined) return { format: await detectHeader(store, header), path: header };
  if (await store.exists(path)) return { format: await detectFile(store, path), path };
  throw new EcgError(
    "NOT_FOUND",
    `${path}: expected a file or folder of ECG recordings, found nothing there`,
    {
      hint: "check the path",
    },
  );
}

async function detectFolder(
  store: FileStore,
  folder: string,
  depth: number,
): Promise<DetectedSource | undefined> {
  const byTable = await detectTable(store, folder);
  if (byTable !== undefined) return { format: byTable, path: folder };
  const names = await store.list(folder);
  const ending = (pattern: RegExp): string[] =>
    names.filter((name) => pattern.test(name)).map((name) => joinPath(folder, name));
  const headers = ending(/\.hea$/);
  if (headers.length > 0) return { format: await detectHeaders(store, headers), path: folder };
  if (ending(/\.npy$/).length > 0) return { format: "npy", path: folder };
  for (const path of ending(/\.(csv|tsv|txt)$/i)) {
    if (await isSignalText(store, path)) return { format: "csv", path: folder };
  }
  for (const path of ending(/\.json$/))
    if (await isEcgQa(store, path)) return { format: "ecg-qa", path: folder };
  return depth < MOST_DEPTH ? detectFoldersIn(store, folder, depth) : undefined;
}

async function detectTable(store: FileStore, folder: string): Promise<SourceFormat | undefined> {
  if (await findTable(store, folder, PTBXL_COLUMNS, "ptbxl_database.csv")) return "ptbxl";
  if (await findTable(store, folder, LUDB_COLUMNS, "ludb.csv")) return "ludb";
  if (await findTable(store, folder, ZSCORE_COLUMNS, "labels.csv")) return "zscore-shards";
  // ECG-QA's lists of ecg_ids are rows of numbers; its table of answers tells them from signals.
  const answers = await findTable(store, folder, ECG_QA_COLUMNS, "answers_for_each_template.csv");
  return answers ? "ecg-qa" : undefined;
}

async function detectFoldersIn(
  store: FileStore,
  folder: string,
  depth: number,
): Promise<DetectedSource | undefined> {
  const found: DetectedSource[] = [];
  for (const inner of await listFolders(store, folder)) {
    const detected = await detectFolder(store, inner, depth + 1);
    if (detected !== undefined) found.push(detected);
  }
  const [first] = found;
  if (first === undefined || found.length === 1) return first;
  // Folders of plain records are read through; data sets with a table of their own are separate sources.
  const flat = ["wfdb", "challenge", "npy", "csv", "ecg-qa"].includes(first.format);
  if (flat && found.every((one) => one.format === first.format))
    return { format: first.format, path: folder };
  const listed = found.map((one) => `${one.path} (${one.format})`).join(", ");
  throw new EcgError("INVALID_OPTION", `${folder}: expected one data set, found ${found.length}: ${listed}`, {
    hint: "give them one by one",
    details: { found },
  });
}

/** The first header that says something decides; one that is broken says nothing. */
async function detectHeaders(store: FileStore, headers: readonly string[]): Promise<SourceFormat> {
  for (const header of headers.slice(0, HEADERS_LOOKED_AT)) {
    const format = await detectHeader(store, header).catch(() => "wfdb" as const);
    if (format !== "wfdb") return format;
  }
  return "wfdb";
}

async function detectHeader(store: FileStore, path: string): Promise<SourceFormat> {
  const { comments } = (await readWfdbHeader(store, path)).header;
  if (isChallengeComments(comments)) return "challenge";
  if (isLudbComments(comments)) return "ludb";
  return (await findPtbxlTable(store, path)) === undefined ? "wfdb" : "ptbxl";
}

async function detectFile(store: FileStore, path: string): Promise<SourceFormat> {
  const table = path.toLowerCase().endsWith(".csv") ? await detectTable(store, path) : undefined;
  if (table !== undefined) return table;
  const source = await store.open(path);
  const head = await source.read(0, Math.min(512, source.size));
  if (head.length === 0) {
    throw new EcgError("INVALID_FILE", `${path}: expected an ECG recording, found an empty file`);
  }
  if (isNpy(head)) {
    const folder = path.split("/").slice(0, -1).join("/");
    return (await isZscored(store, folder)) ? "zscore-shards" : "npy";
  }
  const kind = nameFileKind(head, baseName(path));
  if (kind === "JSON" && (await isEcgQa(store, path))) return "ecg-qa";
  if (kind !== undefined) {
    throw new EcgError("UNSUPPORTED_FORMAT", `${path}: expected WFDB, CSV or .npy, found ${kind}`, {
      hint: kind.startsWith("WFDB") ? "put the record's .hea beside it" : `formats looked for: ${LOOKED_FOR}`,
    });
  }
  // What is left is text; reading it says in one sentence what is wrong where it is no table of numbers.
  return "csv";
}

/** A .npy file belongs to the z-scored shards when their labels lie beside it, or above a golden500 folder. */
async function isZscored(store: FileStore, folder: string): Promise<boolean> {
  for (const place of [folder || ".", folder.replace(/\/?golden500$/, "") || "."]) {
    const there = await store.isDirectory(place);
    if (there && (await findTable(store, place, ZSCORE_COLUMNS, "labels.csv"))) return true;
  }
  return false;
}

async function nothingIn(store: FileStore, folder: string): Promise<EcgError> {
  const names = await store.list(folder);
  if (names.length === 0) {
    return new EcgError("NOT_FOUND", `${folder}: expected ECG recordings, found an empty folder`, {
      hint: `looked for ${LOOKED_FOR}`,
    });
  }
  const kinds = new Set<string>();
  for (const name of names.slice(0, 20)) {
    const path = joinPath(folder, name);
    if (await store.isDirectory(path)) continue;
    const head = await (await store.open(path)).read(0, 512);
    const kind = nameFileKind(head, name);
    if (kind !== undefined) kinds.add(kind);
  }
  const found = kinds.size > 0 ? `only ${[...kinds].sort().join(", ")}` : `none in ${names.length} entries`;
  return new EcgError(
    kinds.size > 0 ? "UNSUPPORTED_FORMAT" : "NOT_FOUND",
    `${folder}: expected ECG recordings, found ${found}`,
    {
      hint: `looked for ${LOOKED_FOR}`,
    },
  );
}
