// A stack of pre-norm transformer blocks as graph/ builds it: the load of the training benchmark.
import type { Graph, Tensor } from "../../src/graph/graph.ts";
import { input, parameter } from "../../src/graph/graph.ts";
import { fanInInit, fillWith, normalInit } from "../../src/graph/initialize.ts";
import { add } from "../../src/graph/ops/add.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { gelu } from "../../src/graph/ops/gelu.ts";
import { layerNorm } from "../../src/graph/ops/layer-norm.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { meanSquaredError } from "../../src/graph/ops/mean-squared-error.ts";
import { reshape } from "../../src/graph/ops/reshape.ts";
import { split } from "../../src/graph/ops/split.ts";
import { transpose } from "../../src/graph/ops/transpose.ts";

export type StackShape = {
  readonly batch: number;
  readonly tokens: number;
  readonly patch: number;
  readonly width: number;
  readonly heads: number;
  readonly headSize: number;
  readonly blocks: number;
};

/** Sizes of the default tokenizer: 12 blocks of width 128, 60 tokens, batch 32, 5.0 M parameters. */
export const DEFAULT_STACK: StackShape = {
  batch: 32,
  tokens: 60,
  patch: 300,
  width: 128,
  heads: 8,
  headSize: 64,
  blocks: 12,
};

/** Patches in, patches out, mean squared error as the loss. */
export function buildStack(graph: Graph, shape: StackShape): Tensor {
  const { batch, tokens, patch, width, blocks } = shape;
  const x = input(graph, "x", [batch, tokens, patch]);
  const dense = (name: string, inputs: number, outputs: number): Tensor =>
    parameter(graph, name, [inputs, outputs], { initialize: fanInInit() });
  const position = parameter(graph, "position", [tokens, width], { initialize: normalInit(0.02) });
  let h = add(linear(x, dense("in", patch, width)), position);
  for (let i = 0; i < blocks; i++) h = block(graph, h, `blocks.${i}`, shape);
  return meanSquaredError(linear(norm(graph, h, "norm"), dense("out", width, patch)), x);
}

function block(graph: Graph, x: Tensor, name: string, shape: StackShape): Tensor {
  const { batch, tokens, width, heads, headSize } = shape;
  const inner = heads * headSize;
  const dense = (part: string, inputs: number, outputs: number): Tensor =>
    parameter(graph, `${name}.${part}`, [inputs, outputs], { initialize: fanInInit() });
  const bias = (part: string, size: number): Tensor =>
    parameter(graph, `${name}.${part}`, [size], { initialize: fillWith(0) });
  const qkv = linear(norm(graph, x, `${name}.norm1`), dense("qkv", width, 3 * inner));
  const [q, k, v] = split(qkv, 2, [inner, inner, inner]).map((part) =>
    transpose(reshape(part, [batch, tokens, heads, headSize]), [0, 2, 1, 3]),
  );
  const mixed = reshape(transpose(attention(q!, k!, v!), [0, 2, 1, 3]), [batch, tokens, inner]);
  const attended = add(x, linear(mixed, dense("attention", inner, width)));
  const hidden = gelu(
    linear(norm(graph, attended, `${name}.norm2`), dense("up", width, 4 * width), bias("up.bias", 4 * width)),
  );
  return add(attended, linear(hidden, dense("down", 4 * width, width), bias("down.bias", width)));
}

function norm(graph: Graph, x: Tensor, name: string): Tensor {
  const size = x.shape.at(-1)!;
  const scale = parameter(graph, `${name}.scale`, [size], { initialize: fillWith(1) });
  const bias = parameter(graph, `${name}.bias`, [size], { initialize: fillWith(0) });
  return layerNorm(x, scale, bias);
}
