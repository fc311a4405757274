// The boundaries of one beat in every lead, and what the leads agree on.
import type { Sketch } from "./beat-sketch.ts";
import { boundaryContext } from "./boundary-context.ts";
import { BOUNDARY_KINDS, type BoundaryKind, type SlopeView, viewSlope } from "./boundary-features.ts";
import { type PlacedBoundary, placeBoundary } from "./place-boundary.ts";
import { type PreparedLead, WORKING_RATE_HZ } from "./prepare-leads.ts";

/** Slopes of all leads, ready for `placeWaves`. */
export type SketchViews = {
  readonly activity: SlopeView;
  readonly steepness: SlopeView;
  readonly fine: readonly SlopeView[];
  readonly quiet: readonly SlopeView[];
};

export function viewSketch(leads: readonly PreparedLead[], sketch: Sketch): SketchViews {
  return {
    activity: viewSlope(sketch.activity),
    steepness: viewSlope(sketch.quiet.steepness),
    fine: leads.map((lead) => viewSlope(lead.fineSlope)),
    quiet: sketch.quiet.slopes.map((slope) => viewSlope(slope)),
  };
}

/** A boundary in all leads. Positions in 500 Hz samples. */
export type PlacedInLeads = {
  /** Weighted median over the leads. */
  readonly consensus: number;
  /** Per lead, drawn towards the consensus the less sure the lead is. */
  readonly leads: readonly number[];
  /** Per lead, before that. */
  readonly raw: readonly PlacedBoundary[];
};

/** All six boundaries of a beat; null where the sketch has no such wave. */
export type PlacedWaves = Readonly<Record<BoundaryKind, PlacedInLeads | null>>;

/** Keeps one very sure lead from deciding alone (500 Hz samples, squared). */
const STEADY = 4;

/** How far (ms) a lead may go its own way: spread of a lead's placing at which it counts as much as the consensus. */
const OWN_VIEW_MS: Readonly<Record<BoundaryKind, number>> = {
  pOnset: 60,
  pOffset: 60,
  qrsOnset: 40,
  qrsOffset: 40,
  tOnset: 100,
  tOffset: 40,
};

/** Place the boundaries of beat `index` in every lead. */
export function placeWaves(sketch: Sketch, views: SketchViews, index: number): PlacedWaves {
  const out: Partial<Record<BoundaryKind, PlacedInLeads | null>> = {};
  for (const kind of BOUNDARY_KINDS) out[kind] = placeInLeads(kind, sketch, views, index);
  return out as PlacedWaves;
}

function placeInLeads(
  kind: BoundaryKind,
  sketch: Sketch,
  views: SketchViews,
  index: number,
): PlacedInLeads | null {
  const context = boundaryContext(sketch, index, kind);
  if (context === null) return null;
  const isQrs = kind === "qrsOnset" || kind === "qrsOffset";
  const all = isQrs ? views.activity : views.steepness;
  const raw = (isQrs ? views.fine : views.quiet).map((lead) => placeBoundary(kind, lead, all, context));
  const consensus = weightedMedian(
    raw.map(({ position }) => position),
    raw.map(({ spread }) => 1 / (spread * spread + STEADY)),
  );
  const ownView = (OWN_VIEW_MS[kind] * WORKING_RATE_HZ) / 1000;
  const leads = raw.map(({ position, spread }) => {
    const trust = ownView ** 2 / (ownView ** 2 + spread ** 2);
    return consensus + trust * (position - consensus);
  });
  return { consensus, leads, raw };
}

/** The value at which half of the weight is reached, linear between neighbours. */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let below = 0;
  let lastValue = values[order[0]!] ?? Number.NaN;
  let lastMiddle = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    const middle = below + weights[i]! / 2;
    if (middle >= half) {
      const share = Number.isFinite(lastMiddle) ? (half - lastMiddle) / (middle - lastMiddle) : 1;
      return lastValue + (values[i]! - lastValue) * share;
    }
    below += weights[i]!;
    lastMiddle = middle;
    lastValue = values[i]!;
  }
  return lastValue;
}
