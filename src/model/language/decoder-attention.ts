// decoderAttention: grouped-query attention with rotary positions, over the tokens of a call and, when given, a cache.
// Source: Ainslie et al. 2023 (GQA); transformers modeling_qwen2 and modeling_phi3 for weights and order.
import { emit } from "../../graph/emit.ts";
import type { Tensor } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { attention } from "../../graph/ops/attention.ts";
import { concat } from "../../graph/ops/concat.ts";
import { matmul } from "../../graph/ops/matmul.ts";
import { reshapeByPattern } from "../../graph/ops/reshape-by-pattern.ts";
import { rotaryEmbedding } from "../../graph/ops/rotary-embedding.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import { split } from "../../graph/ops/split.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import type { Dense } from "../layers/dense.ts";
import { joinHeads, splitHeads } from "../layers/split-heads.ts";

/** What all layers of a decoder share. */
export type AttentionTables = {
  /** (batch, 1, tokens, rotary size / 2). */
  readonly cosines: Tensor;
  readonly sines: Tensor;
  /** (batch or 1, 1, heads per key head * tokens, keys): 0 where a key may be seen, -1e9 where not. Keys of a cache come first. */
  readonly mask: Tensor;
};

/** Keys and values of earlier calls. Slots that hold none must be hidden by the mask. */
export type PastKeyValues = {
  /** (batch, key heads, slots, head size). */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** int64 (2): slots and tokens, as both vary. */
  readonly sizes: Tensor;
};

export type AttentionResult = {
  /** (batch, tokens, heads * head size), before the output projection. */
  readonly mixed: Tensor;
  /** (batch, key heads, tokens, head size), turned: what a cache keeps. */
  readonly keys: Tensor;
  readonly values: Tensor;
};

export type AttentionOptions = {
  readonly config: LanguageConfig;
  readonly dense: Dense;
  readonly tables: AttentionTables;
  /** `model.layers.<i>.self_attn`. */
  readonly name: string;
  readonly past?: PastKeyValues | undefined;
};

/** (batch, tokens, hidden) -> attention over the call's tokens and the past. */
export function decoderAttention(x: Tensor, options: AttentionOptions): AttentionResult {
  const { config, tables, past } = options;
  const { headCount, keyValueHeadCount, headSize } = config;
  const [q, k, v] = projectHeads(x, options);
  const keys = turn(k, tables, config.rotary.size);
  // (batch, heads, tokens, size) -> (batch, key heads, heads per key head * tokens, size): one product a key head
  const queries = reshapeByPattern(turn(q, tables, config.rotary.size), [0, keyValueHeadCount, -1, headSize]);
  const grouped = past
    ? attendWithPast(queries, keys, v, { past, mask: tables.mask })
    : attention(queries, keys, v, { mask: tables.mask });
  return { mixed: joinHeads(reshapeByPattern(grouped, [0, headCount, -1, headSize])), keys, values: v };
}

/** Queries, keys and values by head. Phi-3 keeps the three matrices in one, rows [q | k | v]. */
function projectHeads(x: Tensor, { config, dense, name }: AttentionOptions): [Tensor, Tensor, Tensor] {
  const { headCount, keyValueHeadCount, headSize, hiddenSize } = config;
  const querySize = headCount * headSize;
  const keySize = keyValueHeadCount * headSize;
  const byHead = (part: Tensor, heads: number): Tensor => splitHeads(part, heads);
  if (config.architecture === "phi3") {
    const outputs = querySize + 2 * keySize;
    const joint = dense(x, { name: `${name}.qkv_proj`, inputs: hiddenSize, outputs, bias: false });
    const [q, k, v] = split(joint, -1, [querySize, keySize, keySize]) as [Tensor, Tensor, Tensor];
    return [byHead(q, headCount), byHead(k, keyValueHeadCount), byHead(v, keyValueHeadCount)];
  }
  const project = (part: string, heads: number): Tensor => {
    const layer = { name: `${name}.${part}_proj`, inputs: hiddenSize, outputs: heads * headSize, bias: true };
    return byHead(dense(x, layer), heads);
  };
  return [project("q", headCount), project("k", keyValueHeadCount), project("v", keyValueHeadCount)];
}

/** Rotary positions on the first `size` features of each head. */
function turn(x: Tensor, { cosines, sines }: AttentionTables, size: number): Tensor {
  const headSize = x.shape[3]!;
  if (size === headSize) return rotaryEmbedding(x, cosines, sines);
  const [turned, passed] = split(x, -1, [size, headSize - size]) as [Tensor, Tensor];
  return concat([rotaryEmbedding(turned, cosines, sines), passed], -1);
}

/**
 * Attention over cached and new keys without joining them: the cache is not copied. The shares of the cache and of
 * the new tokens are cut apart after one softmax. For inference: it records no gradient through the cut.
 */
function attendWithPast(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  { past, mask }: { readonly past: PastKeyValues; readonly mask: Tensor },
): Tensor {
  const scale = 1 / Math.sqrt(queries.shape[3]!);
  const old = matmul(queries, past.keys, { transposeB: true, scale });
  const recent = matmul(queries, keys, { transposeB: true, scale });
  const shares = softmax(add(concat([old, recent], -1), mask));
  const [oldShares, recentShares] = emit(
    "Split",
    [shares, past.sizes],
    [{ shape: old.shape }, { shape: recent.shape }],
    { attributes: { axis: { int: -1 } } },
  ) as [Tensor, Tensor];
  return add(matmul(oldShares, past.values), matmul(recentShares, values));
}
