// The contract of every reader of recordings: list what is there, read one by its reference.
import type { EcgRecord } from "../record/ecg-record.ts";

/** One recording inside a source; enough to read it later or in another thread. Plain JSON. */
export type RecordReference = {
  /** Unique inside its source. */
  readonly id: string;
  /** The main file (header, CSV, array), as the source would open it. */
  readonly path: string;
  /** Row of a table or array that holds several recordings. */
  readonly row?: number;
};

export type ReadOptions = {
  /** Keep these leads only, by canonical or file name, in this order. */
  readonly leads?: readonly string[];
  /** First sample to read (inclusive) and the one to stop at (exclusive), at the file's rate. */
  readonly startSample?: number;
  readonly endSample?: number;
};

/** A file or folder of recordings. References are listed in a stable order (by id or as the table has them). */
export type RecordSource = {
  /** Reader's name: `wfdb`, `ptbxl`, `challenge`, `ludb`, `csv`, `npy`, `zscore-shards`, `synthetic`. */
  readonly format: string;
  readonly path: string;
  list(): Promise<readonly RecordReference[]>;
  /** @throws EcgError (NOT_FOUND, INVALID_FILE, CHECKSUM_MISMATCH, UNSUPPORTED_FORMAT) for a broken record. */
  read(reference: RecordReference, options?: ReadOptions): Promise<EcgRecord>;
};
