// buildHeartcare: language model, projectors and vision encoder in one graph of fixed sizes, for training and scoring.
import { type Graph, input, type Tensor } from "../../graph/graph.ts";
import { concat } from "../../graph/ops/concat.ts";
import { crossEntropy } from "../../graph/ops/cross-entropy.ts";
import { embedding } from "../../graph/ops/embedding.ts";
import { linear } from "../../graph/ops/linear.ts";
import { mean } from "../../graph/ops/mean.ts";
import { multiply } from "../../graph/ops/multiply.ts";
import { rmsNorm } from "../../graph/ops/rms-norm.ts";
import { softplus } from "../../graph/ops/softplus.ts";
import { subtract } from "../../graph/ops/subtract.ts";
import type { LanguageConfig } from "../config/language-config.ts";
import type { VisionConfig } from "../config/vision-config.ts";
import { decoderHead, embeddingTable, flattenRows } from "../language/build-decoder.ts";
import { buildLanguageModel, LANGUAGE_INPUTS } from "../language/build-language-model.ts";
import { type Dense, fixedDense } from "../layers/dense.ts";
import type { ModelWeights } from "../layers/model-weights.ts";
import { encodePatches, patchesPerSide } from "../vision/build-vision-encoder.ts";
import { type HeartcareConfig, tilesPerImage } from "./heartcare-config.ts";
import { projectImage, projectSignal, SCALE_INPUTS_PER_LEAD } from "./project-features.ts";

/** Names of the inputs beside those of the language model. */
export const HEARTCARE_INPUTS = {
  /** (batch * tokens) int64: a token's id, or vocabulary size + which feature row stands there. */
  sources: "sources",
  /** (segments, queries, dimension). */
  vectors: "signalVectors",
  /** (segments, 2 leads). */
  scales: "signalScales",
  /** (images * tiles, patches, patch values). */
  patches: "imagePatches",
  /** (targets): how much each counts. */
  targetWeights: "targetWeights",
  /** (batch * tokens, 1): 0 where a vector is dropped out, else 1. */
  keep: "keptVectors",
  /** (places) int64: rows of hidden states that auxiliary labels are read from. */
  auxiliaryRows: "auxiliaryRows",
  /** (places, labels): 1 present, 0 absent. */
  auxiliaryTargets: "auxiliaryTargets",
  /** (places, labels): 0 where nothing is known, else a weight; the mean of all should be 1. */
  auxiliaryMask: "auxiliaryMask",
} as const;

export type HeartcareParts = {
  readonly language: LanguageConfig;
  readonly vision: VisionConfig | undefined;
  readonly heartcare: HeartcareConfig;
};

export type HeartcareGraphOptions = {
  readonly batch: number;
  readonly tokens: number;
  /** Room for so many segments and pictures in a batch; 0 leaves the path out. */
  readonly segments: number;
  readonly images: number;
  readonly isFrozen?: (name: string) => boolean;
  readonly wrapDense?: (dense: Dense, weights: ModelWeights) => Dense;
  /** Declare {@link HEARTCARE_INPUTS.keep}: whole vectors are dropped from the prompt, a regulariser. */
  readonly dropVectors?: boolean;
};

/** Labels that are read off hidden states beside the text, in training only. */
export type AuxiliarySizes = { readonly places: number; readonly labels: number };

/** True for parameters that a finished model does without. */
export function isAuxiliaryName(name: string): boolean {
  return name.startsWith("auxiliary.");
}

/** After how many layers auxiliary labels are read: three fifths. */
export function auxiliaryLayer({ layerCount }: Pick<LanguageConfig, "layerCount">): number {
  return Math.max(1, Math.round(0.6 * layerCount));
}

export type HeartcareGraph = {
  /** (targets, vocabulary) at the rows of input `targetRows`. */
  targetLogits(targets: number): Tensor;
  /** Weighted mean cross entropy at `targetRows` against `targetIds`. */
  loss(targets: number): Tensor;
  /**
   * (places, labels): auxiliary labels, read linearly off the hidden states after three fifths of the layers: what
   * the recording shows is then there for the layers above, in which questions look it up.
   */
  auxiliaryLogits(sizes: AuxiliarySizes): Tensor;
};

