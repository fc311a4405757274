// Reads signals of one single-segment header from their files into arrays: only the bytes that are needed.
import type { FileStore } from "../../shared/byte-source.ts";
import { sha256Hex } from "../sha256-hex.ts";
import { type FillOptions, fillTargets, type Targets } from "./fill-targets.ts";
import { groupSignals, isNullSignal } from "./group-signals.ts";
import { type GroupBytes, type LocatedHeader, readSignalGroup } from "./read-signal-group.ts";
import { returnScratch } from "./scratch-buffers.ts";

export type ReadSignalsOptions = FillOptions & {
  /**
   * Gives the array that a wanted signal goes to; frame `startFrame` goes to element `outStart`. Asked once a
   * signal, while the files are being read: making large arrays takes as long as that.
   */
  readonly targetOf: (index: number) => Float64Array;
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
  const reading = groups.map((group) => readSignalGroup(store, record, group, options));
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
      const hashing = options.computeSha256 ? sha256Hex(read.bytes) : "";
      fillTargets(read, targets, record, options);
      const digest = await hashing;
      if (read.scratch) returnScratch(read.scratch);
      return digest;
    }),
  );
}

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
