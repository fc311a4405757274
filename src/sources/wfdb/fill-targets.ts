// Decodes what was read of a signal file into the arrays of its wanted signals, and compares checksums.
import { EcgError } from "../../shared/errors.ts";
import { accumulateDifferences, type DigitalSamples, decodeSamples } from "./decode-samples.ts";
import { extractPair16, pairWords } from "./extract-pair-16.ts";
import { extractPair212 } from "./extract-pair-212.ts";
import { extractSignal, type SignalLayout, sumSignal } from "./extract-signal.ts";
import type { SignalGroup } from "./group-signals.ts";
import { type GroupBytes, isWholeRead, type LocatedHeader, type WantedSignals } from "./read-signal-group.ts";
import type { WfdbSignal } from "./wfdb-header.ts";

/** Outside the range of every format: stands in where a format has no value for invalid samples. */
const NO_INVALID_VALUE = 2 ** 31;
/** Frames from which two tables pay for the time of making them. */
const PAIR_FRAMES = 4096;

/** Arrays of the wanted signals by index in the header. */
export type Targets = ReadonlyMap<number, Float64Array>;

export type FillOptions = WantedSignals & {
  /** Element of a target that frame `startFrame` goes to. */
  readonly outStart: number;
  readonly verifyChecksums: boolean;
};

/**
 * Fill the targets of one file's wanted signals with physical values; NaN where a sample is invalid or skew leads
 * outside the file.
 * @throws EcgError CHECKSUM_MISMATCH on a whole read with `verifyChecksums`.
 */
export function fillTargets(
  read: GroupBytes,
  targets: Targets,
  record: LocatedHeader,
  options: FillOptions,
): void {
  const sums = fillPair(read, targets, options) ?? fillEach(read, targets, record, options);
  if (!options.verifyChecksums || !isWholeRead(record, options)) return;
  for (const { index, signal } of read.group.members) {
    const sum = sums.get(index);
    if (sum !== undefined) checkSum(sum, signal, record);
  }
}

type Sums = ReadonlyMap<number, number>;

/** Frames that are taken apart at a time: 15 signals of 16 bits are 30 KB, what the nearest cache holds. */
const BLOCK_FRAMES = 1024;

/** The fast way for two plain signals in format 212; undefined when the file is something else. */
function fillPair(
  { group, data, startSample, endSample }: GroupBytes,
  targets: Targets,
  options: FillOptions,
): Sums | undefined {
  const [first, second, ...more] = group.members;
  const frameCount = options.endFrame - options.startFrame;
  if (group.code !== 212 || !first || !second || more.length > 0 || frameCount < PAIR_FRAMES)
    return undefined;
  const plain = group.members.every(({ signal }) => signal.samplesPerFrame === 1 && signal.skewFrames === 0);
  const [out0, out1] = [targets.get(first.index), targets.get(second.index)];
  if (!plain || !out0 || !out1 || endSample - startSample !== 2 * frameCount) return undefined;
  const invalid = group.format.invalid ?? NO_INVALID_VALUE;
  const [sum0, sum1] = extractPair212(
    data,
    frameCount,
    [
      { ...first.signal, invalid, out: out0 },
      { ...second.signal, invalid, out: out1 },
    ],
    options.outStart,
  );
  return new Map([
    [first.index, sum0],
    [second.index, sum1],
  ]);
}

function fillEach(read: GroupBytes, targets: Targets, record: LocatedHeader, options: FillOptions): Sums {
  const { group, firstFrame } = read;
  const { totalFrames } = record;
  const { startFrame, endFrame, outStart } = options;
  const samples = decodeGroup(read);
  const invalid = group.format.invalid ?? NO_INVALID_VALUE;
  const jobs = group.members.flatMap(({ index, signal, slot }) => {
    const out = targets.get(index);
    if (!out) return [];
    const layout: SignalLayout = { ...signal, frameSamples: group.frameSamples, slot, invalid };
    const from = Math.min(totalFrames, startFrame + signal.skewFrames);
    const frameCount = Math.min(totalFrames, endFrame + signal.skewFrames) - from;
    out.fill(Number.NaN, outStart + frameCount, outStart + endFrame - startFrame);
    return [{ index, layout, out, from, frameCount, sum: 0 }];
  });
  // All signals of a block before the next block: the block's samples stay in the nearest cache.
  const words = jobs.map((job, index) => pairWords(samples, job, jobs[index + 1]));
  for (let done = 0; done < endFrame - startFrame; done += BLOCK_FRAMES) {
    for (let at = 0; at < jobs.length; at++) {
      const job = jobs[at]!;
      const frameCount = Math.min(BLOCK_FRAMES, job.frameCount - done);
      if (frameCount <= 0) continue;
      const frames = { firstFrame: job.from - firstFrame + done, frameCount };
      const next = jobs[at + 1];
      const pair = words[at] && next && extractPair16(words[at]!, [job, next], frames, outStart + done);
      if (next && pair) {
        job.sum += pair[0];
        next.sum += pair[1];
        at++;
      } else {
        job.sum += extractSignal(samples, job.layout, frames, { out: job.out, outStart: outStart + done });
      }
    }
  }
  // A checksum counts the samples of the file, those before a skewed signal's first frame included.
  return new Map(
    jobs.map(({ index, layout, from, sum }) => [
      index,
      (sum + sumSignal(samples, layout, { firstFrame: 0, frameCount: from - firstFrame })) | 0,
    ]),
  );
}

/** Digital samples from frame `firstFrame` on. */
function decodeGroup({ group, data, startSample, endSample, firstFrame }: GroupBytes): DigitalSamples {
  const stored = decodeSamples(group.code, data, endSample - startSample);
  const values = group.format.differences ? accumulate(stored, group) : stored;
  return values.subarray(firstFrame * group.frameSamples - startSample);
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
