// Reads annotation files in MIT format. Format: WFDB Applications Guide, annot(5).
import { type FileStore, readAll } from "../../shared/byte-source.ts";
import { parseWfdbAnnotations } from "./parse-wfdb-annotations.ts";
import type { WfdbAnnotation } from "./wfdb-annotation.ts";

/**
 * Read every annotation of a file such as `100.atr`, in the order of the file. The definitions at its start
 * (time resolution, own codes) are applied or left out, see {@link parseWfdbAnnotations}.
 * @throws EcgError NOT_FOUND, INVALID_FILE when the file is cut.
 */
export async function readWfdbAnnotations(store: FileStore, path: string): Promise<WfdbAnnotation[]> {
  return parseWfdbAnnotations(await readAll(store, path), path).annotations;
}
