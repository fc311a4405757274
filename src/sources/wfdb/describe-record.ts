// The parts of a WFDB record that do not depend on how its signals were read.
import { EcgError } from "../../shared/errors.ts";
import { sha256Hex } from "../sha256-hex.ts";
import type { ReadOptions } from "../source.ts";
import type { WfdbHeader } from "./wfdb-header.ts";
import type { WfdbRecord } from "./wfdb-record.ts";

/** Frames [startFrame, endFrame) of a record. */
export type FrameWindow = { readonly startFrame: number; readonly endFrame: number };

/**
 * The frames that the options ask for; all of them by default.
 * @throws EcgError INVALID_OPTION unless 0 <= start <= end <= total, in integers.
 */
export function windowOf(options: ReadOptions, totalFrames: number, where: string): FrameWindow {
  const startFrame = options.startSample ?? 0;
  const endFrame = options.endSample ?? totalFrames;
  const valid =
    Number.isInteger(startFrame) && Number.isInteger(endFrame) && startFrame >= 0 && startFrame <= endFrame;
  if (valid && endFrame <= totalFrames) return { startFrame, endFrame };
  throw new EcgError(
    "INVALID_OPTION",
    `${where}: expected a sample range inside 0 to ${totalFrames}, got ${startFrame} to ${endFrame}`,
    { hint: "samples count from 0; the end is exclusive", details: { startFrame, endFrame, totalFrames } },
  );
}

/** Name, rate, comments, times and what was left out of a record. */
export function describeRecord(
  header: WfdbHeader,
  options: ReadOptions,
  read: { readonly window: FrameWindow; readonly totalFrames: number; readonly leftOut: readonly string[] },
): Omit<WfdbRecord, "channels" | "sha256"> {
  const { startFrame, endFrame } = read.window;
  const unread = (header.unread ?? []).map((field) => `record line: ${field} is neither time nor date`);
  const isPart = startFrame !== 0 || endFrame !== read.totalFrames;
  return {
    name: header.name,
    samplingRateHz: header.samplingRateHz,
    sampleCount: endFrame - startFrame,
    comments: header.comments,
    ...(header.baseTime === undefined ? {} : { baseTime: header.baseTime }),
    ...(header.baseDate === undefined ? {} : { baseDate: header.baseDate, acquiredAt: momentOf(header) }),
    leftOut: [...read.leftOut, ...unread],
    ...(isPart ? { window: { startSample: startFrame, endSample: endFrame } } : {}),
    ...(options.leads === undefined ? {} : { requestedLeads: options.leads }),
  };
}

/** The digest of one file, or the SHA-256 of the digests of several, in order; "" when none was computed. */
export async function combineDigests(digests: readonly string[]): Promise<string> {
  const [only] = digests;
  if (only === "" || (only !== undefined && digests.length === 1)) return only;
  const bytes = digests.flatMap((digest) =>
    (digest.match(/../g) ?? []).map((hex) => Number.parseInt(hex, 16)),
  );
  return sha256Hex(Uint8Array.from(bytes));
}

function momentOf(header: WfdbHeader): string {
  return header.baseTime === undefined ? `${header.baseDate}` : `${header.baseDate}T${header.baseTime}`;
}
