// buildLanguageModel: a decoder from token ids to logits and loss, in a graph of fixed sizes, for training and for
// reading every layer. Generation runs on `createDecoderSession` instead.
import { type Graph, input, type Tensor } from "../../graph/graph.ts";
import { equal } from "../../graph/ops/compare.ts";
import { crossEntropy } from "../../graph/ops/cross-entropy.ts";
import { embedding } from "../../graph/ops/embedding.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { stopGradient } from "../../graph/ops/stop-gradient.ts";
import { where } from "../../graph/ops/where.ts";
import { EcgError } from "../../shared/errors.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import { type Dense, fixedDense } from "../layers/dense.ts";
import { type ModelWeights, modelWeights } from "../layers/model-weights.ts";
import {
  buildDecoder,
  type DecoderOutputs,
  type DecoderParts,
  declareHead,
  decoderHead,
  embeddingTable,
  finalNorm,
  flattenRows,
} from "./build-decoder.ts";
import { longestOf, positionsFromMask, rotaryPositions, rotaryRegime } from "./rotary-positions.ts";
import { visibilityMask } from "./visibility-mask.ts";

/** Names of the inputs. */
export const LANGUAGE_INPUTS = {
  ids: "ids",
  cosines: "cosines",
  sines: "sines",
  mask: "mask",
  targetRows: "targetRows",
  targetIds: "targetIds",
} as const;

export type LanguageModelOptions = {
  readonly batch: number;
  readonly tokens: number;
  /** Which parameters are not trained. Default: none. */
  readonly isFrozen?: (name: string) => boolean;
  /** Wraps how linear layers are computed, e.g. with LoRA. */
  readonly wrapDense?: (dense: Dense, weights: ModelWeights) => Dense;
  /** Changes the token vectors (batch, tokens, hidden) before the first layer: where features of signals and images go in. */
  readonly mapEmbeddings?: (embeddings: Tensor, weights: ModelWeights) => Tensor;
};

export type LanguageModel = DecoderOutputs & {
  readonly graph: Graph;
  readonly weights: ModelWeights;
  /** (batch, tokens, hidden) after the final norm. */
  readonly normalised: Tensor;
  /** (batch * tokens, vocabulary). Left out of a program that asks only for {@link loss}. */
  logits(): Tensor;
  /**
   * Mean cross entropy over `targets` places: inputs `targetRows` (int64, which of the batch * tokens rows) and
   * `targetIds` (int64, what should come next; -100 does not count). Logits are made for these rows alone, which
   * saves most of the head's work where answers are short.
   */
  loss(targets: number): Tensor;
};

/** Declare inputs and layers. Feed what {@link languageInputs} makes. */
export function buildLanguageModel(
  graph: Graph,
  config: LanguageConfig,
  options: LanguageModelOptions,
): LanguageModel {
  const { batch, tokens } = options;
  const weights = modelWeights(graph, { ...options, initializerRange: config.initializerRange });
  const dense = options.wrapDense?.(fixedDense(weights), weights) ?? fixedDense(weights);
  const parts: DecoderParts = { config, weights, dense };
  const ids = input(graph, LANGUAGE_INPUTS.ids, [batch, tokens], { dtype: "int64" });
  const half = config.rotary.size / 2;
  const embedded = embedTokens(ids, parts, options.isFrozen?.("model.embed_tokens.weight") ?? false);
  const decoded = buildDecoder(parts, {
    embeddings: options.mapEmbeddings?.(embedded, weights) ?? embedded,
    cosines: input(graph, LANGUAGE_INPUTS.cosines, [batch, 1, tokens, half]),
    sines: input(graph, LANGUAGE_INPUTS.sines, [batch, 1, tokens, half]),
    mask: input(graph, LANGUAGE_INPUTS.mask, [batch, 1, tokens, tokens]),
  });
  const normalised = finalNorm(decoded.hidden, parts);
  declareHead(parts);
  return {
    ...decoded,
    graph,
    weights,
    normalised,
    logits: () => decoderHead(flattenRows(normalised), parts),
    loss: (targets) => {
      const rows = input(graph, LANGUAGE_INPUTS.targetRows, [targets], { dtype: "int64" });
      const labels = input(graph, LANGUAGE_INPUTS.targetIds, [targets], { dtype: "int64" });
      return crossEntropy(decoderHead(embedding(flattenRows(normalised), rows), parts), labels);
    },
  };
}

