// Dual-level vector quantisation: the nearest core code, then the nearest residual code for what is left.
import { constant } from "../graph/constant.ts";
import { type Graph, parameter, state, type Tensor, updateState } from "../graph/graph.ts";
import { normalInit } from "../graph/initialize.ts";
import { add } from "../graph/ops/add.ts";
import { argMin } from "../graph/ops/arg-min.ts";
import { divide } from "../graph/ops/divide.ts";
import { embedding } from "../graph/ops/embedding.ts";
import { expand } from "../graph/ops/expand.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { meanSquaredError } from "../graph/ops/mean-squared-error.ts";
import { multiply } from "../graph/ops/multiply.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { segmentSum } from "../graph/ops/segment-sum.ts";
import { square } from "../graph/ops/square.ts";
import { stopGradient } from "../graph/ops/stop-gradient.ts";
import { subtract } from "../graph/ops/subtract.ts";
import { sum } from "../graph/ops/sum.ts";
import type { BeatConfig } from "./beat-config.ts";

export const CODEBOOK_NAMES = ["core", "residual"] as const;
export type CodebookName = (typeof CODEBOOK_NAMES)[number];

export type Quantised = {
  /** Sum of the chosen codes, (rows, dimension). No gradient of its own: the caller passes it straight through. */
  readonly vectors: Tensor;
  /** Code of each row by level, (rows) int64. */
  readonly indices: readonly Tensor[];
  /** Sum over levels of (codebook + commitment * commitment term), means over elements: a scalar. */
  readonly loss: Tensor;
};

/** Names of the tensors of one codebook. */
export function codebookTensorNames(name: CodebookName): { codes: string; counts: string; sums: string } {
  return { codes: `codebook.${name}`, counts: `codebook.${name}.counts`, sums: `codebook.${name}.sums` };
}

/**
 * Quantise rows (rows, dimension). With EMA codebooks the codes are states that follow running means of the rows
 * that chose them (van den Oord et al. 2017, appendix A.1); with gradient codebooks they are parameters.
 *
 * Source: residual quantisation as in golden models/vq-dual.
 */
export function quantise(rows: Tensor, config: BeatConfig): Quantised {
  let left = rows;
  let vectors: Tensor | undefined;
  let loss: Tensor | undefined;
  const indices: Tensor[] = [];
  for (const name of CODEBOOK_NAMES.slice(0, config.codebookLevels)) {
    const codes = codebook(rows.graph, name, config);
    const index = nearestCode(left, codes);
    const chosen = embedding(codes, index);
    if (config.codebookUpdate === "ema") followRows(stopGradient(left), index, name, { codes, config });
    const commitment = meanSquaredError(left, stopGradient(chosen));
    const level = add(meanSquaredError(chosen, stopGradient(left)), multiply(commitment, config.commitment));
    loss = loss ? add(loss, level) : level;
    vectors = vectors ? add(vectors, stopGradient(chosen)) : stopGradient(chosen);
    left = subtract(left, stopGradient(chosen));
    indices.push(index);
  }
  return { vectors: vectors as Tensor, indices, loss: loss as Tensor };
}

/** The codes of a level as a tensor (codebookSize, dimension): a state or a parameter. */
export function codebook(graph: Graph, name: CodebookName, config: BeatConfig): Tensor {
  const shape = [config.codebookSize, config.dimension];
  const tensorName = codebookTensorNames(name).codes;
  if (config.codebookUpdate === "ema") return state(graph, tensorName, shape, 0);
  return parameter(graph, tensorName, shape, { initialize: normalInit(0.5), decay: false });
}

/** (rows, dimension) and (codes, dimension) -> (rows) int64, the code at the smallest squared distance. */
function nearestCode(rows: Tensor, codes: Tensor): Tensor {
  const fixed = stopGradient(codes);
  const norms = sum(square(fixed), { axes: [1] }); // (codes)
  const products = matmul(stopGradient(rows), fixed, { transposeB: true, scale: 2 }); // (rows, codes)
  return argMin(subtract(norms, products));
}

type Follow = { readonly codes: Tensor; readonly config: BeatConfig };

/** counts <- decay counts + (1 - decay) n; sums likewise; a code is sums / counts (Laplace-smoothed). */
function followRows(rows: Tensor, index: Tensor, name: CodebookName, { codes, config }: Follow): void {
  const { graph } = rows;
  const { codebookSize, dimension, emaDecay } = config;
  const names = codebookTensorNames(name);
  const counts = state(graph, names.counts, [codebookSize], 1);
  const sums = state(graph, names.sums, [codebookSize, dimension], 0);
  const ones = expand(constant(graph, 1), [rows.shape[0] ?? 0, 1]);
  const newCounts = reshape(segmentSum(ones, index, codebookSize), [codebookSize]);
  const newSums = segmentSum(rows, index, codebookSize);
  const mix = (old: Tensor, fresh: Tensor): Tensor =>
    add(multiply(old, emaDecay), multiply(fresh, 1 - emaDecay));
  const nextCounts = mix(counts, newCounts);
  const nextSums = mix(sums, newSums);
  updateState(counts, nextCounts);
  updateState(sums, nextSums);
  // A code that nobody chose for long keeps its place instead of running to 0 / 0.
  const smoothed = add(nextCounts, 1e-5);
  updateState(codes, divide(add(nextSums, multiply(codes, 1e-5)), reshape(smoothed, [codebookSize, 1])));
}
