// Beat as graphs: the joint training graph, the encoder alone, the decoder alone. All share parameter names.
import { createGraph, type Graph, type GraphOptions, input, type Tensor } from "../graph/graph.ts";
import { add } from "../graph/ops/add.ts";
import { divide } from "../graph/ops/divide.ts";
import { embedding } from "../graph/ops/embedding.ts";
import { multiply } from "../graph/ops/multiply.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { square } from "../graph/ops/square.ts";
import { stopGradient } from "../graph/ops/stop-gradient.ts";
import { subtract } from "../graph/ops/subtract.ts";
import { sum } from "../graph/ops/sum.ts";
import type { BeatConfig } from "./beat-config.ts";
import { type Decoded, decodeCodes } from "./decode-codes.ts";
import { encodeQueries } from "./encode-queries.ts";
import { CODEBOOK_NAMES, codebook, quantise } from "./quantise.ts";

/** Names of the inputs of the joint graph. */
export const BEAT_INPUTS = {
  signal: "signal",
  future: "future",
  leadWeights: "leadWeights",
  quantised: "quantised",
} as const;

export type BeatGraph = {
  readonly graph: Graph;
  readonly loss: Tensor;
  readonly reconstructionLoss: Tensor;
  readonly predictionLoss: Tensor;
  readonly quantisationLoss: Tensor;
  readonly decoded: Decoded;
  /** Query vectors before quantisation, (batch * queries, dimension). */
  readonly queries: Tensor;
  /** Codes by level, (batch * queries) int64. */
  readonly indices: readonly Tensor[];
};

/**
 * The joint graph of loss, reconstruction and prediction for batches of `batch` segments.
 *
 * Inputs: `signal` (batch, leads, inputSamples) and `future` (batch, leads, predictionSamples), z-scored;
 * `leadWeights` (batch, leads), 0 for a lead that is missing or flat and so left out of the errors; `quantised`, a
 * scalar: 1 passes the codes on, 0 the query vectors themselves (warm-up before codebooks mean anything).
 * Loss: paper Eq. (12).
 */
export function buildBeat(config: BeatConfig, batch: number, options: GraphOptions = {}): BeatGraph {
  const graph = createGraph(options);
  const signal = input(graph, BEAT_INPUTS.signal, [batch, config.leadCount, config.inputSamples]);
  const future = input(graph, BEAT_INPUTS.future, [batch, config.leadCount, config.predictionSamples]);
  const leadWeights = input(graph, BEAT_INPUTS.leadWeights, [batch, config.leadCount]);
  const share = input(graph, BEAT_INPUTS.quantised, []);
  const shape = [batch, config.queryCount, config.dimension];
  const queries = reshape(encodeQueries(signal, config), [batch * config.queryCount, config.dimension]);
  const { vectors, indices, loss: quantisationLoss } = quantise(queries, config);
  // Straight-through: forward the codes (or, at share 0, the queries), backward as if nothing had happened.
  const passed = add(queries, stopGradient(multiply(subtract(vectors, queries), share)));
  const decoded = decodeCodes(reshape(passed, shape), config);
  const reconstructionLoss = weightedError(decoded.reconstruction, signal, leadWeights);
  const predictionLoss = weightedError(decoded.prediction, future, leadWeights);
  const { lossWeights } = config;
  const loss = add(
    add(
      multiply(reconstructionLoss, lossWeights.reconstruction),
      multiply(predictionLoss, lossWeights.prediction),
    ),
    multiply(multiply(quantisationLoss, lossWeights.quantisation), share),
  );
  return { graph, loss, reconstructionLoss, predictionLoss, quantisationLoss, decoded, queries, indices };
}

/** Signal -> codes: `core`, `residual` (batch * queries) int64 and `vectors` (batch * queries, dimension). */
export function buildBeatEncoder(
  config: BeatConfig,
  batch: number,
  options: GraphOptions = {},
): { graph: Graph; outputs: Record<string, Tensor> } {
  const graph = createGraph(options);
  const signal = input(graph, BEAT_INPUTS.signal, [batch, config.leadCount, config.inputSamples]);
  const queries = reshape(encodeQueries(signal, config), [batch * config.queryCount, config.dimension]);
  const { indices, vectors } = quantise(queries, config);
  const named = Object.fromEntries(indices.map((index, level) => [CODEBOOK_NAMES[level] as string, index]));
  return { graph, outputs: { ...named, vectors } };
}

/** Codes `core` and `residual`, (batch, queries) int64 -> `reconstruction` and `prediction`. */
export function buildBeatDecoder(
  config: BeatConfig,
  batch: number,
  options: GraphOptions = {},
): { graph: Graph; outputs: Record<string, Tensor> } {
  const graph = createGraph(options);
  const levels = CODEBOOK_NAMES.slice(0, config.codebookLevels).map((name) => {
    const index = input(graph, name, [batch, config.queryCount], { dtype: "int64" });
    return embedding(codebook(graph, name, config), index);
  });
  const codes = levels.reduce((total, level) => add(total, level));
  const { reconstruction, prediction } = decodeCodes(codes, config);
  return { graph, outputs: { reconstruction, prediction } };
}

/** Mean squared error over the leads that count: (batch, leads, samples) twice and (batch, leads) -> scalar. */
function weightedError(a: Tensor, b: Tensor, leadWeights: Tensor): Tensor {
  const [, , samples = 0] = a.shape;
  const perLead = sum(square(subtract(a, b)), { axes: [2] }); // (batch, leads)
  return divide(sum(multiply(perLead, leadWeights)), multiply(sum(leadWeights), samples));
}
