// Reads a WFDB header file.
import { directoryOf, type FileStore, readAll } from "../../shared/byte-source.ts";
import { parseWfdbHeader } from "./parse-wfdb-header.ts";
import type { WfdbHeader } from "./wfdb-header.ts";

/** A header with where it came from. */
export type FoundHeader = {
  readonly header: WfdbHeader;
  /** Path of the header file. */
  readonly path: string;
  /** Folder that file and segment names of the header are relative to. */
  readonly folder: string;
};

/**
 * Read a header; `path` with or without `.hea`. Text that is no UTF-8 is taken as Windows-1252 (old headers
 * write uV with a micro sign of one byte).
 * @throws EcgError NOT_FOUND, INVALID_FILE.
 */
export async function readWfdbHeader(store: FileStore, path: string): Promise<FoundHeader> {
  const headerPath = path.endsWith(".hea") ? path : `${path}.hea`;
  const text = decodeText(await readAll(store, headerPath));
  return { header: parseWfdbHeader(text, headerPath), path: headerPath, folder: directoryOf(headerPath) };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
