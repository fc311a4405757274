// Fit one boundary scorer: a softmax over candidate places, one hidden layer, Adam with a cosine schedule.
import type { Rng } from "../../src/shared/rng.ts";

/** One annotated boundary: features (candidates, features) and the true place, in candidates (a fraction). */
export type FitGroup = { readonly features: Float32Array; readonly target: number };

export type FitOptions = {
  readonly candidates: number;
  readonly features: number;
  readonly hidden: number;
  /** Standard deviation, in candidates, of the Gaussian around the true place that the softmax should equal. */
  readonly blur: number;
  readonly epochs: number;
  readonly rng: Rng;
};

export type FittedScorer = {
  readonly weights: { readonly hidden: Float64Array; readonly output: Float64Array };
  /** Mean cross-entropy of the last epoch, nats. */
  readonly loss: number;
};

const BATCH = 128;
const LEARNING_RATE = 4e-3;
const DECAY = 1e-4;
const UNIFORM_SHARE = 0.05;

export function fitScorer(groups: readonly FitGroup[], options: FitOptions): FittedScorer {
  const { features, hidden, rng } = options;
  const width = features + 1;
  const size = hidden * width + hidden;
  const weights = new Float64Array(size);
  for (let i = 0; i < hidden * width; i++) {
    weights[i] = i % width === features ? 0.1 : rng.normal() / Math.sqrt(features);
  }
  for (let i = hidden * width; i < size; i++) weights[i] = rng.normal() / Math.sqrt(hidden);
  const gradient = new Float64Array(size);
  const first = new Float64Array(size);
  const second = new Float64Array(size);
  const batches = Math.floor(groups.length / BATCH);
  const total = batches * options.epochs;
  let step = 0;
  let loss = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const order = rng.shuffle([...groups.keys()]);
    loss = 0;
    for (let b = 0; b < batches; b++) {
      gradient.fill(0);
      for (let i = 0; i < BATCH; i++) {
        loss += addGradient(groups[order[b * BATCH + i]!]!, weights, gradient, options);
      }
      step++;
      const rate = LEARNING_RATE * 0.5 * (1 + Math.cos((Math.PI * step) / total));
      for (let i = 0; i < size; i++) {
        const g = gradient[i]! / BATCH + DECAY * weights[i]!;
        first[i] = 0.9 * first[i]! + 0.1 * g;
        second[i] = 0.999 * second[i]! + 0.001 * g * g;
        const mean = first[i]! / (1 - 0.9 ** step);
        weights[i]! -= (rate * mean) / (Math.sqrt(second[i]! / (1 - 0.999 ** step)) + 1e-8);
      }
    }
    loss /= batches * BATCH;
  }
  return {
    weights: { hidden: weights.slice(0, hidden * width), output: weights.slice(hidden * width) },
    loss,
  };
}

/** Adds the gradient of one group's cross-entropy to `gradient`; returns the cross-entropy. */
function addGradient(
  group: FitGroup,
  weights: Float64Array,
  gradient: Float64Array,
  options: FitOptions,
): number {
  const { candidates, features, hidden, blur } = options;
  const width = features + 1;
  const outputAt = hidden * width;
  const activations = new Float64Array(candidates * hidden);
  const scores = new Float64Array(candidates);
  const target = new Float64Array(candidates);
  let top = Number.NEGATIVE_INFINITY;
  let targetSum = 0;
  for (let k = 0; k < candidates; k++) {
    let score = 0;
    for (let unit = 0; unit < hidden; unit++) {
      const base = unit * width;
      let sum = weights[base + features]!;
      for (let f = 0; f < features; f++) sum += weights[base + f]! * group.features[k * features + f]!;
      if (sum <= 0) continue;
      activations[k * hidden + unit] = sum;
      score += sum * weights[outputAt + unit]!;
    }
    scores[k] = score;
    if (score > top) top = score;
    target[k] = Math.exp(-0.5 * ((k - group.target) / blur) ** 2);
    targetSum += target[k]!;
  }
  let total = 0;
  for (let k = 0; k < candidates; k++) total += Math.exp(scores[k]! - top);
  let loss = 0;
  for (let k = 0; k < candidates; k++) {
    const wanted = ((1 - UNIFORM_SHARE) * target[k]!) / targetSum + UNIFORM_SHARE / candidates;
    const logGot = scores[k]! - top - Math.log(total);
    loss -= wanted * logGot;
    const error = Math.exp(logGot) - wanted;
    for (let unit = 0; unit < hidden; unit++) {
      const activation = activations[k * hidden + unit]!;
      if (activation <= 0) continue;
      gradient[outputAt + unit]! += error * activation;
      const back = error * weights[outputAt + unit]!;
      const base = unit * width;
      for (let f = 0; f < features; f++) gradient[base + f]! += back * group.features[k * features + f]!;
      gradient[base + features]! += back;
    }
  }
  return loss;
}
