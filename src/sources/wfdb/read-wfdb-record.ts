// Reads a WFDB record (header, signal files, segments) into physical units. Formats: WFDB signal(5), header(5).
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import type { ReadOptions } from "../source.ts";
import type { WfdbRecord } from "./wfdb-record.ts";

export type ReadWfdbOptions = ReadOptions & {
  /** Compare the sums of whole signals with the header's (default true). */
  readonly verifyChecksums?: boolean;
};

/** Read a record; `path` is that of its header, with or without `.hea`. */
export async function readWfdbRecord(
  _store: FileStore,
  path: string,
  _options: ReadWfdbOptions = {},
): Promise<WfdbRecord> {
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `${path}: expected the reader to be finished, found its signature`,
  );
}
