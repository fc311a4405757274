// buildVisionEncoder: SigLIP's image encoder from patches to patch features and, by attention pooling, one vector.
// Source: Zhai et al. 2023; transformers v4.44 modeling_siglip (parameter names are theirs).
import { type Graph, input, type Tensor } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { attention } from "../../graph/ops/attention.ts";
import { layerNorm } from "../../graph/ops/layer-norm.ts";
import { linear } from "../../graph/ops/linear.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { slice } from "../../graph/ops/slice.ts";
import type { VisionConfig } from "../config/vision-config.ts";
import { activation } from "../layers/activation.ts";
import { type Dense, fixedDense } from "../layers/dense.ts";
import { type ModelWeights, modelWeights } from "../layers/model-weights.ts";
import { joinHeads, splitHeads } from "../layers/split-heads.ts";

/** Name of the input: (images, patches, channels * patchSize * patchSize), see `patchRows`. */
export const PATCHES_INPUT = "patches";

export type VisionOutputs = {
  /** Patch and position embeddings, then the output of every layer: (images, patches, hidden). */
  readonly hiddenStates: readonly Tensor[];
  /** The last of them after the last norm. */
  readonly features: Tensor;
  /** (images, hidden): the attention-pooling head; undefined when the config has none. */
  readonly pooled: Tensor | undefined;
};

export type VisionParts = {
  readonly config: VisionConfig;
  readonly weights: ModelWeights;
  readonly dense: Dense;
};

export type VisionEncoderOptions = {
  readonly images: number;
  /** Which parameters are not trained. Default: none. */
  readonly isFrozen?: (name: string) => boolean;
};

/** Patches along one side of an image. What does not fill a patch is left out, as a convolution does. */
export function patchesPerSide({ imageSize, patchSize }: VisionConfig): number {
  return Math.floor(imageSize / patchSize);
}

/** A graph of its own: declares the input {@link PATCHES_INPUT} and all parameters. */
export function buildVisionEncoder(
  graph: Graph,
  config: VisionConfig,
  options: VisionEncoderOptions,
): VisionOutputs {
  const weights = modelWeights(graph, { ...options, initializerRange: 0.02 });
  const patches = patchesPerSide(config) ** 2;
  const size = config.channelCount * config.patchSize ** 2;
  const rows = input(graph, PATCHES_INPUT, [options.images, patches, size]);
  return encodePatches(rows, { config, weights, dense: fixedDense(weights) });
}

/** Patches (images, patches, channels * patchSize * patchSize) -> features, inside any graph. */
export function encodePatches(patches: Tensor, parts: VisionParts): VisionOutputs {
  const { config, weights } = parts;
  let hidden = embedPatches(patches, parts);
  const hiddenStates = [hidden];
  for (let layer = 0; layer < config.layerCount; layer++) {
    hidden = encoderLayer(hidden, parts, `vision_model.encoder.layers.${layer}`);
    hiddenStates.push(hidden);
  }
  const features = norm(hidden, { config, weights }, "vision_model.post_layernorm");
  return { hiddenStates, features, pooled: config.hasHead ? attentionPool(features, parts) : undefined };
}

/** The reference's convolution with stride = kernel is one product of patches and flattened kernels. */
function embedPatches(patches: Tensor, { config, weights }: VisionParts): Tensor {
  const { hiddenSize, channelCount, patchSize } = config;
  const name = "vision_model.embeddings";
  const shape = [hiddenSize, channelCount, patchSize, patchSize];
  const kernel = weights.matrix(`${name}.patch_embedding.weight`, shape);
  const bias = weights.vector(`${name}.patch_embedding.bias`, hiddenSize, 0);
  const count = patchesPerSide(config) ** 2;
  const positions = weights.matrix(`${name}.position_embedding.weight`, [count, hiddenSize]);
  const flat = reshape(kernel, [hiddenSize, channelCount * patchSize * patchSize]);
  return add(linear(patches, flat, bias, { transposed: true }), positions);
}

function encoderLayer(x: Tensor, parts: VisionParts, name: string): Tensor {
  const { config, dense } = parts;
  const { hiddenSize, headCount } = config;
  const h = norm(x, parts, `${name}.layer_norm1`);
  const project = (input: Tensor, part: string): Tensor =>
    dense(input, {
      name: `${name}.self_attn.${part}`,
      inputs: hiddenSize,
      outputs: hiddenSize,
      bias: true,
    });
  const [q, k, v] = ["q_proj", "k_proj", "v_proj"].map((part) => splitHeads(project(h, part), headCount)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const attended = add(x, project(joinHeads(attention(q, k, v)), "out_proj"));
  return add(attended, feedForward(norm(attended, parts, `${name}.layer_norm2`), parts, `${name}.mlp`));
}

function feedForward(x: Tensor, { config, dense }: VisionParts, name: string): Tensor {
  const { hiddenSize: size, intermediateSize: inner } = config;
  const up = dense(x, { name: `${name}.fc1`, inputs: size, outputs: inner, bias: true });
  return dense(activation(up, config.activation), {
    name: `${name}.fc2`,
    inputs: inner,
    outputs: size,
    bias: true,
  });
}

/** A learned probe attends to all patches; then a residual feed-forward layer. */
function attentionPool(features: Tensor, parts: VisionParts): Tensor {
  const { config, weights, dense } = parts;
  const { hiddenSize: size, headCount } = config;
  const name = "vision_model.head";
  const images = features.shape[0]!;
  const probe = reshape(weights.matrix(`${name}.probe`, [1, 1, size]), [1, size]);
  // rows [q | k | v], as PyTorch's MultiheadAttention stores them
  const matrix = weights.matrix(`${name}.attention.in_proj_weight`, [3 * size, size]);
  const vector = weights.vector(`${name}.attention.in_proj_bias`, 3 * size, 0);
  const project = (x: Tensor, part: number): Tensor =>
    linear(x, slice(matrix, 0, range(part, size)), slice(vector, 0, range(part, size)), { transposed: true });
  // one query for all images: (1, heads, 1, size of a head) broadcasts over them
  const q = splitHeads(reshape(project(probe, 0), [1, 1, size]), headCount);
  const k = splitHeads(project(features, 1), headCount);
  const v = splitHeads(project(features, 2), headCount);
  const mixed = joinHeads(attention(q, k, v));
  const pooled = dense(mixed, {
    name: `${name}.attention.out_proj`,
    inputs: size,
    outputs: size,
    bias: true,
  });
  const fed = feedForward(norm(pooled, parts, `${name}.layernorm`), parts, `${name}.mlp`);
  return reshape(add(pooled, fed), [images, size]);
}

const range = (part: number, size: number): { from: number; to: number } => ({
  from: part * size,
  to: (part + 1) * size,
});

function norm(x: Tensor, { config, weights }: Pick<VisionParts, "config" | "weights">, name: string): Tensor {
  const size = config.hiddenSize;
  const epsilon = config.normEpsilon;
  return layerNorm(x, weights.vector(`${name}.weight`, size, 1), weights.vector(`${name}.bias`, size, 0), {
    epsilon,
  });
}
