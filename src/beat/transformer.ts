// A stack of pre-norm transformer layers without biases in attention (vector sizes as in BeatConfig).
import { constant } from "../graph/constant.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { parameter } from "../graph/graph.ts";
import { fanInInit, fillWith } from "../graph/initialize.ts";
import { add } from "../graph/ops/add.ts";
import { attention } from "../graph/ops/attention.ts";
import { gelu } from "../graph/ops/gelu.ts";
import { layerNorm } from "../graph/ops/layer-norm.ts";
import { linear } from "../graph/ops/linear.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { split } from "../graph/ops/split.ts";
import { transpose } from "../graph/ops/transpose.ts";
import type { BeatConfig } from "./beat-config.ts";

/** (batch, tokens, dimension) -> the same shape through `layers` layers; the last norm is the caller's. */
export function transformer(x: Tensor, name: string, layers: number, config: BeatConfig): Tensor {
  let hidden = x;
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `${name}.layers.${layer}`;
    hidden = add(hidden, selfAttention(norm(hidden, `${prefix}.attention_norm`), prefix, config));
    hidden = add(hidden, feedForward(norm(hidden, `${prefix}.feed_forward_norm`), prefix, config));
  }
  return hidden;
}

/** (batch, tokens, dimension) -> zero mean and a standard deviation of `size` in every vector; nothing is learned. */
export function fixedNorm(x: Tensor, size: number): Tensor {
  const { graph } = x;
  const dimension = x.shape.at(-1) ?? 0;
  const scale = constant(graph, new Array<number>(dimension).fill(size), [dimension]);
  return layerNorm(x, scale, constant(graph, new Array<number>(dimension).fill(0), [dimension]));
}

/** (batch, tokens, dimension) -> normalised over the last axis, with a learned scale and bias. */
export function norm(x: Tensor, name: string): Tensor {
  const size = x.shape.at(-1) ?? 0;
  const scale = parameter(x.graph, `${name}.weight`, [size], { initialize: fillWith(1) });
  const bias = parameter(x.graph, `${name}.bias`, [size], { initialize: fillWith(0) });
  return layerNorm(x, scale, bias);
}

/** A weight (inputs, outputs) that starts uniform in +-1 / sqrt(inputs). */
export function weight(graph: Graph, name: string, inputs: number, outputs: number): Tensor {
  return parameter(graph, `${name}.weight`, [inputs, outputs], { initialize: fanInInit() });
}

/** A bias that starts at 0. */
export function bias(graph: Graph, name: string, size: number): Tensor {
  return parameter(graph, `${name}.bias`, [size], { initialize: fillWith(0) });
}

function selfAttention(x: Tensor, prefix: string, config: BeatConfig): Tensor {
  const { graph } = x;
  const [batch = 0, tokens = 0, dimension = 0] = x.shape;
  const { headCount, headSize } = config;
  const inner = headCount * headSize;
  const joint = linear(x, weight(graph, `${prefix}.attention.qkv`, dimension, 3 * inner)); // (batch, tokens, 3 * inner)
  const [q, k, v] = split(joint, 2, [inner, inner, inner]).map((part) =>
    transpose(reshape(part, [batch, tokens, headCount, headSize]), [0, 2, 1, 3]),
  ) as [Tensor, Tensor, Tensor]; // each (batch, heads, tokens, headSize)
  const mixed = reshape(transpose(attention(q, k, v), [0, 2, 1, 3]), [batch, tokens, inner]);
  return linear(mixed, weight(graph, `${prefix}.attention.output`, inner, dimension));
}

function feedForward(x: Tensor, prefix: string, config: BeatConfig): Tensor {
  const { graph } = x;
  const dimension = x.shape.at(-1) ?? 0;
  const hidden = dimension * config.feedForwardFactor;
  const up = linear(
    x,
    weight(graph, `${prefix}.feed_forward.up`, dimension, hidden),
    bias(graph, `${prefix}.feed_forward.up`, hidden),
  );
  return linear(
    gelu(up),
    weight(graph, `${prefix}.feed_forward.down`, hidden, dimension),
    bias(graph, `${prefix}.feed_forward.down`, dimension),
  );
}
