// Reads signals of one single-segment header from their files into arrays: only the bytes that are needed.
import type { ByteSource, FileStore } from "../../shared/byte-source.ts";
import { joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { sha256Hex } from "../sha256-hex.ts";
import { accumulateDifferences, type DigitalSamples, decodeSamples } from "./decode-samples.ts";
import { extractSignal, type SignalLayout, sumSignal } from "./extract-signal.ts";
import { groupSignals, isNullSignal, type SignalGroup } from "./group-signals.ts";
import type { FoundHeader } from "./read-wfdb-header.ts";
import { bytesForSamples, samplesInBytes } from "./signal-formats.ts";
import type { WfdbSignal } from "./wfdb-header.ts";

/** Outside the range of every format: stands in where a format has no value for invalid samples. */
const NO_INVALID_VALUE = 2 ** 31;

/** A header with where it came from and how long its signals are. */
export type LocatedHeader = FoundHeader & {
  /** Frames of the record. */
  readonly totalFrames: number;
};

export type ReadSignalsOptions = {
  /** First frame (inclusive) and the one to stop at (exclusive); within [0, totalFrames]. */
  readonly startFrame: number;
  readonly endFrame: number;
  /** Wanted signals by index in the header. */
  readonly wanted: ReadonlySet<number>;
  /**
   * Gives the array that a wanted signal goes to; frame `startFrame` goes to element `outStart`. Asked once a
   * signal, while the files are being read: making large arrays takes as long as that.
   */
  readonly targetOf: (index: number) => Float64Array;
  readonly outStart: number;
  readonly verifyChecksums: boolean;
  readonly computeSha256: boolean;
};

/**
 * Fill the targets with physical values (NaN where there is no valid sample) and return the SHA-256 of the
 * bytes of each file that was read, in header order.
 *
 * Files without a wanted signal are not opened. Of the others only the range is read, except in format 8,
 * which has to be summed up from its start. A whole read takes in the whole file, so that its SHA-256 is that
 * of the file, and compares each signal's sum with the header's.
 * @throws EcgError NOT_FOUND (no signal file), INVALID_FILE (too short), CHECKSUM_MISMATCH, UNSUPPORTED_FORMAT.
 */
export async function readSignals(
  store: FileStore,
  record: LocatedHeader,
  options: ReadSignalsOptions,
): Promise<string[]> {
  const { header, path } = record;
  const groups = groupSignals(header.signals, path).filter(({ members }) =>
    members.some(({ index }) => options.wanted.has(index)),
  );
  const reading = groups.map((group) => readGroup(store, record, group, options));
  const targets = await allocateWhile(reading, options);
  for (const [index, out] of targets) {
    if (isNullSignal(header.signals[index]!)) {
      out.fill(Number.NaN, options.outStart, options.outStart + options.endFrame - options.startFrame);
    }
  }
  return Promise.all(
    reading.map(async (pending) => {
      const read = await pending;
      // Hashed on another thread while this one decodes.
      const digest = options.computeSha256 ? sha256Hex(read.bytes) : "";
      fillTargets(read, targets, record, options);
      return digest;
    }),
  );
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

type Targets = ReadonlyMap<number, Float64Array>;

/** The targets. When one cannot be had, a file that is too short for the stated length is the better reason. */
async function allocateWhile(
  reading: readonly Promise<GroupBytes>[],
  options: ReadSignalsOptions,
): Promise<Targets> {
  try {
    return new Map([...options.wanted].map((index) => [index, options.targetOf(index)]));
  } catch (error) {
    await Promise.all(reading);
    throw error;
  }
}

type GroupBytes = {
  readonly group: SignalGroup;
  /** Everything read of the file. */
  readonly bytes: Uint8Array;
  readonly samples: DigitalSamples;
  /** Frame of the file that `samples` begins with. */
  readonly firstFrame: number;
};

async function readGroup(
  store: FileStore,
  record: LocatedHeader,
  group: SignalGroup,
  options: ReadSignalsOptions,
): Promise<GroupBytes> {
  const source = await openSignalFile(store, record, group.fileName);
  const { code, format, frameSamples } = group;
  const { firstFrame, endFrame } = framesToRead(record, group, options);
  const groupStart = Math.floor((firstFrame * frameSamples) / format.groupSamples) * format.groupSamples;
  const startSample = format.differences ? 0 : groupStart;
  const endSample = Math.max(startSample, endFrame * frameSamples);
  const startByte = group.byteOffset + bytesForSamples(code, format, startSample);
  const endByte = group.byteOffset + bytesForSamples(code, format, endSample);
  if (endByte > source.size) throw tooShort(record, group, { needed: endByte, found: source.size, endFrame });
  const whole = isWholeRead(record, options);
  const bytes = await source.read(whole ? 0 : startByte, whole ? source.size : endByte);
  if (bytes.length < endByte - startByte) {
    throw tooShort(record, group, { needed: endByte, found: startByte + bytes.length, endFrame });
  }
  const stored = decodeSamples(code, whole ? bytes.subarray(startByte) : bytes, endSample - startSample);
  const values = format.differences ? accumulate(stored, group) : stored;
  return { group, bytes, samples: values.subarray(firstFrame * frameSamples - startSample), firstFrame };
}

/** Skewed signals come late in the file: the frames read reach as far as the latest wanted one. */
function framesToRead(
  record: LocatedHeader,
  group: SignalGroup,
  options: ReadSignalsOptions,
): { firstFrame: number; endFrame: number } {
  if (isWholeRead(record, options)) return { firstFrame: 0, endFrame: record.totalFrames };
  const skews = group.members
    .filter(({ index }) => options.wanted.has(index))
    .map(({ signal }) => signal.skewFrames);
  return {
    firstFrame: Math.min(record.totalFrames, options.startFrame + Math.min(...skews)),
    endFrame: Math.min(record.totalFrames, options.endFrame + Math.max(...skews)),
  };
}

function isWholeRead(record: LocatedHeader, options: ReadSignalsOptions): boolean {
  return options.startFrame === 0 && options.endFrame === record.totalFrames;
}

function accumulate(differences: DigitalSamples, group: SignalGroup): DigitalSamples {
  const frame = group.members.flatMap(({ signal }, member) =>
    Array.from({ length: signal.samplesPerFrame }, () => member),
  );
  return accumulateDifferences(
    differences,
    frame,
    group.members.map(({ signal }) => signal.initialValue),
  );
}

function fillTargets(
  { group, samples, firstFrame }: GroupBytes,
  targets: Targets,
  record: LocatedHeader,
  options: ReadSignalsOptions,
): void {
  const { totalFrames } = record;
  const { startFrame, endFrame, outStart, verifyChecksums } = options;
  const verify = verifyChecksums && isWholeRead(record, options);
  const invalid = group.format.invalid ?? NO_INVALID_VALUE;
  for (const { index, signal, slot } of group.members) {
    const out = targets.get(index);
    if (!out) continue;
    const layout: SignalLayout = { ...signal, frameSamples: group.frameSamples, slot, invalid };
    const from = Math.min(totalFrames, startFrame + signal.skewFrames);
    const frameCount = Math.min(totalFrames, endFrame + signal.skewFrames) - from;
    const sum = extractSignal(
      samples,
      layout,
      { firstFrame: from - firstFrame, frameCount },
      { out, outStart },
    );
    out.fill(Number.NaN, outStart + frameCount, outStart + endFrame - startFrame);
    if (verify)
      checkSum(sum + sumSignal(samples, layout, { firstFrame: 0, frameCount: from }), signal, record);
  }
}

/**
 * Both sums are taken modulo 65,536: headers write them signed or unsigned. A stated 0 is not compared: writers
 * that do not sum put 0 there (all headers of the PhysioNet Challenge 2017 do).
 */
function checkSum(sum: number, signal: WfdbSignal, record: LocatedHeader): void {
  if (signal.checksum === undefined || signal.checksum === 0) return;
  const found = (sum << 16) >> 16;
  const expected = (signal.checksum << 16) >> 16;
  if (found === expected) return;
  throw new EcgError(
    "CHECKSUM_MISMATCH",
    `${record.path}: expected checksum ${expected} for signal ${signal.name}, found ${found} in ${signal.fileName}`,
    {
      hint: "header and signal file do not belong together, or the file is damaged; fetch both again",
      details: { signal: signal.name, expected, found, signalFile: signal.fileName },
    },
  );
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
