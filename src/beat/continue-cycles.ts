// What comes next is mostly what came one cycle ago: continuations of the reconstruction at many lags, mixed.
import { constant } from "../graph/constant.ts";
import { parameter, type Tensor } from "../graph/graph.ts";
import { fillWith } from "../graph/initialize.ts";
import { add } from "../graph/ops/add.ts";
import { concat } from "../graph/ops/concat.ts";
import { divide } from "../graph/ops/divide.ts";
import { expand } from "../graph/ops/expand.ts";
import { gelu } from "../graph/ops/gelu.ts";
import { linear } from "../graph/ops/linear.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { mean } from "../graph/ops/mean.ts";
import { multiply } from "../graph/ops/multiply.ts";
import { pad } from "../graph/ops/pad.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { slice } from "../graph/ops/slice.ts";
import { softmax } from "../graph/ops/softmax.ts";
import { square } from "../graph/ops/square.ts";
import { stopGradient } from "../graph/ops/stop-gradient.ts";
import { sum } from "../graph/ops/sum.ts";
import { take } from "../graph/ops/take.ts";
import { transpose } from "../graph/ops/transpose.ts";
import { type BeatConfig, predictionPatchCount } from "./beat-config.ts";
import { bias, norm, weight } from "./transformer.ts";

/** Lags are tried every 20 ms (5 samples at 250 Hz), from 0.3 s to 2 s: 200 to 30 beats a minute. */
const LAG_STEP_SECONDS = 0.02;
const SHORTEST_LAG_SECONDS = 0.3;
const LONGEST_LAG_SECONDS = 2;

/** Lags whose correlations are computed together. */
const LAGS_AT_A_TIME = 22;

/** How sharply the mixture starts out to prefer lags at which the signal repeats. */
const FIRST_SHARPNESS = 8;

/**
 * Prediction as a mixture of periodic continuations.
 *
 * For each lag L the continuation repeats the last L samples of the reconstruction. Each future patch mixes the
 * continuations of all lags and "nothing" (zero) by a softmax over: the autocorrelation of the reconstruction at
 * these lags, a small network on that autocorrelation, and the decoder's own state of the patch. A spread of
 * weights blurs beats whose time is uncertain, weight on "nothing" shrinks them: what a least-squares forecast
 * does. Only the reconstruction is read, which is made from the codes alone, and no gradient goes into it.
 *
 * Shapes: reconstruction (batch, leads, inputSamples), state (batch, future patches, dimension)
 * -> (batch, future patches, leads * patchSamples), each patch lead-major as in `toPatches`.
 */
export function continueCycles(reconstruction: Tensor, state: Tensor, config: BeatConfig): Tensor {
  const { graph } = reconstruction;
  const lags = lagSamples(config);
  const past = stopGradient(reconstruction);
  const similarity = autocorrelation(past, lags, config); // (batch, lags)
  const weights = mixtureWeights(similarity, state, lags.length); // (batch, patches, lags)
  const continuations = continueAtLags(past, lags, config); // (batch, patches, lags, patchSamples * leads)
  const [batch = 0, patches = 0, count = 0] = weights.shape;
  const mixed = matmul(reshape(weights, [batch, patches, 1, count]), continuations);
  const cut = reshape(mixed, [batch, patches, config.patchSamples, config.leadCount]);
  const gain = parameter(graph, "continuation.gain", [patches, 1], { initialize: fillWith(1), decay: false });
  const flat = reshape(transpose(cut, [0, 1, 3, 2]), [
    batch,
    patches,
    config.leadCount * config.patchSamples,
  ]);
  return multiply(flat, gain);
}

/** Lags in samples, shortest first; the longest is at most half the input. */
export function lagSamples(config: BeatConfig): number[] {
  const step = Math.round(LAG_STEP_SECONDS * config.samplingRateHz);
  const shortest = Math.round((SHORTEST_LAG_SECONDS * config.samplingRateHz) / step);
  const longest = Math.min(
    Math.round((LONGEST_LAG_SECONDS * config.samplingRateHz) / step),
    Math.floor(config.inputSamples / step / 2),
  );
  return Array.from({ length: longest - shortest + 1 }, (_, index) => (shortest + index) * step);
}

