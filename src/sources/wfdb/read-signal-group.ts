// Gets the bytes of one signal file that a read needs, and no others.
import { type ByteSource, type FileStore, joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { groupSignals, type SignalGroup } from "./group-signals.ts";
import type { FoundHeader } from "./read-wfdb-header.ts";
import { SCRATCH_LIMIT_BYTES, takeScratch } from "./scratch-buffers.ts";
import { bytesForSamples, samplesInBytes } from "./signal-formats.ts";

/** A header with where it came from and how long its signals are. */
export type LocatedHeader = FoundHeader & {
  /** Frames of the record. */
  readonly totalFrames: number;
};

/** Which frames of which signals are wanted. */
export type WantedSignals = {
  /** First frame (inclusive) and the one to stop at (exclusive); within [0, totalFrames]. */
  readonly startFrame: number;
  readonly endFrame: number;
  /** Signals by index in the header. */
  readonly wanted: ReadonlySet<number>;
};

/** What was read of one file. */
export type GroupBytes = {
  readonly group: SignalGroup;
  /** Everything that was read: of a whole read the whole file. */
  readonly bytes: Uint8Array;
  /** The buffer that `bytes` is part of, for `returnScratch` after the last use; absent when it is none of those. */
  readonly scratch: Uint8Array | undefined;
  /** The part of it that begins with sample `startSample` of the file, the first one of a group of samples. */
  readonly data: Uint8Array;
  readonly startSample: number;
  readonly endSample: number;
  /** First frame that is wanted of any signal. */
  readonly firstFrame: number;
};

/** True when every frame is wanted. */
export function isWholeRead(record: LocatedHeader, { startFrame, endFrame }: WantedSignals): boolean {
  return startFrame === 0 && endFrame === record.totalFrames;
}

/**
 * Read what the wanted signals of one file need. Format 8 needs everything before the range, too.
 * @throws EcgError NOT_FOUND without the file, INVALID_FILE when it is too short for the range.
 */
export async function readSignalGroup(
  store: FileStore,
  record: LocatedHeader,
  group: SignalGroup,
  wanted: WantedSignals,
): Promise<GroupBytes> {
  const source = await openSignalFile(store, record, group.fileName);
  const { code, format, frameSamples } = group;
  const { firstFrame, endFrame } = framesToRead(record, group, wanted);
  const groupStart = Math.floor((firstFrame * frameSamples) / format.groupSamples) * format.groupSamples;
  const startSample = format.differences ? 0 : groupStart;
  const endSample = Math.max(startSample, endFrame * frameSamples);
  const startByte = group.byteOffset + bytesForSamples(code, format, startSample);
  const endByte = group.byteOffset + bytesForSamples(code, format, endSample);
  if (endByte > source.size) throw tooShort(record, group, { needed: endByte, found: source.size, endFrame });
  const whole = isWholeRead(record, wanted);
  const { bytes, scratch } = await readBytes(source, whole ? 0 : startByte, whole ? source.size : endByte);
  if (bytes.length < endByte - startByte) {
    throw tooShort(record, group, { needed: endByte, found: startByte + bytes.length, endFrame });
  }
  const data = whole ? bytes.subarray(startByte) : bytes;
  return { group, bytes, scratch, data, startSample, endSample, firstFrame };
}

async function readBytes(
  source: ByteSource,
  startByte: number,
  endByte: number,
): Promise<Pick<GroupBytes, "bytes" | "scratch">> {
  const byteCount = endByte - startByte;
  if (!source.readInto || byteCount > SCRATCH_LIMIT_BYTES) {
    return { bytes: await source.read(startByte, endByte), scratch: undefined };
  }
  const scratch = takeScratch(byteCount);
  const filled = await source.readInto(scratch.subarray(0, byteCount), startByte);
  return { bytes: scratch.subarray(0, filled), scratch };
}

/**
 * Frames of a record whose header does not say: as many as its first signal file holds, 0 without a file.
 * @throws EcgError NOT_FOUND when that file is missing.
 */
export async function countFrames(store: FileStore, found: FoundHeader): Promise<number> {
  const { header, path } = found;
  if (header.sampleCount !== undefined) return header.sampleCount;
  const [group] = groupSignals(header.signals, path);
  if (!group) return 0;
  const { size } = await openSignalFile(store, found, group.fileName);
  const samples = samplesInBytes(group.code, group.format, Math.max(0, size - group.byteOffset));
  return Math.floor(samples / group.frameSamples);
}

async function openSignalFile(store: FileStore, found: FoundHeader, fileName: string): Promise<ByteSource> {
  const path = joinPath(found.folder, fileName);
  try {
    return await store.open(path);
  } catch (cause) {
    if (!EcgError.isInstance(cause) || cause.code !== "NOT_FOUND") throw cause;
    throw new EcgError("NOT_FOUND", `${found.path}: expected its signal file ${path}, found nothing`, {
      hint: "put the signal file beside the header; only the header was copied",
      details: { header: found.path, signalFile: path },
      cause,
    });
  }
}

/** Skewed signals come late in the file: the frames read reach as far as the latest wanted one. */
function framesToRead(
  record: LocatedHeader,
  group: SignalGroup,
  wanted: WantedSignals,
): { firstFrame: number; endFrame: number } {
  if (isWholeRead(record, wanted)) return { firstFrame: 0, endFrame: record.totalFrames };
  const skews = group.members
    .filter(({ index }) => wanted.wanted.has(index))
    .map(({ signal }) => signal.skewFrames);
  return {
    firstFrame: Math.min(record.totalFrames, wanted.startFrame + Math.min(...skews)),
    endFrame: Math.min(record.totalFrames, wanted.endFrame + Math.max(...skews)),
  };
}

function tooShort(
  record: LocatedHeader,
  group: SignalGroup,
  bytes: { readonly needed: number; readonly found: number; readonly endFrame: number },
): EcgError {
  return new EcgError(
    "INVALID_FILE",
    `${joinPath(record.folder, group.fileName)}: expected ${bytes.needed} bytes for ${bytes.endFrame} samples ` +
      `of ${group.members.length} signals in format ${group.code}, found ${bytes.found}`,
    { hint: "the signal file looks truncated; fetch it again", details: bytes },
  );
}
