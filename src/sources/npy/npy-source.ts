// .npy arrays of signals as a source: one file, a stack of recordings in a file, or a folder of such files.
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { nameReferences } from "../list-headers.ts";
import type { SignalFileOptions } from "../raw-recording.ts";
import { anonymousIdentity, recordOfRecording } from "../record-of-recording.ts";
import type { RecordReference, RecordSource } from "../source.ts";
import { walkFiles } from "../walk-files.ts";
import { readNpyHeader } from "./read-npy-row.ts";
import { readNpySignals } from "./read-npy-signals.ts";

/**
 * Open a .npy file or a folder of them; an array of three axes is a stack of recordings.
 *
 * Nothing is known of patients and findings: no statements, an empty label scope, one patient a recording.
 * @throws EcgError NOT_FOUND when a folder holds no .npy file, INVALID_FILE for a broken header.
 */
export async function openNpySource(
  store: FileStore,
  path: string,
  options: SignalFileOptions = {},
): Promise<RecordSource> {
  const folder = await store.isDirectory(path);
  const files = folder ? await walkFiles(store, path, (name) => name.endsWith(".npy")) : [path];
  if (files.length === 0) throw new EcgError("NOT_FOUND", `${path}: expected .npy files, found none`);
  return {
    format: "npy",
    path,
    async list() {
      const references: RecordReference[] = [];
      for (const file of nameReferences(files, folder ? path : "", ".npy")) {
        references.push(...(await rowsOf(store, file)));
      }
      return references;
    },
    async read(reference, readOptions) {
      const { row } = reference;
      const recording = await readNpySignals(store, reference.path, {
        ...options,
        ...(row !== undefined && { row }),
      });
      const identity = anonymousIdentity("npy", reference.id, recording.sha256);
      const info = { id: reference.id, format: "npy", path: reference.path, identity };
      return recordOfRecording(recording, info, readOptions);
    },
  };
}

/** A file that is broken is listed too, so that reading it says what is wrong with it. */
async function rowsOf(store: FileStore, file: RecordReference): Promise<RecordReference[]> {
  const shape = await readNpyHeader(store, file.path).then(
    (header) => header.shape,
    () => [],
  );
  if (shape.length !== 3) return [file];
  return Array.from({ length: shape[0] ?? 0 }, (_, row) => ({
    id: `${file.id}#${row}`,
    path: file.path,
    row,
  }));
}
