// Opens any path as a source of recordings.
import type { FileStore } from "../shared/byte-source.ts";
import { EcgError } from "../shared/errors.ts";
import { type ChallengeOptions, openChallengeSource } from "./challenge/challenge-source.ts";
import { openCsvSource } from "./csv/csv-source.ts";
import { detectFormat, type SourceFormat } from "./detect-format.ts";
import { openLudbSource } from "./ludb/ludb-source.ts";
import { openNpySource } from "./npy/npy-source.ts";
import { openPtbxlSource, type PtbxlOptions } from "./ptbxl/ptbxl-source.ts";
import type { SignalFileOptions } from "./raw-recording.ts";
import type { RecordSource } from "./source.ts";
import { openSyntheticSource, parseSyntheticPath } from "./synthetic/synthetic-source.ts";
import { openWfdbSource } from "./wfdb/wfdb-source.ts";
import { openZscoreSource } from "./zscore-shards/zscore-source.ts";

export type OpenOptions = SignalFileOptions &
  ChallengeOptions &
  PtbxlOptions & {
    /** The format, for callers that know it already (a worker thread); found by {@link detectFormat} otherwise. */
    readonly format?: SourceFormat;
  };

/**
 * Open a folder of recordings, one recording, or `synthetic:<count>[:<seed>]`.
 *
 * Options that a format has no use for are ignored. `source.path` is what was opened: a folder that only wraps one
 * data set is looked through, and `x/100`, `x/100.dat` become `x/100.hea`.
 * @throws EcgError as {@link detectFormat} and the readers do; INVALID_OPTION for ECG-QA, which holds questions.
 */
export async function openSource(
  store: FileStore,
  path: string,
  options: OpenOptions = {},
): Promise<RecordSource> {
  const bare = path.length > 1 ? path.replace(/\/+$/, "") : path;
  const detected = options.format ? { format: options.format, path: bare } : await detectFormat(store, bare);
  switch (detected.format) {
    case "ptbxl":
      return openPtbxlSource(store, detected.path, options);
    case "challenge":
      return openChallengeSource(store, detected.path, options);
    case "ludb":
      return openLudbSource(store, detected.path);
    case "zscore-shards":
      return openZscoreSource(store, detected.path);
    case "wfdb":
      return openWfdbSource(store, detected.path);
    case "npy":
      return openNpySource(store, detected.path, options);
    case "csv":
      return openCsvSource(store, detected.path, options);
    case "synthetic":
      return openSyntheticSource(parseSyntheticPath(detected.path));
    case "ecg-qa":
      throw new EcgError("INVALID_OPTION", `${path}: expected recordings, found ECG-QA questions`, {
        hint: "read them with readEcgQa; the recordings are PTB-XL's",
      });
  }
}
