// Reads annotation files in MIT format. Format: WFDB Applications Guide, annot(5).
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import type { WfdbAnnotation } from "./wfdb-annotation.ts";

/** Read every annotation of a file such as `100.atr`. */
export async function readWfdbAnnotations(_store: FileStore, path: string): Promise<WfdbAnnotation[]> {
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `${path}: expected the reader to be finished, found its signature`,
  );
}