/** Declare the whole model; feature rows are numbered segments first, then tiles. */
export function buildHeartcare(
  graph: Graph,
  parts: HeartcareParts,
  options: HeartcareGraphOptions,
): HeartcareGraph {
  const { language } = parts;
  const model = buildLanguageModel(graph, language, {
    ...options,
    mapEmbeddings: (_embeddings, weights) => placeFeatures(graph, weights, parts, options),
  });
  const dense = options.wrapDense?.(fixedDense(model.weights), model.weights) ?? fixedDense(model.weights);
  const logitsAt = (targets: number): Tensor => {
    const rows = input(graph, LANGUAGE_INPUTS.targetRows, [targets], { dtype: "int64" });
    const head = { config: language, weights: model.weights, dense };
    return decoderHead(embedding(flattenRows(model.normalised), rows), head);
  };
  return {
    targetLogits: logitsAt,
    loss: (targets) => {
      const logits = logitsAt(targets);
      const labels = input(graph, LANGUAGE_INPUTS.targetIds, [targets], { dtype: "int64" });
      const weights = input(graph, HEARTCARE_INPUTS.targetWeights, [targets]);
      return crossEntropy(logits, labels, { weights });
    },
    auxiliaryLogits: (sizes) => {
      const layer = auxiliaryLayer(language);
      const hidden = model.layerInputs[layer] ?? model.hidden;
      return auxiliaryLogits(graph, flattenRows(hidden), model.weights, sizes);
    },
  };
}

/** Binary cross entropy of auxiliary labels over what the mask says is known. */
export function auxiliaryLoss(graph: Graph, logits: Tensor): Tensor {
  const targets = input(graph, HEARTCARE_INPUTS.auxiliaryTargets, logits.shape);
  const mask = input(graph, HEARTCARE_INPUTS.auxiliaryMask, logits.shape);
  return mean(multiply(mask, subtract(softplus(logits), multiply(logits, targets))));
}

function auxiliaryLogits(
  graph: Graph,
  hidden: Tensor,
  weights: ModelWeights,
  { places, labels }: AuxiliarySizes,
): Tensor {
  const size = hidden.shape[1]!;
  const rows = input(graph, HEARTCARE_INPUTS.auxiliaryRows, [places], { dtype: "int64" });
  const chosen = rmsNorm(embedding(hidden, rows), weights.vector("auxiliary.norm", size, 1));
  const matrix = weights.matrix("auxiliary.weight", [labels, size]);
  return linear(chosen, matrix, weights.vector("auxiliary.bias", labels, -2), { transposed: true });
}

/** Rows of the token table and of the features, looked up in one go. -> (batch, tokens, hidden). */
function placeFeatures(
  graph: Graph,
  weights: ModelWeights,
  parts: HeartcareParts,
  options: HeartcareGraphOptions,
): Tensor {
  const { batch, tokens } = options;
  const dense = fixedDense(weights);
  const tables = [embeddingTable({ config: parts.language, weights })];
  const signal = signalRows(graph, dense, parts, options.segments);
  const image = imageRows(graph, weights, parts, options.images);
  if (signal) tables.push(signal);
  if (image) tables.push(image);
  const sources = input(graph, HEARTCARE_INPUTS.sources, [batch, tokens], { dtype: "int64" });
  const placed = embedding(concat(tables, 0), sources);
  if (!options.dropVectors) return placed;
  return multiply(placed, input(graph, HEARTCARE_INPUTS.keep, [batch, tokens, 1]));
}

function signalRows(
  graph: Graph,
  dense: Dense,
  { language, heartcare }: HeartcareParts,
  segments: number,
): Tensor | undefined {
  if (segments === 0) return undefined;
  const { queryCount, dimension, leadCount, scaleToken } = heartcare.signal;
  const vectors = input(graph, HEARTCARE_INPUTS.vectors, [segments, queryCount, dimension]);
  const scales = scaleToken
    ? input(graph, HEARTCARE_INPUTS.scales, [segments, SCALE_INPUTS_PER_LEAD * leadCount])
    : undefined;
  return projectSignal(vectors, scales, { dense, hiddenSize: language.hiddenSize });
}

function imageRows(
  graph: Graph,
  weights: ModelWeights,
  { language, vision, heartcare }: HeartcareParts,
  images: number,
): Tensor | undefined {
  if (images === 0 || !vision) return undefined;
  const tiles = images * tilesPerImage(heartcare);
  const size = vision.channelCount * vision.patchSize ** 2;
  const patches = input(graph, HEARTCARE_INPUTS.patches, [tiles, patchesPerSide(vision) ** 2, size]);
  const dense = fixedDense(weights);
  const { pooled, features } = encodePatches(patches, { config: vision, weights, dense });
  const rows = pooled ?? features;
  return projectImage(rows, { dense, hiddenSize: language.hiddenSize });
}