/** Rows of the table. The padding token's row gets no gradient from here, as PyTorch's padding_idx does it. */
function embedTokens(ids: Tensor, parts: DecoderParts, frozen: boolean): Tensor {
  const embedded = embedding(embeddingTable(parts), ids);
  const { padTokenId } = parts.config;
  if (padTokenId === undefined || frozen) return embedded;
  const isPadding = reshape(equal(ids, padTokenId), [...ids.shape, 1]);
  return where(isPadding, stopGradient(embedded), embedded);
}

export type LanguageBatch = {
  /** By row; all rows of one length. */
  readonly ids: readonly (readonly number[])[];
  /** By row, 0 for padding. Default: every id is a token. */
  readonly attentionMask?: readonly (readonly number[])[] | undefined;
  /** By row. Default: 0, 1, 2, … over padding too, as the reference does when none are given. */
  readonly positionIds?: readonly (readonly number[])[] | undefined;
  /** By row: tokens see only tokens of the same number. */
  readonly segments?: readonly (readonly number[])[] | undefined;
};

/**
 * The numbers of one batch for {@link buildLanguageModel}'s inputs.
 * @throws EcgError SHAPE_MISMATCH when rows differ in length, INVALID_OPTION for an id outside the vocabulary.
 */
export function languageInputs(
  config: LanguageConfig,
  batch: LanguageBatch,
): Record<"ids", BigInt64Array> & Record<"cosines" | "sines" | "mask", Float32Array> {
  const rows = batch.ids.length;
  const tokens = batch.ids[0]?.length ?? 0;
  const flat = (name: string, list: readonly (readonly number[])[]): number[] => {
    const odd = list.find((row) => row.length !== tokens);
    if (list.length === rows && !odd) return list.flat();
    throw new EcgError(
      "SHAPE_MISMATCH",
      `language batch: expected ${name} of ${rows} rows of ${tokens}, got ${list.length} rows, one of ${odd?.length ?? tokens}`,
    );
  };
  const ids = flat("ids", batch.ids);
  const outside = ids.find((id) => !(id >= 0 && id < config.vocabularySize));
  if (outside !== undefined) {
    throw new EcgError(
      "INVALID_OPTION",
      `language batch: expected ids from 0 to ${config.vocabularySize - 1}, got ${outside}`,
    );
  }
  const positions = batch.positionIds
    ? flat("positionIds", batch.positionIds)
    : ids.map((_, index) => index % tokens);
  const regime = rotaryRegime(config.rotary, longestOf(positions));
  return {
    ids: BigInt64Array.from(ids, BigInt),
    ...rotaryPositions(config.rotary, positions, regime),
    mask: visibilityMask({
      batch: rows,
      queries: tokens,
      keys: tokens,
      window: config.slidingWindow,
      ...(batch.attentionMask ? { visible: flat("attentionMask", batch.attentionMask) } : {}),
      ...(batch.segments ? { segments: flat("segments", batch.segments) } : {}),
    }),
  };
}

/** Positions as generation counts them; see {@link positionsFromMask}. */
export function countedPositions(attentionMask: readonly (readonly number[])[]): number[][] {
  return attentionMask.map((row) => [...positionsFromMask(row, row.length)]);
}

/**
 * What each place should be followed by, as rows and ids for {@link LanguageModel.loss}: place t of a row is scored
 * against labels[t + 1], and labels of -100 do not count (Hugging Face's convention).
 */
export function nextTokenTargets(
  labels: readonly (readonly number[])[],
  count?: number,
): { targetRows: BigInt64Array; targetIds: BigInt64Array } {
  const tokens = labels[0]?.length ?? 0;
  const rows: number[] = [];
  const ids: number[] = [];
  for (const [row, list] of labels.entries()) {
    for (let t = 0; t + 1 < list.length; t++) {
      const next = list[t + 1]!;
      if (next === -100) continue;
      rows.push(row * tokens + t);
      ids.push(next);
    }
  }
  const size = count ?? rows.length;
  if (rows.length > size) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `targets: expected at most ${size} labels that count, got ${rows.length}`,
    );
  }
  const fill = (list: readonly number[], rest: number): BigInt64Array =>
    BigInt64Array.from({ length: size }, (_, i) => BigInt(list[i] ?? rest));
  return { targetRows: fill(rows, 0), targetIds: fill(ids, -100) };
}
