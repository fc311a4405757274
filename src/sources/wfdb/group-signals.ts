// Which signals of a header share a file, and how they lie in it.
import { EcgError } from "../../shared/errors.ts";
import {
  FLAC_FORMATS,
  NULL_FORMAT,
  READABLE_FORMATS,
  type SignalFormat,
  signalFormat,
} from "./signal-formats.ts";
import type { WfdbSignal } from "./wfdb-header.ts";

/** The signals of one file, in the order of the header. */
export type SignalGroup = {
  readonly fileName: string;
  readonly code: number;
  readonly format: SignalFormat;
  /** Bytes before the first sample. */
  readonly byteOffset: number;
  /** Samples of all signals in one frame. */
  readonly frameSamples: number;
  readonly members: readonly {
    /** Index in the header. */
    readonly index: number;
    readonly signal: WfdbSignal;
    /** Place of the signal's first sample in the frame. */
    readonly slot: number;
  }[];
};

/** True for a signal without samples: format 0 or the file name `~`. */
export function isNullSignal(signal: WfdbSignal): boolean {
  return signal.format === NULL_FORMAT || signal.fileName === "~";
}

/**
 * The signals of a header by file, in order of first mention; null signals belong to no file.
 * @param where what error messages name.
 * @throws EcgError INVALID_FILE when signals of one file differ in format, UNSUPPORTED_FORMAT for FLAC and
 * unknown formats.
 */
export function groupSignals(signals: readonly WfdbSignal[], where: string): SignalGroup[] {
  const byFile = new Map<string, { index: number; signal: WfdbSignal; slot: number }[]>();
  for (const [index, signal] of signals.entries()) {
    if (isNullSignal(signal)) continue;
    const members = byFile.get(signal.fileName) ?? [];
    const last = members.at(-1);
    const slot = last ? last.slot + last.signal.samplesPerFrame : 0;
    members.push({ index, signal, slot });
    byFile.set(signal.fileName, members);
  }
  return [...byFile].map(([fileName, members]) => describeGroup(fileName, members, where));
}

function describeGroup(fileName: string, members: SignalGroup["members"], where: string): SignalGroup {
  const first = members[0]!.signal;
  const other = members.find(({ signal }) => signal.format !== first.format);
  if (other) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected one format in ${fileName}, found ${first.format} and ${other.signal.format}`,
      { hint: "signals of one file share its format; correct the header" },
    );
  }
  const format = signalFormat(first.format);
  if (!format) throw unsupported(first.format, fileName, where);
  return {
    fileName,
    code: first.format,
    format,
    byteOffset: first.byteOffset,
    frameSamples: members.reduce((sum, { signal }) => sum + signal.samplesPerFrame, 0),
    members,
  };
}

function unsupported(code: number, fileName: string, where: string): EcgError {
  const expected = `${where}: expected a format among ${READABLE_FORMATS.join(", ")} for ${fileName}`;
  return FLAC_FORMATS.has(code)
    ? new EcgError("UNSUPPORTED_FORMAT", `${expected}, found ${code} (FLAC)`, {
        hint: "FLAC-compressed signals cannot be read yet; convert the record to format 16 with xform",
        details: { format: code },
      })
    : new EcgError("UNSUPPORTED_FORMAT", `${expected}, found ${code}`, { details: { format: code } });
}
