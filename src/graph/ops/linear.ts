// linear: x W + b over the last axis, as one matrix product of all rows.
import { emitOne, recordGradient, withoutRecording } from "../emit.ts";
import type { Tensor } from "../graph.ts";
import { elementCount, formatShape, shapeError } from "../shape.ts";
import { unbroadcast } from "../unbroadcast.ts";
import { reshape } from "./reshape.ts";

export type LinearOptions = {
  /** The weight is stored (outputs, inputs), as PyTorch and Hugging Face files do. */
  readonly transposed?: boolean;
};

/**
 * (…, inputs) -> (…, outputs) with weight (inputs, outputs), or (outputs, inputs) when `transposed`.
 * @throws EcgError SHAPE_MISMATCH when sizes do not fit.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, options: LinearOptions = {}): Tensor {
  const transposed = options.transposed ?? false;
  const [first, second] = weight.shape;
  const inputs = transposed ? second : first;
  const outputs = transposed ? first : second;
  if (weight.shape.length !== 2 || outputs === undefined || x.shape.at(-1) !== inputs) {
    const form = transposed ? "(outputs, inputs)" : "(inputs, outputs)";
    throw shapeError(
      "linear",
      `(…, inputs) and a weight ${form}`,
      `${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
    );
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw shapeError("linear", `a bias (${outputs})`, formatShape(bias.shape));
  }
  const rows = elementCount(x.shape.slice(0, -1));
  const outputShape = [...x.shape.slice(0, -1), outputs];
  const flatShape = [rows, x.shape.at(-1)!];
  const x2 = withoutRecording(x.graph, () => reshape(x, flatShape));
  const product = gemm(bias ? [x2, weight, bias] : [x2, weight], [rows, outputs], { transposeB: transposed });
  const output = withoutRecording(x.graph, () => reshape(product, outputShape));
  return recordGradient(output, bias ? [x, weight, bias] : [x, weight], (gradient) => {
    const g2 = reshape(gradient, [rows, outputs]);
    const weightGradient = transposed
      ? gemm([g2, x2], weight.shape, { transposeA: true })
      : gemm([x2, g2], weight.shape, { transposeA: true });
    const gradients = [
      reshape(gemm([g2, weight], flatShape, { transposeB: !transposed }), x.shape),
      weightGradient,
    ];
    return bias ? [...gradients, unbroadcast(g2, bias)] : gradients;
  });
}

type GemmFlags = { readonly transposeA?: boolean; readonly transposeB?: boolean };

function gemm(inputs: readonly Tensor[], shape: readonly number[], flags: GemmFlags): Tensor {
  const attributes = {
    transA: { int: Number(flags.transposeA ?? false) },
    transB: { int: Number(flags.transposeB ?? false) },
  };
  return emitOne("Gemm", inputs, { shape }, { attributes });
}
