// Reads a WFDB record whose header names signals, not segments.
import type { FileStore } from "../../shared/byte-source.ts";
import { allocateSamples } from "./allocate-samples.ts";
import { combineDigests, describeRecord, windowOf } from "./describe-record.ts";
import { countFrames } from "./read-signal-group.ts";
import { readSignals } from "./read-signals.ts";
import type { FoundHeader } from "./read-wfdb-header.ts";
import { selectChannels } from "./select-channels.ts";
import type { WfdbSignal } from "./wfdb-header.ts";
import type { ReadWfdbOptions, WfdbChannel, WfdbRecord } from "./wfdb-record.ts";

/** See `readWfdbRecord`, which chooses between this and segments. */
export async function readSingleRecord(
  store: FileStore,
  found: FoundHeader,
  options: ReadWfdbOptions,
): Promise<WfdbRecord> {
  const { header, path } = found;
  const totalFrames = await countFrames(store, found);
  const window = windowOf(options, totalFrames, path);
  const names = header.signals.map((signal) => signal.name);
  const selected = selectChannels(names, options.leads, path);
  const samples = new Map<number, Float64Array>();
  const digests = await readSignals(
    store,
    { ...found, totalFrames },
    {
      ...window,
      wanted: new Set(selected),
      targetOf: (index) => {
        const target = allocateSamples(window.endFrame - window.startFrame, path);
        samples.set(index, target);
        return target;
      },
      outStart: 0,
      verifyChecksums: options.verifyChecksums ?? true,
      computeSha256: options.computeSha256 ?? true,
    },
  );
  const leftOut = names.filter((_, index) => !samples.has(index)).map((name) => `${name}: not asked for`);
  return {
    ...describeRecord(header, options, { window, totalFrames, leftOut }),
    channels: selected.map((index) => channelOf(header.signals[index]!, samples.get(index)!)),
    sha256: await combineDigests(digests),
  };
}

function channelOf(signal: WfdbSignal, samples: Float64Array): WfdbChannel {
  const { name, unit, fileName, format, gain, baseline, adcZero, adcResolutionBits, samplesPerFrame } =
    signal;
  return {
    name,
    unit,
    samples,
    fileName,
    format,
    gain,
    baseline,
    adcZero,
    ...(adcResolutionBits === undefined ? {} : { adcResolutionBits }),
    samplesPerFrame,
  };
}
