// buildDecoder: the layers of Qwen2 and Phi-3 from token vectors to hidden vectors; decoderHead: from there to logits.
// Source: transformers v4.44 modeling_qwen2, modeling_phi3 (parameter names are theirs).
import type { Tensor } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { concat } from "../../graph/ops/concat.ts";
import { matmul } from "../../graph/ops/matmul.ts";
import { multiply } from "../../graph/ops/multiply.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { rmsNorm } from "../../graph/ops/rms-norm.ts";
import { silu } from "../../graph/ops/silu.ts";
import { split } from "../../graph/ops/split.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import type { Dense } from "../layers/dense.ts";
import type { ModelWeights } from "../layers/model-weights.ts";
import { type AttentionTables, decoderAttention, type PastKeyValues } from "./decoder-attention.ts";

/** Names of the parameters outside the layers. */
export const EMBEDDING_NAME = "model.embed_tokens.weight";
export const HEAD_NAME = "lm_head.weight";

export type DecoderParts = {
  readonly config: LanguageConfig;
  readonly weights: ModelWeights;
  readonly dense: Dense;
};

export type DecoderInputs = {
  /** (batch, tokens, hidden): embeddings of tokens, with features of signals and images where they go. */
  readonly embeddings: Tensor;
  readonly cosines: Tensor;
  readonly sines: Tensor;
  /** (batch or 1, 1, tokens, keys). */
  readonly mask: Tensor;
  /** One a layer. */
  readonly past?: readonly PastKeyValues[];
  /** Which layers: [from, to). Default: all. */
  readonly layers?: readonly [number, number];
};

export type DecoderOutputs = {
  /** (batch, tokens, hidden): output of the last layer, before the final norm. */
  readonly hidden: Tensor;
  /** What enters each layer. */
  readonly layerInputs: readonly Tensor[];
  /** By layer, what a cache keeps: (batch, key heads, tokens, head size). */
  readonly keys: readonly Tensor[];
  readonly values: readonly Tensor[];
};

/** The decoder's layers. */
export function buildDecoder(parts: DecoderParts, inputs: DecoderInputs): DecoderOutputs {
  const { config } = parts;
  const [from, to] = inputs.layers ?? [0, config.layerCount];
  const tables = { ...inputs, mask: tileMask(inputs.mask, config) };
  let hidden = inputs.embeddings;
  const layerInputs: Tensor[] = [];
  const keys: Tensor[] = [];
  const values: Tensor[] = [];
  for (let layer = from; layer < to; layer++) {
    layerInputs.push(hidden);
    const past = inputs.past?.[layer - from];
    const result = decoderLayer(hidden, parts, { name: `model.layers.${layer}`, tables, past });
    hidden = result.hidden;
    keys.push(result.keys);
    values.push(result.values);
  }
  return { hidden, layerInputs, keys, values };
}

/** The norm after the last layer. */
export function finalNorm(hidden: Tensor, { config, weights }: DecoderParts): Tensor {
  return rmsNorm(hidden, weights.vector("model.norm.weight", config.hiddenSize, 1), {
    epsilon: config.normEpsilon,
  });
}

/** Rows (rows, hidden) after the final norm -> logits (rows, vocabulary), by the head's matrix or the embedding table. */
export function decoderHead(rows: Tensor, { config, weights, dense }: DecoderParts): Tensor {
  const { hiddenSize, vocabularySize } = config;
  if (!config.tiedHead) {
    return dense(rows, { name: "lm_head", inputs: hiddenSize, outputs: vocabularySize, bias: false });
  }
  return matmul(rows, embeddingTable({ config, weights }), { transposeB: true });
}

/** Declare the head's matrix even where a program does not compute logits: a store then has every weight of the model. */
export function declareHead({ config, weights }: Pick<DecoderParts, "config" | "weights">): void {
  if (!config.tiedHead) weights.matrix(HEAD_NAME, [config.vocabularySize, config.hiddenSize]);
}

/** (vocabulary, hidden). */
export function embeddingTable({ config, weights }: Pick<DecoderParts, "config" | "weights">): Tensor {
  return weights.matrix(EMBEDDING_NAME, [config.vocabularySize, config.hiddenSize]);
}

type LayerContext = {
  readonly name: string;
  readonly tables: AttentionTables;
  readonly past: PastKeyValues | undefined;
};

function decoderLayer(
  x: Tensor,
  parts: DecoderParts,
  context: LayerContext,
): { hidden: Tensor; keys: Tensor; values: Tensor } {
  const { config, weights, dense } = parts;
  const { hiddenSize, headCount, headSize } = config;
  const { name, tables, past } = context;
  const norm = (input: Tensor, which: string): Tensor =>
    rmsNorm(input, weights.vector(`${name}.${which}.weight`, hiddenSize, 1), { epsilon: config.normEpsilon });
  const { mixed, keys, values } = decoderAttention(norm(x, "input_layernorm"), {
    config,
    dense,
    tables,
    name: `${name}.self_attn`,
    past,
  });
  const output = { name: `${name}.self_attn.o_proj`, inputs: headCount * headSize, outputs: hiddenSize };
  const attended = add(x, dense(mixed, { ...output, bias: false }));
  const fed = feedForward(norm(attended, "post_attention_layernorm"), parts, `${name}.mlp`);
  return { hidden: add(attended, fed), keys, values };
}

/** down(silu(gate(x)) * up(x)); Phi-3 keeps gate and up in one matrix, rows [gate | up]. */
function feedForward(x: Tensor, { config, dense }: DecoderParts, name: string): Tensor {
  const { hiddenSize, intermediateSize } = config;
  const project = (part: string, outputs: number): Tensor =>
    dense(x, { name: `${name}.${part}`, inputs: hiddenSize, outputs, bias: false });
  const [gate, up] =
    config.architecture === "phi3"
      ? (split(project("gate_up_proj", 2 * intermediateSize), -1, [intermediateSize, intermediateSize]) as [
          Tensor,
          Tensor,
        ])
      : [project("gate_proj", intermediateSize), project("up_proj", intermediateSize)];
  const down = { name: `${name}.down_proj`, inputs: intermediateSize, outputs: hiddenSize, bias: false };
  return dense(multiply(silu(gate), up), down);
}

/** The queries of a group lie behind each other, so their mask is repeated once for all layers. */
function tileMask(mask: Tensor, { headCount, keyValueHeadCount }: LanguageConfig): Tensor {
  const repeats = headCount / keyValueHeadCount;
  return repeats === 1
    ? mask
    : concat(
        Array.from({ length: repeats }, () => mask),
        2,
      );
}

/** (batch, tokens, hidden) -> (batch * tokens, hidden), in graphs of fixed sizes. */
export function flattenRows(hidden: Tensor): Tensor {
  return reshape(hidden, [-1, hidden.shape.at(-1)!]);
}
