// One recording named on the command line: any format, optionally a part of it.
import type { EcgRecord } from "../record/ecg-record.ts";
import { diskFileStore } from "../shared/disk-file-store.ts";
import { EcgError } from "../shared/errors.ts";
import type { VoltageUnit } from "../sources/inspect-recording.ts";
import { openSource } from "../sources/open-source.ts";
import type { ReadOptions, RecordReference, RecordSource } from "../sources/source.ts";
import { readWfdbRecord } from "../sources/wfdb/read-wfdb-record.ts";
import { toEcgRecord } from "../sources/wfdb/to-ecg-record.ts";

export type OneRecordingOptions = {
  /** Rate of a file that does not state one. */
  readonly samplingRateHz?: number | undefined;
  /** Unit of a file that does not state one. */
  readonly fileUnit?: VoltageUnit | undefined;
  /** Part of the recording in seconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Which recording of a folder or stack, by its id. */
  readonly record?: string | undefined;
  /** `file`: leads in the file's own order, as reference tools give them. Default `canonical`. */
  readonly leadOrder?: "canonical" | "file" | undefined;
};

/** Formats whose recordings are WFDB files with labels around them. */
const WFDB_FORMATS: ReadonlySet<string> = new Set(["wfdb", "ptbxl", "challenge", "ludb"]);

/**
 * Read one recording in mV.
 * @throws EcgError as the readers do; INVALID_OPTION for a range outside the recording or a folder of several.
 */
export async function readOneRecording(path: string, options: OneRecordingOptions = {}): Promise<EcgRecord> {
  const { samplingRateHz, fileUnit, from, to } = options;
  const source = await openSource(diskFileStore, path, {
    ...(samplingRateHz === undefined ? {} : { samplingRateHz }),
    ...(fileUnit ? { unit: fileUnit } : {}),
  });
  const reference = await chooseOne(source, path, options.record);
  if (from === undefined && to === undefined) return readPart(source, reference, options.leadOrder, {});
  const whole = await readPart(source, reference, options.leadOrder, {});
  const part = toSampleRange(whole, path, { from, to });
  return readPart(source, reference, options.leadOrder, part);
}

async function readPart(
  source: RecordSource,
  reference: RecordReference,
  leadOrder: OneRecordingOptions["leadOrder"],
  part: ReadOptions,
): Promise<EcgRecord> {
  if (leadOrder !== "file" || !WFDB_FORMATS.has(source.format)) return source.read(reference, part);
  const labelled = await source.read(reference, part);
  const { id, provenance, identity, patient } = labelled;
  const wfdb = await readWfdbRecord(diskFileStore, reference.path, part);
  return toEcgRecord(wfdb, {
    id,
    path: provenance.path,
    format: provenance.format,
    identity,
    patient,
    leadOrder,
  });
}

async function chooseOne(
  source: RecordSource,
  path: string,
  wanted: string | undefined,
): Promise<RecordReference> {
  const references = await source.list();
  const chosen =
    wanted === undefined && references.length === 1
      ? references[0]
      : references.find(({ id }) => id === wanted);
  if (chosen) return chosen;
  const some = references
    .slice(0, 3)
    .map(({ id }) => id)
    .join(", ");
  throw new EcgError(
    "INVALID_OPTION",
    `${path}: expected one recording, found ${references.length}: ${some}, ...`,
    {
      hint: "name one of the files, or choose with --record <id>",
    },
  );
}

function toSampleRange(
  record: EcgRecord,
  path: string,
  range: { from?: number | undefined; to?: number | undefined },
): ReadOptions {
  const { samplingRateHz, signal } = record;
  const startSample = Math.round((range.from ?? 0) * samplingRateHz);
  const endSample = Math.min(
    signal.sampleCount,
    range.to === undefined ? signal.sampleCount : Math.round(range.to * samplingRateHz),
  );
  if (startSample < endSample) return { startSample, endSample };
  const seconds = (signal.sampleCount / samplingRateHz).toFixed(2);
  throw new EcgError(
    "INVALID_OPTION",
    `${path}: expected --from before --to inside 0 to ${seconds} s, got ${range.from ?? 0} to ${range.to ?? seconds}`,
    {
      hint: "both are seconds from the start of the recording",
    },
  );
}
