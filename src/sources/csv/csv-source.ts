// Text files of signals as a source: one file, or every file of a folder whose rows are numbers.
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { nameReferences } from "../list-headers.ts";
import type { SignalFileOptions } from "../raw-recording.ts";
import { anonymousIdentity, recordOfRecording } from "../record-of-recording.ts";
import type { RecordReference, RecordSource } from "../source.ts";
import { walkFiles } from "../walk-files.ts";
import { parseSignalText } from "./parse-signal-text.ts";
import { readCsvSignals } from "./read-csv-signals.ts";

const TEXT_NAME = /\.(csv|tsv|txt)$/i;
/** So much of a file shows whether its rows are numbers. */
const HEAD_BYTES = 16384;

/**
 * Open a text file of signals or a folder of them.
 *
 * Nothing is known of patients and findings: no statements, an empty label scope, one patient a file. The rate
 * comes from `options.samplingRateHz`, a comment or a time column, never from a guess.
 * @throws EcgError NOT_FOUND when a folder holds no file of numbers.
 */
export async function openCsvSource(
  store: FileStore,
  path: string,
  options: SignalFileOptions = {},
): Promise<RecordSource> {
  const references = (await store.isDirectory(path))
    ? await listTexts(store, path)
    : nameReferences([path], "", TEXT_NAME);
  return {
    format: "csv",
    path,
    list: async () => references,
    async read(reference, readOptions) {
      const recording = await readCsvSignals(store, reference.path, options);
      const identity = anonymousIdentity("csv", reference.id, recording.sha256);
      const info = { id: reference.id, format: "csv", path: reference.path, identity };
      return recordOfRecording(recording, info, readOptions);
    },
  };
}

/** True when the beginning of a file reads as rows of numbers. */
export async function isSignalText(store: FileStore, path: string): Promise<boolean> {
  const source = await store.open(path);
  const bytes = await source.read(0, Math.min(HEAD_BYTES, source.size));
  if (bytes.includes(0)) return false;
  const text = new TextDecoder().decode(bytes);
  const whole = source.size <= HEAD_BYTES ? text : text.slice(0, text.lastIndexOf("\n") + 1);
  try {
    // The first rows decide what the file is; a text cell further down is an error of a signal file.
    const rows = whole.split(/\r\n|\n|\r/).filter((line) => !line.startsWith("#") && line.trim() !== "");
    return parseSignalText(rows.slice(0, 4).join("\n"), path).columns.length > 0;
  } catch {
    return false;
  }
}

async function listTexts(store: FileStore, folder: string): Promise<RecordReference[]> {
  const files: string[] = [];
  for (const file of await walkFiles(store, folder, (name) => TEXT_NAME.test(name))) {
    if (await isSignalText(store, file)) files.push(file);
  }
  if (files.length > 0) return nameReferences(files, folder, TEXT_NAME);
  throw new EcgError("NOT_FOUND", `${folder}: expected .csv, .tsv or .txt files of numbers, found none`);
}