function mixtureWeights(similarity: Tensor, state: Tensor, lagCount: number): Tensor {
  const { graph } = state;
  const [batch = 0, patches = 0, dimension = 0] = state.shape;
  const read = gelu(
    linear(
      similarity,
      weight(graph, "continuation.read", lagCount, dimension),
      bias(graph, "continuation.read", dimension),
    ),
  );
  const joint = norm(add(state, reshape(read, [batch, 1, dimension])), "continuation.norm");
  const hidden = gelu(
    linear(
      joint,
      weight(graph, "continuation.hidden", dimension, 2 * dimension),
      bias(graph, "continuation.hidden", 2 * dimension),
    ),
  );
  const shift = linear(
    hidden,
    parameter(graph, "continuation.shift.weight", [2 * dimension, lagCount + 1], { initialize: fillWith(0) }),
    bias(graph, "continuation.shift", lagCount + 1),
  );
  const sharpness = parameter(graph, "continuation.sharpness", [1], {
    initialize: fillWith(FIRST_SHARPNESS),
    decay: false,
  });
  const prior = multiply(reshape(similarity, [batch, 1, lagCount]), sharpness);
  // The last weight is that of "nothing"; it starts level with a lag of correlation 0.6.
  const nothing = expand(multiply(constant(graph, 0.6), sharpness), [batch, 1, 1]);
  const scores = add(shift, expand(concat([prior, nothing], 2), [batch, patches, lagCount + 1]));
  return slice(softmax(scores), 2, { from: 0, to: lagCount });
}

/** Correlation of the reconstruction with itself at each lag, all leads together, on 50 Hz means: (batch, lags). */
function autocorrelation(past: Tensor, lags: readonly number[], config: BeatConfig): Tensor {
  const { leadCount, inputSamples } = config;
  const batch = past.shape[0] ?? 0;
  const step = Math.round(LAG_STEP_SECONDS * config.samplingRateHz);
  const length = inputSamples / step;
  const coarse = mean(reshape(past, [batch, leadCount, length, step]), { axes: [3] }); // (batch, leads, length)
  const longest = (lags.at(-1) ?? 0) / step;
  const padded = pad(coarse, [
    [0, 0],
    [0, 0],
    [longest, 0],
  ]);
  const still = reshape(coarse, [batch, leadCount, 1, length]);
  // Some lags at a time: the shifted copies of all of them are the largest arrays of the whole model.
  const groups = Array.from({ length: Math.ceil(lags.length / LAGS_AT_A_TIME) }, (_, group) =>
    lags.slice(group * LAGS_AT_A_TIME, (group + 1) * LAGS_AT_A_TIME),
  );
  const parts = groups.map((group) => {
    const indices = group.flatMap((lag) => Array.from({ length }, (_, t) => t + longest - lag / step));
    const shifted = take(padded, 2, indices, [group.length, length]); // (batch, leads, lags of the group, length)
    return sum(multiply(shifted, still), { axes: [1, 3] });
  });
  const products = parts.length === 1 ? parts[0]! : concat(parts, 1); // (batch, lags)
  const power = add(sum(square(coarse), { axes: [1, 2] }), 1e-3); // (batch)
  const overlap = constant(
    past.graph,
    lags.map((lag) => length / (length - lag / step)),
    [1, lags.length],
  );
  return divide(multiply(products, overlap), reshape(power, [batch, 1]));
}

/** Every lag's continuation, cut into patches: (batch, patches, lags, patchSamples * leads), time-major. */
function continueAtLags(past: Tensor, lags: readonly number[], config: BeatConfig): Tensor {
  const { leadCount, patchSamples, inputSamples } = config;
  const batch = past.shape[0] ?? 0;
  const patches = predictionPatchCount(config);
  const byTime = transpose(past, [0, 2, 1]); // (batch, time, leads)
  const indices: number[] = [];
  for (let patch = 0; patch < patches; patch++) {
    for (const lag of lags) {
      for (let t = 0; t < patchSamples; t++)
        indices.push(inputSamples - lag + ((patch * patchSamples + t) % lag));
    }
  }
  const continued = take(byTime, 1, indices, [patches, lags.length, patchSamples]);
  return reshape(continued, [batch, patches, lags.length, patchSamples * leadCount]);
}
