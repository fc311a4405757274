// The most likely place of a boundary in one lead: a small fitted scorer over candidate places.
import {
  BOUNDARY_SETTINGS,
  type BoundaryContext,
  type BoundaryKind,
  boundaryFeatures,
  FEATURE_COUNT,
  type SlopeView,
} from "./boundary-features.ts";
import { BOUNDARY_WEIGHTS, type BoundaryWeights } from "./boundary-weights.ts";

/** `position` and its standard deviation, both in samples at 500 Hz. */
export type PlacedBoundary = { readonly position: number; readonly spread: number };

/**
 * Where a boundary lies in one lead: the mean of the softmax of the candidates' scores around its highest place.
 *
 * The scorer was fitted on the annotations of half of LUDB's patients by `scripts/fit-delineation.ts`; what it
 * reaches on the other half is in `docs/delineation.md`.
 */
export function placeBoundary(
  kind: BoundaryKind,
  lead: SlopeView,
  all: SlopeView,
  context: BoundaryContext,
): PlacedBoundary {
  const scores = scoreCandidates(boundaryFeatures(kind, lead, all, context), SCORERS[kind]);
  const { step, steps } = BOUNDARY_SETTINGS[kind];
  const { mean, spread } = summarise(scores);
  return { position: context.anchor + (mean - steps) * step, spread: spread * step };
}

type Scorer = { readonly hidden: Float64Array; readonly output: Float64Array };

const toScorer = ({ hidden, output }: BoundaryWeights): Scorer => ({
  hidden: Float64Array.from(hidden),
  output: Float64Array.from(output),
});

const SCORERS: Readonly<Record<BoundaryKind, Scorer>> = {
  pOnset: toScorer(BOUNDARY_WEIGHTS.pOnset),
  pOffset: toScorer(BOUNDARY_WEIGHTS.pOffset),
  qrsOnset: toScorer(BOUNDARY_WEIGHTS.qrsOnset),
  qrsOffset: toScorer(BOUNDARY_WEIGHTS.qrsOffset),
  tOnset: toScorer(BOUNDARY_WEIGHTS.tOnset),
  tOffset: toScorer(BOUNDARY_WEIGHTS.tOffset),
};

/** Scores of all candidates. Shape: (candidates, FEATURE_COUNT) -> (candidates). */
function scoreCandidates(features: Float64Array, { hidden, output }: Scorer): Float64Array {
  const scores = new Float64Array(features.length / FEATURE_COUNT);
  const width = FEATURE_COUNT + 1;
  for (let k = 0; k < scores.length; k++) {
    const row = k * FEATURE_COUNT;
    let score = 0;
    for (let unit = 0; unit < output.length; unit++) {
      const base = unit * width;
      let sum = hidden[base + FEATURE_COUNT]!;
      for (let f = 0; f < FEATURE_COUNT; f++) sum += hidden[base + f]! * features[row + f]!;
      if (sum > 0) score += sum * output[unit]!;
    }
    scores[k] = score;
  }
  return scores;
}

/** Mean (in candidates) of the softmax within the mode's neighbourhood, and standard deviation of all of it. */
function summarise(scores: Float64Array): { mean: number; spread: number } {
  let top = 0;
  for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[top]!) top = k;
  let total = 0;
  let first = 0;
  let second = 0;
  let nearTotal = 0;
  let near = 0;
  const reach = Math.ceil(scores.length / 5);
  for (let k = 0; k < scores.length; k++) {
    const weight = Math.exp(scores[k]! - scores[top]!);
    total += weight;
    first += weight * k;
    second += weight * k * k;
    if (Math.abs(k - top) <= reach) {
      nearTotal += weight;
      near += weight * k;
    }
  }
  const mean = first / total;
  return { mean: near / nearTotal, spread: Math.sqrt(Math.max(0, second / total - mean * mean)) };
}
