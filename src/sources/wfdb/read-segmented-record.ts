// Reads a WFDB record of several segments, of fixed or variable layout. Format: header(5), "Multi-segment records".
import { type FileStore, joinPath } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import { allocateSamples } from "./allocate-samples.ts";
import { combineDigests, describeRecord, type FrameWindow, windowOf } from "./describe-record.ts";
import { countFrames, type LocatedHeader } from "./read-signal-group.ts";
import { readSignals } from "./read-signals.ts";
import { type FoundHeader, readWfdbHeader } from "./read-wfdb-header.ts";
import { selectChannels } from "./select-channels.ts";
import type { WfdbSegment, WfdbSignal } from "./wfdb-header.ts";
import type { ReadWfdbOptions, WfdbRecord } from "./wfdb-record.ts";

const GAP = "~";
/** Rates of a record and its segments are decimal texts: equal within this relative difference. */
const RATE_TOLERANCE = 1e-6;

/** A segment with its place in the record. */
type PlacedSegment = WfdbSegment & { readonly startFrame: number; readonly endFrame: number };

/**
 * See `readWfdbRecord`. In a fixed layout every segment holds the same signals in the same order. In a variable
 * one (its first segment has length 0) the layout header lists all signals, and a segment holds some of them,
 * matched by name. Gaps and signals that a segment lacks are NaN. Gains may differ between segments, units may
 * not. Only segments inside the range are opened.
 */
export async function readSegmentedRecord(
  store: FileStore,
  found: FoundHeader,
  options: ReadWfdbOptions,
): Promise<WfdbRecord> {
  const { header, path } = found;
  const segments = header.segments ?? [];
  const variable = segments[0]?.sampleCount === 0 && segments[0].name !== GAP;
  const placed = placeSegments(variable ? segments.slice(1) : segments);
  const totalFrames = checkLength(found, placed);
  const layout = await readLayout(store, found, segments);
  const window = windowOf(options, totalFrames, path);
  const names = layout.map((signal) => signal.name);
  const selected = selectChannels(names, options.leads, path);
  const outs = new Map(
    selected.map((index) => [
      index,
      allocateSamples(window.endFrame - window.startFrame, path).fill(Number.NaN),
    ]),
  );
  const merged: Merged = { layout, variable, window, outs, units: new Map(), strays: new Set(), digests: [] };
  for (const segment of placed) {
    if (
      segment.name === GAP ||
      segment.endFrame <= window.startFrame ||
      segment.startFrame >= window.endFrame
    ) {
      continue;
    }
    await mergeSegment(store, found, segment, merged, options);
  }
  const leftOut = [
    ...names.filter((_, index) => !outs.has(index)).map((name) => `${name}: not asked for`),
    ...[...merged.strays].map((name) => `${name}: in a segment but not in the layout`),
  ];
  return {
    ...describeRecord(header, options, { window, totalFrames, leftOut }),
    channels: selected.map((index) => ({
      name: names[index]!,
      unit: merged.units.get(index) ?? layout[index]!.unit,
      samples: outs.get(index)!,
      samplesPerFrame: layout[index]!.samplesPerFrame,
    })),
    sha256: await combineDigests(merged.digests),
  };
}

type Merged = {
  readonly layout: readonly WfdbSignal[];
  readonly variable: boolean;
  readonly window: FrameWindow;
  /** Arrays of the wanted channels by index in the layout. */
  readonly outs: ReadonlyMap<number, Float64Array>;
  readonly units: Map<number, string>;
  readonly strays: Set<string>;
  readonly digests: string[];
};

function placeSegments(segments: readonly WfdbSegment[]): PlacedSegment[] {
  let startFrame = 0;
  return segments.map((segment) => {
    const placed = { ...segment, startFrame, endFrame: startFrame + segment.sampleCount };
    startFrame = placed.endFrame;
    return placed;
  });
}

function checkLength(found: FoundHeader, placed: readonly PlacedSegment[]): number {
  const sum = placed.at(-1)?.endFrame ?? 0;
  const stated = found.header.sampleCount ?? sum;
  if (stated <= sum) return stated;
  throw new EcgError(
    "INVALID_FILE",
    `${found.path}: expected segments of ${stated} samples together, found ${sum}`,
    {
      hint: "segment lines are missing; fetch the header again",
      details: { expected: stated, found: sum },
    },
  );
}

