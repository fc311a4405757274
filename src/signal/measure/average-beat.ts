// The typical beat of a recording: the median over its dominant beats, lead by lead.
import type { BeatSketch, Sketch } from "../delineate/beat-sketch.ts";
import { combineActivity } from "../delineate/detect-beats.ts";
import { hideQrs } from "../delineate/hide-qrs.ts";
import { type PreparedLead, WORKING_RATE_HZ } from "../delineate/prepare-leads.ts";
import { boxSmooth, gaussianSmooth, median, slopePerSecond } from "../delineate/smooth-samples.ts";
import type { WaveBounds } from "../delineate/wave-boundaries.ts";

const ms = (value: number): number => Math.round((value * WORKING_RATE_HZ) / 1000);

const BEFORE = ms(420);
const AFTER = ms(680);
const ALIGN_REACH = ms(12);
const ALIGN_HALF_WIDTH = ms(80);
/** More beats than this change nothing but the time it takes. */
const MOST_BEATS = 15;

export type AverageBeat = {
  /** The leads of the average, `BEFORE` samples before the beat and up to 680 ms after it, 500 Hz. */
  readonly leads: readonly PreparedLead[];
  /** Three beats, of which the middle one (index 1) is the average; the others only bound its waves. */
  readonly sketch: Sketch;
  readonly beatCount: number;
  /** Median over leads of the median difference between a beat and the average, mV. */
  readonly residualMv: number;
};

/**
 * Average the given beats (all of one shape), aligned to within 12 ms by the combined steepness. `intervalSamples` is the usual
 * interval, which bounds the window. Null when no beat has room for the window.
 */
export function averageBeat(
  leads: readonly PreparedLead[],
  sketch: Sketch,
  beats: readonly BeatSketch[],
  intervalSamples: number,
): AverageBeat | null {
  const count = leads[0]?.samples.length ?? 0;
  const before = Math.min(BEFORE, Math.round(0.75 * intervalSamples));
  const after = Math.min(AFTER, Math.round(0.92 * intervalSamples));
  const inside = beats.filter(
    ({ beat }) => beat - before - ALIGN_REACH >= 0 && beat + after + ALIGN_REACH < count,
  );
  if (inside.length === 0) return null;
  const every = Math.ceil(inside.length / MOST_BEATS);
  const chosen = inside.filter((_, i) => i % every === 0);
  const starts = alignBeats(sketch.activity, chosen).map((centre) => centre - before);
  const length = before + after;
  const residuals: number[] = [];
  const averaged = leads.map((lead) => {
    const { samples, residual } = medianOver(lead.samples, starts, length);
    residuals.push(residual);
    return asPreparedLead(lead, samples);
  });
  return {
    leads: averaged,
    sketch: sketchAverage(averaged, chosen, { centre: before, interval: intervalSamples }),
    beatCount: chosen.length,
    residualMv: median(residuals),
  };
}

/** Centre of each beat, moved so that its steepness best matches that of the first. */
function alignBeats(activity: Float64Array, beats: readonly BeatSketch[]): number[] {
  const reference = beats[0]!.beat;
  return beats.map(({ beat }) => {
    let best = 0;
    let bestMatch = Number.NEGATIVE_INFINITY;
    for (let shift = -ALIGN_REACH; shift <= ALIGN_REACH; shift++) {
      let match = 0;
      for (let k = -ALIGN_HALF_WIDTH; k <= ALIGN_HALF_WIDTH; k++) {
        match += (activity[beat + shift + k] ?? 0) * (activity[reference + k] ?? 0);
      }
      if (match > bestMatch) {
        bestMatch = match;
        best = shift;
      }
    }
    return beat + best;
  });
}

function medianOver(
  x: Float64Array,
  starts: readonly number[],
  length: number,
): { samples: Float64Array; residual: number } {
  const samples = new Float64Array(length);
  const column = new Float64Array(starts.length);
  let residual = 0;
  for (let i = 0; i < length; i++) {
    for (let b = 0; b < starts.length; b++) insertSorted(column, b, x[starts[b]! + i]!);
    const middle = (column[(starts.length - 1) >> 1]! + column[starts.length >> 1]!) / 2;
    samples[i] = middle;
    residual +=
      column[Math.floor(0.75 * (starts.length - 1))]! - column[Math.floor(0.25 * (starts.length - 1))]!;
  }
  return { samples, residual: residual / length / 2 };
}

function insertSorted(sorted: Float64Array, count: number, value: number): void {
  let at = count;
  while (at > 0 && sorted[at - 1]! > value) {
    sorted[at] = sorted[at - 1]!;
    at--;
  }
  sorted[at] = value;
}

function asPreparedLead(lead: PreparedLead, samples: Float64Array): PreparedLead {
  const fine = gaussianSmooth(samples, 2);
  return { ...lead, samples, fine, fineSlope: slopePerSecond(fine, WORKING_RATE_HZ) };
}

/** First estimates for the average: medians of those of its beats, with a beat one interval before and after. */
function sketchAverage(
  leads: readonly PreparedLead[],
  beats: readonly BeatSketch[],
  { centre, interval }: { readonly centre: number; readonly interval: number },
): Sketch {
  const length = leads[0]!.samples.length;
  const qrs = {
    onset: centre + middle(beats.map((beat) => beat.qrs.onset - beat.beat)),
    offset: centre + middle(beats.map((beat) => beat.qrs.offset - beat.beat)),
  };
  const average: BeatSketch = {
    beat: centre,
    qrs,
    p: averageBounds(beats, (beat) => beat.p, { centre, length }),
    t: averageBounds(beats, (beat) => beat.t, { centre, length }),
  };
  return {
    beats: [shiftBeat(average, -interval), average, shiftBeat(average, interval)],
    activity: boxSmooth(combineActivity(leads), 2),
    quiet: hideQrs(leads, [qrs]),
    pLikeness: Number.NaN,
  };
}

function middle(values: readonly number[]): number {
  return Math.round(median(values));
}

/** Medians of the bounds relative to the beat; null unless at least half of the beats have the wave and it lies inside the average. */
function averageBounds(
  beats: readonly BeatSketch[],
  waveOf: (beat: BeatSketch) => WaveBounds | null,
  { centre, length }: { readonly centre: number; readonly length: number },
): WaveBounds | null {
  const found = beats.flatMap((beat) => {
    const wave = waveOf(beat);
    return wave
      ? [{ onset: wave.onset - beat.beat, peak: wave.peak - beat.beat, offset: wave.offset - beat.beat }]
      : [];
  });
  if (found.length === 0 || found.length < beats.length / 2) return null;
  const place = (values: readonly number[]): number =>
    Math.max(0, Math.min(length - 1, centre + middle(values)));
  const onset = place(found.map((wave) => wave.onset));
  const offset = place(found.map((wave) => wave.offset));
  const peak = place(found.map((wave) => wave.peak));
  return onset < peak && peak < offset ? { onset, peak, offset } : null;
}

function shiftBeat({ beat, qrs, p, t }: BeatSketch, by: number): BeatSketch {
  const shift = (wave: WaveBounds): WaveBounds => ({
    onset: wave.onset + by,
    peak: wave.peak + by,
    offset: wave.offset + by,
  });
  return {
    beat: beat + by,
    qrs: { onset: qrs.onset + by, offset: qrs.offset + by },
    p: p && shift(p),
    t: t && shift(t),
  };
}
