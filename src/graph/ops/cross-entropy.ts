// crossEntropy: how surprised a distribution over classes is by the labels.
import { asOperand, constant, int64Vector } from "../constant.ts";
import { emitOne, recordGradient, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { formatShape, sameShape, shapeError } from "../shape.ts";
import { cast } from "./cast.ts";
import { equal, logicalNot } from "./compare.ts";
import { divide } from "./divide.ts";
import { exp } from "./exp.ts";
import { logSoftmax } from "./log-softmax.ts";
import { maximum } from "./maximum.ts";
import { multiply } from "./multiply.ts";
import { negate } from "./negate.ts";
import { reshape } from "./reshape.ts";
import { stopGradient } from "./stop-gradient.ts";
import { sum } from "./sum.ts";
import { where } from "./where.ts";

export type CrossEntropyOptions = {
  /** Rows with this label do not count. Default -100, as in PyTorch. */
  readonly ignoreIndex?: number;
  /** (rows): how much each row counts in the mean; gets no gradient. Default 1. */
  readonly weights?: Tensor;
};

/**
 * logits (rows, classes), labels (rows) int64 -> -log softmax(logits)[label] of each row, 0 where ignored.
 * @throws EcgError SHAPE_MISMATCH when the sizes differ or labels are not int64.
 */
export function rowCrossEntropy(logits: Tensor, labels: Tensor, ignoreIndex = -100): Tensor {
  const [rows, classes] = logits.shape;
  if (logits.shape.length !== 2 || labels.dtype !== "int64" || !sameShape(labels.shape, [rows!])) {
    throw shapeError(
      "crossEntropy",
      "logits (rows, classes) and int64 labels (rows)",
      `${formatShape(logits.shape)} and ${labels.dtype} ${formatShape(labels.shape)}`,
    );
  }
  const { graph } = logits;
  const column = [rows!, 1];
  const parts = withoutRecording(graph, () => {
    const counts = logicalNot(equal(labels, ignoreIndex));
    const chosen = emitOne("Reshape", [where(counts, labels, 0), int64Vector(graph, column)], {
      shape: column,
    });
    const logShare = logSoftmax(logits);
    const picked = emitOne(
      "GatherElements",
      [logShare, chosen],
      { shape: column },
      { attributes: { axis: { int: 1 } } },
    );
    const mask = cast(counts, logits.dtype);
    return { chosen, logShare, mask, output: negate(multiply(reshape(picked, [rows!]), mask)) };
  });
  return recordGradient(parts.output, [logits], (gradient) => {
    const minusOnes = emitOne("Expand", [constant(graph, -1, [], logits.dtype), int64Vector(graph, column)], {
      shape: column,
    });
    const difference = emitOne(
      "ScatterElements",
      [exp(parts.logShare), parts.chosen, minusOnes],
      { shape: [rows!, classes!] },
      { attributes: { axis: { int: 1 }, reduction: { string: "add" } } },
    );
    return [multiply(difference, reshape(multiply(gradient, parts.mask), column))];
  });
}

/**
 * The (weighted) mean of {@link rowCrossEntropy} over rows that count; 0 with gradient 0 when none does.
 * @throws EcgError SHAPE_MISMATCH as there, and when weights are not (rows).
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { ignoreIndex = -100, weights } = options;
  const losses = rowCrossEntropy(logits, labels, ignoreIndex);
  if (weights && !sameShape(weights.shape, labels.shape)) {
    throw shapeError("crossEntropy", `weights ${formatShape(labels.shape)}`, formatShape(weights.shape));
  }
  const counts = cast(logicalNot(equal(labels, ignoreIndex)), logits.dtype);
  const share = weights ? multiply(stopGradient(weights), counts) : counts;
  const total = stopGradient(maximum(sum(share), asOperand(1e-12, share)));
  return divide(sum(multiply(losses, share)), total);
}
