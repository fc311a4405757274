// WFDB records without other known labels, as a source: one header or a folder of headers.
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import type { RecordSource } from "../source.ts";

/** Open one header or a folder of them. */
export async function openWfdbSource(_store: FileStore, path: string): Promise<RecordSource> {
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `${path}: expected the source to be finished, found its signature`,
  );
}