/** The signals of the record: those of the layout segment, or of the first one that is no gap. */
async function readLayout(
  store: FileStore,
  found: FoundHeader,
  segments: readonly WfdbSegment[],
): Promise<readonly WfdbSignal[]> {
  const first = segments.find((segment) => segment.name !== GAP);
  if (!first) return [];
  const { header, path } = await readSegmentHeader(store, found, first.name);
  if (header.signalCount !== found.header.signalCount) {
    throw new EcgError(
      "INVALID_FILE",
      `${path}: expected ${found.header.signalCount} signals as in ${found.path}, found ${header.signalCount}`,
    );
  }
  return header.signals;
}

async function readSegmentHeader(store: FileStore, found: FoundHeader, name: string): Promise<FoundHeader> {
  const path = `${joinPath(found.folder, name)}.hea`;
  if (!(await store.exists(path))) {
    throw new EcgError(
      "NOT_FOUND",
      `${found.path}: expected the header of its segment ${path}, found nothing`,
      {
        hint: "copy all segments beside the record's header",
        details: { header: found.path, segment: path },
      },
    );
  }
  const segment = await readWfdbHeader(store, path);
  const expected = found.header.samplingRateHz;
  const actual = segment.header.samplingRateHz;
  if (segment.header.segments) {
    throw new EcgError("INVALID_FILE", `${path}: expected a segment with signals, found segments of its own`);
  }
  if (Math.abs(actual - expected) > RATE_TOLERANCE * expected) {
    throw new EcgError(
      "INVALID_FILE",
      `${path}: expected ${expected} Hz as in ${found.path}, found ${actual} Hz`,
    );
  }
  return segment;
}

async function mergeSegment(
  store: FileStore,
  found: FoundHeader,
  segment: PlacedSegment,
  merged: Merged,
  options: ReadWfdbOptions,
): Promise<void> {
  const own = await readSegmentHeader(store, found, segment.name);
  const located: LocatedHeader = { ...own, totalFrames: await countFrames(store, own) };
  if (located.totalFrames < segment.sampleCount) {
    throw new EcgError(
      "INVALID_FILE",
      `${own.path}: expected ${segment.sampleCount} samples as in ${found.path}, found ${located.totalFrames}`,
    );
  }
  const targets = new Map<number, Float64Array>();
  for (const [index, place] of matchSignals(own, merged).entries()) {
    const out = place === undefined ? undefined : merged.outs.get(place);
    if (place === undefined || !out) continue;
    checkUnit(own, index, place, merged);
    targets.set(index, out);
  }
  const from = Math.max(segment.startFrame, merged.window.startFrame);
  const to = Math.min(segment.endFrame, merged.window.endFrame);
  const digests = await readSignals(store, located, {
    startFrame: from - segment.startFrame,
    endFrame: to - segment.startFrame,
    wanted: new Set(targets.keys()),
    targetOf: (index) => targets.get(index)!,
    outStart: from - merged.window.startFrame,
    verifyChecksums: options.verifyChecksums ?? true,
    computeSha256: options.computeSha256 ?? true,
  });
  merged.digests.push(...digests);
}

/** For each signal of a segment its index in the layout; undefined where the layout does not list it. */
function matchSignals(own: FoundHeader, merged: Merged): (number | undefined)[] {
  const { signals, signalCount } = own.header;
  if (!merged.variable) {
    if (signalCount !== merged.layout.length) {
      throw new EcgError(
        "INVALID_FILE",
        `${own.path}: expected ${merged.layout.length} signals as in the other segments, found ${signalCount}`,
      );
    }
    return signals.map((_, index) => index);
  }
  const free = new Set(merged.layout.keys());
  return signals.map((signal) => {
    const place = [...free].find((index) => merged.layout[index]!.name === signal.name);
    if (place === undefined) merged.strays.add(signal.name);
    else free.delete(place);
    return place;
  });
}

function checkUnit(own: FoundHeader, index: number, place: number, merged: Merged): void {
  const { name, unit } = own.header.signals[index]!;
  const expected = merged.units.get(place) ?? unit;
  merged.units.set(place, expected);
  if (unit === expected) return;
  throw new EcgError(
    "INVALID_FILE",
    `${own.path}: expected ${name} in ${expected} as in the segments before, found ${unit}`,
    { details: { signal: name, expected, found: unit } },
  );
}
