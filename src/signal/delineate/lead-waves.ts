// One lead's waves from their placed boundaries: peaks, and bounds that follow each other.
import type { BeatSketch } from "./beat-sketch.ts";
import type { PlacedWaves } from "./place-waves.ts";
import type { PreparedLead } from "./prepare-leads.ts";
import type { WaveBoundaries, WaveBounds } from "./wave-boundaries.ts";

/** Bounds of the beat in lead `l` of `placed`, with the peaks of that lead. 500 Hz samples. */
export function leadWaves(
  lead: PreparedLead,
  wave: Float64Array,
  placed: PlacedWaves,
  l: number,
): WaveBoundaries {
  const qrs = { onset: placed.qrsOnset!.leads[l]!, offset: placed.qrsOffset!.leads[l]! };
  const p = placed.pOnset &&
    placed.pOffset && { onset: placed.pOnset.leads[l]!, offset: placed.pOffset.leads[l]! };
  const t = placed.tOnset &&
    placed.tOffset && { onset: placed.tOnset.leads[l]!, offset: placed.tOffset.leads[l]! };
  return {
    p: p && withPeak(wave, orderedBefore(p, qrs.onset)),
    qrs: withPeak(lead.fine, qrs),
    t: t && withPeak(wave, orderedAfter(t, qrs.offset)),
  };
}

/** The leads' consensus with the sketch's peaks. */
export function consensusWaves(sketch: BeatSketch, placed: PlacedWaves): WaveBoundaries {
  const onset = placed.qrsOnset!.consensus;
  const offset = placed.qrsOffset!.consensus;
  const { p, t } = sketch;
  return {
    p: p && {
      peak: p.peak,
      ...orderedBefore({ onset: placed.pOnset!.consensus, offset: placed.pOffset!.consensus }, onset),
    },
    qrs: { onset, peak: Math.min(offset, Math.max(onset, sketch.beat)), offset },
    t: t && {
      peak: t.peak,
      ...orderedAfter({ onset: placed.tOnset!.consensus, offset: placed.tOffset!.consensus }, offset),
    },
  };
}

type Edges = { readonly onset: number; readonly offset: number };

/** P cannot end after QRS begins. */
function orderedBefore({ onset, offset }: Edges, limit: number): Edges {
  const end = Math.min(offset, limit);
  return { onset: Math.min(onset, end), offset: end };
}

/** T cannot begin before QRS ends. */
function orderedAfter({ onset, offset }: Edges, limit: number): Edges {
  const start = Math.max(onset, limit);
  return { onset: start, offset: Math.max(offset, start) };
}

/** Largest distance from the chord between the edges. */
function withPeak(x: Float64Array, { onset, offset }: Edges): WaveBounds {
  const from = Math.max(0, Math.round(onset));
  const to = Math.min(x.length - 1, Math.round(offset));
  let peak = from;
  let furthest = -1;
  for (let at = from; at <= to; at++) {
    const chord = x[from]! + ((x[to]! - x[from]!) * (at - from)) / Math.max(1, to - from);
    const distance = Math.abs(x[at]! - chord);
    if (distance > furthest) {
      furthest = distance;
      peak = at;
    }
  }
  return { onset, peak: Math.min(offset, Math.max(onset, peak)), offset };
}
