// Reads a WFDB record (header, signal files, segments) into physical units. Formats: WFDB signal(5), header(5).
import type { FileStore } from "../../shared/byte-source.ts";
import { readSegmentedRecord } from "./read-segmented-record.ts";
import { readSingleRecord } from "./read-single-record.ts";
import { readWfdbHeader } from "./read-wfdb-header.ts";
import type { ReadWfdbOptions, WfdbRecord } from "./wfdb-record.ts";

/**
 * Read a record; `path` is that of its header, with or without `.hea`.
 *
 * Every channel with its own unit in float64, one value a frame; invalid samples, gaps between segments and
 * samples that skew moves out of the file are NaN. With `leads` or a sample range only what is needed of the
 * signal files is read. III and the augmented leads may be asked for where the file holds I and II: these
 * are read, and `toEcgRecord` makes the others.
 *
 * A missing length is taken from the size of the first signal file. Several samples of one frame become their
 * mean, as in wfdb-python's `smooth_frames`.
 * @throws EcgError NOT_FOUND (header, signal file, segment), INVALID_FILE (malformed header, file too short),
 * CHECKSUM_MISMATCH (signal, expected, found), UNSUPPORTED_FORMAT (FLAC), INVALID_OPTION (leads, range).
 * Source: WFDB Applications Guide, header(5) and signal(5). Golden: wfdb-python.
 */
export async function readWfdbRecord(
  store: FileStore,
  path: string,
  options: ReadWfdbOptions = {},
): Promise<WfdbRecord> {
  const found = await readWfdbHeader(store, path);
  return found.header.segments
    ? readSegmentedRecord(store, found, options)
    : readSingleRecord(store, found, options);
}
