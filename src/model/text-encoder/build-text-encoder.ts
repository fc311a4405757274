// buildTextEncoder: BERT from token ids to the hidden states of every layer, for any batch and length.
// Source: Devlin et al. 2019; transformers v4.44 modeling_bert (parameter names are those of a bare BertModel).
import { type Graph, input, type Tensor } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { attention } from "../../graph/ops/attention.ts";
import { embedding } from "../../graph/ops/embedding.ts";
import { layerNorm } from "../../graph/ops/layer-norm.ts";
import { tanh } from "../../graph/ops/tanh.ts";
import type { TextEncoderConfig } from "../config/text-encoder-config.ts";
import { activation } from "../layers/activation.ts";
import { type Dense, varyingDense } from "../layers/dense.ts";
import { type ModelWeights, modelWeights } from "../layers/model-weights.ts";
import { joinHeads, splitHeads } from "../layers/split-heads.ts";

/** Names of the inputs, and which of their axes vary. */
export const TEXT_ENCODER_INPUTS = {
  ids: "ids",
  types: "types",
  positions: "positions",
  mask: "mask",
} as const;

export type TextEncoder = {
  /** Embeddings after their norm, then the output of every layer: (batch, tokens, hidden). */
  readonly hiddenStates: readonly Tensor[];
  /** tanh of a linear layer over (batch, tokens, hidden): the reference's pooler takes its first token. */
  pooled(): Tensor;
};

type Parts = { readonly config: TextEncoderConfig; readonly weights: ModelWeights; readonly dense: Dense };

/** Sizes that stand for any in a graph with axes that vary. */
const ANY_BATCH = 2;
const ANY_TOKENS = 3;

/**
 * Declare inputs `ids` and `types` (batch, tokens) int64, `positions` (tokens) int64, `mask` (batch, 1, 1, tokens)
 * float32 (0 for tokens, -1e9 for padding), and the layers. All weights are frozen: the encoder is a judge, not trained.
 * @param layers How many layers to build; default all.
 */
export function buildTextEncoder(
  graph: Graph,
  config: TextEncoderConfig,
  layers: number = config.layerCount,
): TextEncoder {
  const weights = modelWeights(graph, { initializerRange: 0.02, isFrozen: () => true });
  const parts = { config, weights, dense: varyingDense(weights) };
  const int64 = { dtype: "int64" as const, axisNames: ["batch", "tokens"] };
  const ids = input(graph, TEXT_ENCODER_INPUTS.ids, [ANY_BATCH, ANY_TOKENS], int64);
  const types = input(graph, TEXT_ENCODER_INPUTS.types, [ANY_BATCH, ANY_TOKENS], int64);
  const positions = input(graph, TEXT_ENCODER_INPUTS.positions, [ANY_TOKENS], {
    dtype: "int64",
    axisNames: ["tokens"],
  });
  const mask = input(graph, TEXT_ENCODER_INPUTS.mask, [ANY_BATCH, 1, 1, ANY_TOKENS], {
    axisNames: ["batch", undefined, undefined, "tokens"],
  });
  let hidden = embed(ids, types, positions, parts);
  const hiddenStates = [hidden];
  for (let layer = 0; layer < layers; layer++) {
    hidden = encoderLayer(hidden, mask, parts, `encoder.layer.${layer}`);
    hiddenStates.push(hidden);
  }
  const { hiddenSize } = config;
  const pooler = { name: "pooler.dense", inputs: hiddenSize, outputs: hiddenSize, bias: true };
  return { hiddenStates, pooled: () => tanh(parts.dense(hidden, pooler)) };
}

function embed(ids: Tensor, types: Tensor, positions: Tensor, parts: Parts): Tensor {
  const { config, weights } = parts;
  const table = (name: string, rows: number): Tensor =>
    weights.matrix(`embeddings.${name}_embeddings.weight`, [rows, config.hiddenSize]);
  const words = embedding(table("word", config.vocabularySize), ids);
  const kinds = embedding(table("token_type", config.typeCount), types);
  const places = embedding(table("position", config.maxPositions), positions);
  return norm(add(add(words, kinds), places), parts, "embeddings.LayerNorm");
}

function encoderLayer(x: Tensor, mask: Tensor, parts: Parts, name: string): Tensor {
  const { config, dense } = parts;
  const { hiddenSize: size, intermediateSize: inner, headCount } = config;
  const project = (input: Tensor, part: string, inputs: number, outputs: number): Tensor =>
    dense(input, { name: `${name}.${part}`, inputs, outputs, bias: true });
  const [q, k, v] = ["query", "key", "value"].map((part) =>
    splitHeads(project(x, `attention.self.${part}`, size, size), headCount),
  ) as [Tensor, Tensor, Tensor];
  const mixed = project(joinHeads(attention(q, k, v, { mask })), "attention.output.dense", size, size);
  const attended = norm(add(x, mixed), parts, `${name}.attention.output.LayerNorm`);
  const up = activation(project(attended, "intermediate.dense", size, inner), config.activation);
  return norm(add(attended, project(up, "output.dense", inner, size)), parts, `${name}.output.LayerNorm`);
}

function norm(x: Tensor, { config, weights }: Parts, name: string): Tensor {
  const size = config.hiddenSize;
  const epsilon = config.normEpsilon;
  return layerNorm(x, weights.vector(`${name}.weight`, size, 1), weights.vector(`${name}.bias`, size, 0), {
    epsilon,
  });
}
